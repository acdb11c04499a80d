"""Gifts: orders that somebody else takes by a link, and what must be true of them.

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from migrations.walls import READ_WRITE, give_to_dispatch, let_dispatch, protect

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
MOMENT = sa.DateTime(timezone=True)
WITHIN = {
    "bot_id": "bots", "plan_id": "plans", "payment_id": "payments", "claim_payment_id": "payments",
    "giver_id": "users", "receiver_id": "users",
}  # fmt: skip
CHECKS = {
    "claimed_by_somebody": "status <> 'claimed' OR (receiver_id IS NOT NULL AND claim_payment_id IS NOT NULL)",
}
DUE = "due_gifts(timestamptz, integer)"
REPLACED = "invariant_paid_without_grant"


def upgrade() -> None:
    for table, name in (("plans", "is_giftable"), ("payments", "is_gift")):
        op.add_column(table, sa.Column(name, sa.Boolean(), server_default="false", nullable=False))
    make_gifts()
    make_links()
    op.execute(
        """
        CREATE FUNCTION due_gifts(now_at timestamptz, max_rows integer) RETURNS TABLE (tenant_id uuid, id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
          SELECT g.tenant_id, g.id FROM gifts g
          WHERE g.status = 'waiting' AND g.next_step_at IS NOT NULL AND g.next_step_at <= now_at
          ORDER BY g.next_step_at LIMIT max_rows
        $$
        """
    )
    give_to_dispatch(DUE)
    op.execute("GRANT SELECT (is_gift, refunded_minor) ON payments TO lumenpay_dispatch")
    make_checks(read_checks("0030_invariants.sql"))


def make_gifts() -> None:
    op.create_table(
        "gifts",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "id", "bot_id", "plan_id")),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("payment_id", "giver_id")),
        sa.Column("status", sa.String(16), server_default="waiting", nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("next_step_at", MOMENT, nullable=True),
        sa.Column("reminders_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ("receiver_id", "claim_payment_id")),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("claimed_at", "closed_at")),
        sa.Column("created_at", MOMENT, nullable=False),
        *(sa.CheckConstraint(condition, name=op.f(f"ck_gifts_{name}")) for name, condition in CHECKS.items()),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_gifts_tenant_id"), ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], name=op.f(f"fk_gifts_tenant_id_{column}")
            )
            for column, table in WITHIN.items()
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_gifts")),
        *(
            sa.UniqueConstraint("tenant_id", column, name=op.f(f"uq_gifts_tenant_id_{column}"))
            for column in ("payment_id", "claim_payment_id")
        ),
    )
    op.create_index(
        "ix_gifts_due", "gifts", ["next_step_at"],
        postgresql_where=sa.text("status = 'waiting' AND next_step_at IS NOT NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_gifts_waiting", "gifts", ["tenant_id", "plan_id"], postgresql_where=sa.text("status = 'waiting'")
    )  # fmt: skip
    op.create_index("ix_gifts_tenant_id_created_at", "gifts", ["tenant_id", "created_at"])
    op.create_index("ix_gifts_tenant_id_giver_id", "gifts", ["tenant_id", "giver_id"])
    op.create_index(
        "ix_gifts_tenant_id_receiver_id", "gifts", ["tenant_id", "receiver_id"],
        postgresql_where=sa.text("receiver_id IS NOT NULL"),
    )  # fmt: skip
    protect("gifts", grants="SELECT, INSERT, UPDATE")
    let_dispatch(
        "gifts",
        grants="SELECT (tenant_id, id, status, payment_id, claim_payment_id, receiver_id, next_step_at)",
    )  # fmt: skip


def make_links() -> None:
    op.create_table(
        "gift_links",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("gift_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_gift_links_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "gift_id"], ["gifts.tenant_id", "gifts.id"],
            name=op.f("fk_gift_links_tenant_id_gift_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "token_hash", name=op.f("pk_gift_links")),
    )  # fmt: skip
    op.create_index("ix_gift_links_tenant_id_gift_id", "gift_links", ["tenant_id", "gift_id"])
    protect("gift_links", grants=READ_WRITE, hidden=frozenset({"token_hash"}))


def make_checks(checks: dict[str, str]) -> None:
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    op.execute("GRANT CREATE ON SCHEMA public TO lumenpay_dispatch")
    for name, statement in checks.items():
        op.execute(statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1).replace(":", "\\:"))
        op.execute(f"REVOKE ALL ON FUNCTION {name}(timestamptz, integer) FROM PUBLIC")
        op.execute(f"ALTER FUNCTION {name}(timestamptz, integer) OWNER TO lumenpay_dispatch")
    op.execute("REVOKE CREATE ON SCHEMA public FROM lumenpay_dispatch")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")


def read_checks(file: str) -> dict[str, str]:
    """Return the functions of the checks by name."""
    script = (SQL / file).read_text(encoding="utf-8")
    found = re.finditer(r"^CREATE FUNCTION (\w+).*?^\$\$(?=;$)", script, re.MULTILINE | re.DOTALL)
    return {match[1]: match[0] for match in found}


def downgrade() -> None:
    make_checks({REPLACED: read_checks("0022_invariants.sql")[REPLACED]})
    op.execute("GRANT lumenpay_dispatch TO CURRENT_USER")
    for name in read_checks("0030_invariants.sql"):
        if name != REPLACED:
            op.execute(f"DROP FUNCTION {name}(timestamptz, integer)")
    op.execute(f"DROP FUNCTION {DUE}")
    op.execute("REVOKE lumenpay_dispatch FROM CURRENT_USER")
    op.execute("REVOKE SELECT (refunded_minor) ON payments FROM lumenpay_dispatch")
    op.drop_table("gift_links")
    op.drop_table("gifts")
    for table, name in (("payments", "is_gift"), ("plans", "is_giftable")):
        op.drop_column(table, name)
