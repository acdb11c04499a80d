"""Old notices and quarantined updates can be removed, and a periodic run can go on where the last one stopped.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import give_to_dispatch

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEX = "ix_payment_notices_received_at"
SIGNATURE = "purge_settled(timestamptz, integer)"


def upgrade() -> None:
    # First, so that an attempt that was cut off leaves nothing behind that the next one stumbles over.
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, table_name="payment_notices", if_exists=True, postgresql_concurrently=True)
        op.create_index(INDEX, "payment_notices", ["received_at"], postgresql_concurrently=True)
    op.add_column("scheduled_ticks", sa.Column("position", sa.Uuid(), nullable=True))
    op.execute("GRANT DELETE ON payment_notices TO lumenpay_dispatch")
    op.execute(
        """
        CREATE FUNCTION purge_settled(older_than timestamptz, max_rows integer) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE updates_gone integer; notices_gone integer;
        BEGIN
          DELETE FROM telegram_updates u WHERE (u.tenant_id, u.bot_id, u.update_id) IN (
            SELECT o.tenant_id, o.bot_id, o.update_id FROM telegram_updates o
            WHERE o.status = 'quarantined' AND o.received_at < older_than ORDER BY o.received_at LIMIT max_rows);
          GET DIAGNOSTICS updates_gone = ROW_COUNT;
          DELETE FROM payment_notices n WHERE (n.tenant_id, n.id) IN (
            SELECT o.tenant_id, o.id FROM payment_notices o
            WHERE o.status <> 'new' AND o.received_at < older_than ORDER BY o.received_at LIMIT max_rows);
          GET DIAGNOSTICS notices_gone = ROW_COUNT;
          RETURN updates_gone + notices_gone;
        END $$
        """
    )
    give_to_dispatch(SIGNATURE)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute("REVOKE DELETE ON payment_notices FROM lumenpay_dispatch")
    op.drop_column("scheduled_ticks", "position")
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, table_name="payment_notices", if_exists=True, postgresql_concurrently=True)
