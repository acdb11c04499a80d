"""Which column of an imported file said what.

Revision ID: 0038
Revises: 0037
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_FORGET = """
    CREATE OR REPLACE FUNCTION forget_imports(older_than timestamptz, max_rows integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DECLARE forgotten integer;
    BEGIN
      WITH old AS (
        UPDATE imports i SET forgotten_at = now(){} WHERE (i.tenant_id, i.id) IN (
          SELECT o.tenant_id, o.id FROM imports o
          WHERE o.created_at < older_than AND o.forgotten_at IS NULL ORDER BY o.created_at LIMIT max_rows)
        RETURNING i.tenant_id, i.id
      ), blank AS (
        UPDATE import_rows r
        SET telegram_id = NULL, username = NULL, name = '', note = '', tag = '', claim_token = NULL
        FROM old WHERE r.tenant_id = old.tenant_id AND r.import_id = old.id
      )
      SELECT count(*) INTO forgotten FROM old;
      RETURN forgotten;
    END $$
"""


def upgrade() -> None:
    op.add_column("imports", sa.Column("columns", JSONB(), nullable=True))
    op.execute("GRANT UPDATE (columns) ON imports TO lumenpay_dispatch")
    # A file read without headings by mistake has a person's name for one: it goes with the rest of its people.
    replace(_FORGET.format(", columns = NULL"))


def downgrade() -> None:
    replace(_FORGET.format(""))
    op.drop_column("imports", "columns")


def replace(function: str) -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute("GRANT CREATE ON SCHEMA public TO lumenpay_dispatch")
    op.execute(function)
    op.execute("REVOKE CREATE ON SCHEMA public FROM lumenpay_dispatch")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
