"""Dispatch functions, the giving back of an inbox lane, and the ledger's balance.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from migrations.walls import give_to_dispatch

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
DISPATCH = (
    "find_bot_route(bytea[])",
    "find_shop_route(bytea[])",
    "tenants_of_admin(uuid)",
    "ingest_updates(uuid[], uuid[], bigint[], smallint[], bytea[], timestamptz)",
    "ingest_notice(uuid, uuid, uuid, uuid, text, text, bytea, timestamptz)",
    "claim_inboxes(integer, uuid, integer, integer)",
    "claim_jobs(text, uuid, integer, integer, integer)",
    "due_expiries(timestamptz, integer)",
    "due_reminders(timestamptz, integer)",
    "due_payment_checks(timestamptz, integer)",
    "list_active_bots(uuid, integer)",
    "wake_forgotten_inboxes(timestamptz)",
    "purge_handled(timestamptz, integer)",
    "queue_figures()",
)


def upgrade() -> None:
    for name in ("0003_tables.sql", "0003_dispatch.sql"):
        for statement in split_statements((SQL / name).read_text(encoding="utf-8")):
            op.execute(statement)
    give_to_dispatch(*DISPATCH)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in DISPATCH:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute("DROP TRIGGER ledger_balance ON ledger_entries")
    op.execute("DROP FUNCTION check_ledger_balance()")
    op.execute("DROP FUNCTION release_inbox(uuid, integer, uuid, timestamptz)")


def split_statements(script: str) -> list[str]:
    """Cut a script where a statement ends: at a semicolon at the end of a line outside a $$ body."""
    statements: list[str] = []
    lines: list[str] = []
    is_in_body = False
    for line in script.splitlines():
        lines.append(line)
        is_in_body ^= line.count("$$") % 2 == 1
        if not is_in_body and line.rstrip().endswith(";"):
            statements.append("\n".join(lines).strip().rstrip(";").replace(":", "\\:"))
            lines = []
    return [statement for statement in statements if statement]
