"""What still renews of a bot, why a shop sells nothing and who knows of it, and when refused keys are tried again.

Revision ID: 0060
Revises: 0059
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.fairness import DueRows, name_fairly
from migrations.walls import give_to_dispatch

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

RUNNING = "ix_autopays_running"
CHECKED = "ix_bots_shop_checked_at"
READ = "SELECT (shop_checked_at, shop_fault)"
REFUSED = DueRows(
    "due_shop_checks", "bots", "shop_checked_at",
    where="t.shop_status = 'rejected' AND t.status <> 'deleted' AND t.shop_fault <> 'payments_forbidden'",
    argument="before_at",
)  # fmt: skip


def upgrade() -> None:
    for name in ("shop_fault", "shop_told_fault"):
        op.add_column("bots", sa.Column(name, sa.String(64), server_default="", nullable=False))
    op.execute("GRANT SELECT (shop_fault, shop_told_fault) ON bots TO lumenpay_staff")
    op.execute(f"GRANT {READ} ON bots TO lumenpay_dispatch")
    op.create_index(CHECKED, "bots", ["shop_checked_at"], postgresql_where=sa.text("shop_status = 'rejected'"))
    op.create_index(RUNNING, "autopays", ["tenant_id", "bot_id"], postgresql_where=sa.text("status = 'on'"))
    name_fairly(REFUSED)
    give_to_dispatch(f"{REFUSED.function}(timestamptz, integer)")


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(f"DROP FUNCTION {REFUSED.function}(timestamptz, integer)")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.drop_index(RUNNING, table_name="autopays")
    op.drop_index(CHECKED, table_name="bots")
    op.execute(f"REVOKE {READ} ON bots FROM lumenpay_dispatch")
    op.drop_column("bots", "shop_told_fault")
    op.drop_column("bots", "shop_fault")
