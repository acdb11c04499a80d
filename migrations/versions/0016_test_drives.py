"""Test drives: tenants of their own that nobody sees, in a range of ids of their own, and the way to remove them.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import FIRST_DRIVE_TENANT, READ_WRITE, give_to_dispatch, let_dispatch, protect

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FUNCTIONS = ("due_test_drives(timestamptz, integer)", "count_test_drives()", "remove_test_drive(uuid)")


def change_staff_policies(condition: str) -> None:
    """Set what staff see of every walled table; `%1$I` stands for the column that names the tenant."""
    quoted = condition.replace("'", "''")
    op.execute(
        f"""
        DO $$ DECLARE wall record; BEGIN
          FOR wall IN
            SELECT tablename FROM pg_policies WHERE policyname = 'staff_reading' AND schemaname = 'public'
          LOOP
            EXECUTE format('ALTER POLICY staff_reading ON %2$I USING ({quoted})',
                           CASE wall.tablename WHEN 'tenants' THEN 'id' ELSE 'tenant_id' END, wall.tablename);
          END LOOP;
        END $$
        """
    )


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("tenants", sa.Column("test_drive_of", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_tenants_test_drive_of", "tenants", "tenants", ["test_drive_of"], ["id"], ondelete="CASCADE"
    )
    op.create_check_constraint(
        op.f("ck_tenants_test_drive_range"), "tenants", f"(test_drive_of IS NOT NULL) = (id >= {FIRST_DRIVE_TENANT})"
    )
    op.create_index(
        "ix_tenants_test_drive_of", "tenants", ["test_drive_of"], postgresql_where=sa.text("test_drive_of IS NOT NULL")
    )
    op.create_table(
        "test_drives",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("bot_id", "admin_id", "drive_tenant_id")),
        sa.Column("locale", sa.String(8), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("telegram_bot_id", "telegram_user_id", "telegram_owner_id")
        ),
        sa.Column("shop_id", sa.String(64), server_default="", nullable=False),
        sa.Column("actions_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("end_reason", sa.String(16), nullable=True),
        *(sa.Column(name, moment, nullable=False) for name in ("ends_at", "next_step_at", "created_at")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_test_drives_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "bot_id"], ["bots.tenant_id", "bots.id"], name=op.f("fk_test_drives_tenant_id_bot_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_test_drives")),
    )
    op.create_index(
        "uq_test_drives_running", "test_drives", ["tenant_id", "admin_id"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_test_drives_next_step_at", "test_drives", ["next_step_at"])
    protect("test_drives", grants=READ_WRITE)
    let_dispatch("test_drives", grants="SELECT (tenant_id, id, next_step_at)")
    change_staff_policies(f"%1$I < {FIRST_DRIVE_TENANT}")
    make_functions()


def make_functions() -> None:
    # What may be deleted is said by the wall itself, whatever a function would say.
    op.execute(
        "CREATE POLICY removing_test_drives ON tenants TO lumenpay_dispatch "
        f"USING (id >= {FIRST_DRIVE_TENANT}) WITH CHECK (false)"
    )
    op.execute("GRANT DELETE ON tenants TO lumenpay_dispatch")
    op.execute(
        """
        CREATE FUNCTION due_test_drives(now_at timestamptz, max_rows integer) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT d.tenant_id, d.id FROM test_drives d
          WHERE d.next_step_at <= now_at ORDER BY d.next_step_at LIMIT max_rows
        $$
        """
    )
    op.execute(
        f"""
        CREATE FUNCTION count_test_drives() RETURNS integer
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT count(*)::integer FROM tenants t WHERE t.id >= {FIRST_DRIVE_TENANT}
        $$
        """
    )
    op.execute(
        f"""
        CREATE FUNCTION remove_test_drive(drive uuid) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        BEGIN
          DELETE FROM tenants t WHERE t.id = drive AND t.id >= {FIRST_DRIVE_TENANT};
          RETURN FOUND;
        END $$
        """
    )
    give_to_dispatch(*FUNCTIONS)


def downgrade() -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    # The owner of the table stands behind its wall too.
    op.execute("ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY")
    op.execute(f"DELETE FROM tenants WHERE id >= {FIRST_DRIVE_TENANT}")
    op.execute("ALTER TABLE tenants FORCE ROW LEVEL SECURITY")
    op.execute("DROP POLICY removing_test_drives ON tenants")
    op.execute("REVOKE DELETE ON tenants FROM lumenpay_dispatch")
    change_staff_policies("true")
    op.drop_table("test_drives")
    op.drop_index("ix_tenants_test_drive_of", "tenants")
    op.drop_constraint(op.f("ck_tenants_test_drive_range"), "tenants")
    op.drop_constraint("fk_tenants_test_drive_of", "tenants")
    op.drop_column("tenants", "test_drive_of")
