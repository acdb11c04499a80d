"""Imports: lists of subscribers from elsewhere, line by line.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import READ_WRITE, protect

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "imports",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "id", "bot_id", "plan_id")),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("file_name", sa.String(128), nullable=False),
        sa.Column("file_digest", sa.String(64), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("grace_ends_at", _MOMENT, nullable=True),
        sa.Column("idempotence_key", sa.String(64), nullable=False),
        sa.Column("status", sa.String(32), server_default="checked", nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("started_at", _MOMENT, nullable=True),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_imports_tenant_id"), ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{table}.tenant_id", f"{table}.id"],
                name=op.f(f"fk_imports_tenant_id_{column}"),
            )
            for column, table in (("bot_id", "bots"), ("plan_id", "plans"))
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_imports")),
        sa.UniqueConstraint("tenant_id", "idempotence_key", name=op.f("uq_imports_tenant_id_idempotence_key")),
    )
    op.create_index("ix_imports_tenant_id_created_at", "imports", ["tenant_id", "created_at"])
    op.create_table(
        "import_rows",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("tenant_id", "import_id")),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=True),
        sa.Column("username", sa.String(64), nullable=True),
        sa.Column("name", sa.String(128), server_default="", nullable=False),
        sa.Column("until_at", _MOMENT, nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("tag", sa.String(32), server_default="", nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("problem", sa.String(32), server_default="", nullable=False),
        sa.Column("is_done", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("claim_token", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_import_rows_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"], ["imports.tenant_id", "imports.id"],
            name=op.f("fk_import_rows_tenant_id_import_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"], ["users.tenant_id", "users.id"], name=op.f("fk_import_rows_tenant_id_user_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "import_id", "line", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("tenant_id", "claim_token", name=op.f("uq_import_rows_tenant_id_claim_token")),
    )  # fmt: skip
    op.create_index(
        "ix_import_rows_waiting", "import_rows", ["tenant_id", "import_id", "line"],
        postgresql_where=sa.text("NOT is_done"),
    )  # fmt: skip
    op.create_index(
        "ix_import_rows_claims", "import_rows", ["tenant_id", "username"],
        postgresql_where=sa.text("is_done AND outcome = 'claim'"),
    )  # fmt: skip
    protect("imports", grants=READ_WRITE)
    # A claim link is as good as the access that it gives: staff do not read it.
    protect("import_rows", grants=READ_WRITE, hidden=frozenset({"claim_token"}))


def downgrade() -> None:
    op.drop_table("import_rows")
    op.drop_table("imports")
