"""What staff does not read: bodies of calls to gateways, in which payers' addresses stand.

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

from alembic import op

from migrations.walls import grant

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

WITH_BODIES = ("payments", "refunds")


def upgrade() -> None:
    for table in WITH_BODIES:
        op.execute(f"REVOKE SELECT ON {table} FROM lumenpay_staff")
        grant(table, grants="SELECT", hidden=frozenset({"request_body"}))


def downgrade() -> None:
    for table in WITH_BODIES:
        op.execute(f"REVOKE SELECT ON {table} FROM lumenpay_staff")
        op.execute(f"GRANT SELECT ON {table} TO lumenpay_staff")
