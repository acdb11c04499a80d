"""Extensions: days that many subscriptions get together.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import READ_WRITE, protect

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "extensions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("filters", postgresql.JSONB(), nullable=False),
        sa.Column("idempotence_key", sa.String(64), nullable=False),
        sa.Column("status", sa.String(32), server_default="queued", nullable=False),
        sa.Column("total_count", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in ("done_count", "passed_count")),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("finished_at", moment, nullable=True),
        sa.CheckConstraint("days > 0", name=op.f("ck_extensions_days_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_extensions_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_extensions")),
        sa.UniqueConstraint("tenant_id", "idempotence_key", name=op.f("uq_extensions_tenant_id_idempotence_key")),
    )
    op.create_index("ix_extensions_tenant_id_created_at", "extensions", ["tenant_id", "created_at"])
    op.create_index(
        "uq_extensions_unfinished", "extensions", ["tenant_id"], unique=True,
        postgresql_where=sa.text("status IN ('queued', 'running')"),
    )  # fmt: skip
    op.create_table(
        "extension_items",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "extension_id", "subscription_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_extension_items_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "extension_id"], ["extensions.tenant_id", "extensions.id"],
            name=op.f("fk_extension_items_tenant_id_extension_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "extension_id", "subscription_id", name=op.f("pk_extension_items")),
    )  # fmt: skip
    protect("extensions", grants=READ_WRITE)
    protect("extension_items", grants="SELECT, INSERT, DELETE")


def downgrade() -> None:
    op.drop_table("extension_items")
    op.drop_table("extensions")
