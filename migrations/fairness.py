"""How the functions that name due rows take them: the first of every tenant before the second of any.

Of thousands of rows that are due in one tenant, the first of every other one come as early as its own first.
"""

from __future__ import annotations

from dataclasses import dataclass

from alembic import op

LOOKED_AT_PER_ROW = 40
"""So many of the longest overdue rows are looked at for each that is wanted; who is behind all of them waits."""


@dataclass(frozen=True, slots=True)
class DueRows:
    """Rows of a table that a function names once their moment has come."""

    function: str
    table: str
    moment: str
    """The column with the moment, first in an index over the rows that `where` leaves."""
    where: str = ""
    """What else must be so of the row `t`; as in the condition of the index."""
    id: str = "id"
    argument: str = "now_at"
    """The function's first argument, as it was named when it was made."""

    @property
    def condition(self) -> str:
        """What is due, as SQL."""
        return f"{f'{self.where} AND ' if self.where else ''}t.{self.moment} <= {self.argument}"


def name_oldest_first(due: DueRows) -> None:
    """Let the function name the longest overdue rows, whoever has them."""
    _replace(
        due,
        f"""
        SELECT t.tenant_id, t.{due.id} FROM {due.table} t WHERE {due.condition}
        ORDER BY t.{due.moment} LIMIT max_rows
        """,
    )


def name_fairly(due: DueRows) -> None:
    """Let the function name the first due row of every tenant before the second of any, the longest overdue first.

    Its cost grows with what is due, up to `LOOKED_AT_PER_ROW` for each row that is wanted, never with what exists.
    """
    _replace(
        due,
        f"""
        SELECT due.tenant_id, due.id FROM (
          SELECT waiting.*, row_number() OVER (PARTITION BY waiting.tenant_id ORDER BY waiting.moment) AS turn
          FROM (
            SELECT t.tenant_id, t.{due.id} AS id, t.{due.moment} AS moment FROM {due.table} t WHERE {due.condition}
            ORDER BY t.{due.moment} LIMIT max_rows * {LOOKED_AT_PER_ROW}
          ) waiting
        ) due ORDER BY due.turn, due.moment LIMIT max_rows
        """,
    )


def _replace(due: DueRows, body: str) -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION {due.function}({due.argument} timestamptz, max_rows integer)
        RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$ {body} $$
        """
    )
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
