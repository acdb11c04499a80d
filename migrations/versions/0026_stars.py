"""Prices in Telegram Stars, and room for Telegram's ids of charges.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

WIDENED = (("payments", "provider_payment_id"), ("refunds", "provider_refund_id"), ("autopays", "method_ref"))


def upgrade() -> None:
    op.add_column("plans", sa.Column("stars", sa.Integer(), nullable=True))
    op.create_check_constraint(op.f("ck_plans_stars_positive"), "plans", "stars > 0")
    for table, column in WIDENED:
        # Longer text is a change of the catalogue alone: no row is written, no index built.
        op.alter_column(table, column, type_=sa.String(255), existing_type=sa.String(64))


def downgrade() -> None:
    for table, column in reversed(WIDENED):
        # Refused while a longer id is stored: cut short, it would name no charge.
        op.alter_column(table, column, type_=sa.String(64), existing_type=sa.String(255))
    op.drop_constraint(op.f("ck_plans_stars_positive"), "plans", type_="check")
    op.drop_column("plans", "stars")
