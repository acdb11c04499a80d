"""Refunds of the platform's own invoices, and switches of features.

Revision ID: 0050
Revises: 0049
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.walls import READ_WRITE, grant, protect

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
REFUNDS, OWN, FOR_ALL = "platform_refunds", "tenant_features", "platform_features"


def upgrade() -> None:
    make_refunds()
    make_switches()


def make_refunds() -> None:
    op.create_table(
        REFUNDS,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stripe_invoice_id", sa.String(255), nullable=False),
        sa.Column("invoice_number", sa.String(64), nullable=False),
        sa.Column("stripe_payment_intent_id", sa.String(255), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("reason", sa.String(256), nullable=False),
        sa.Column("request_key", sa.String(48), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("stripe_refund_id", sa.String(255), nullable=True),
        sa.Column("stripe_status", sa.String(32), nullable=True),
        sa.Column("failure", sa.String(64), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f(f"ck_{REFUNDS}_amount_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f(f"fk_{REFUNDS}_tenant_id_tenants"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{REFUNDS}")),
        sa.UniqueConstraint("tenant_id", "request_key", name=op.f(f"uq_{REFUNDS}_tenant_id_request_key")),
    )
    protect(REFUNDS, grants=READ_WRITE)


def make_switches() -> None:
    op.create_table(
        OWN,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("feature", sa.String(32), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f(f"fk_{OWN}_tenant_id_tenants"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "feature", name=op.f(f"pk_{OWN}")),
    )
    protect(OWN, grants=READ_WRITE)
    op.create_table(
        FOR_ALL,
        sa.Column("feature", sa.String(32), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("feature", name=op.f(f"pk_{FOR_ALL}")),
    )
    grant(FOR_ALL, grants="SELECT, INSERT, UPDATE")


def downgrade() -> None:
    for table in (FOR_ALL, OWN, REFUNDS):
        op.drop_table(table)
