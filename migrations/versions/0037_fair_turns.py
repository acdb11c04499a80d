"""Whatever is due is named fairly over tenants, as ends are since 0032.

Revision ID: 0037
Revises: 0036
"""

from __future__ import annotations

from migrations.fairness import DueRows, name_fairly, name_oldest_first
from migrations.walls import FIRST_DRIVE_TENANT

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

NO_DRIVE = f"t.tenant_id < {FIRST_DRIVE_TENANT}"
ENDS = DueRows(
    "due_expiries", "subscriptions", "access_ends_at", where="t.status = 'active' AND t.access_ends_at IS NOT NULL"
)
DUE = (
    DueRows(
        "due_reminders", "subscriptions", "next_reminder_at",
        where="t.status = 'active' AND t.next_reminder_at IS NOT NULL",
    ),
    DueRows(
        "due_autopays", "autopays", "next_step_at", id="subscription_id",
        where="t.status = 'on' AND t.next_step_at IS NOT NULL",
    ),
    DueRows(
        "due_pauses", "subscription_pauses", "next_step_at", id="subscription_id",
        where="t.ended_at IS NULL AND t.next_step_at IS NOT NULL",
    ),
    DueRows("due_win_backs", "win_backs", "next_step_at", where="t.next_step_at IS NOT NULL"),
    DueRows("due_gifts", "gifts", "next_step_at", where="t.status = 'waiting' AND t.next_step_at IS NOT NULL"),
    DueRows("due_payment_checks", "payments", "next_check_at", where="t.next_check_at IS NOT NULL"),
    DueRows("due_refund_checks", "refunds", "next_check_at", where="t.next_check_at IS NOT NULL"),
    DueRows("due_fiscal_receipts", "fiscal_receipts", "next_step_at", where="t.next_step_at IS NOT NULL"),
    DueRows("due_channel_checks", "channels", "next_check_at"),
    DueRows("due_sweeps", "channels", "next_sweep_at", where=f"t.status <> 'bot_removed' AND {NO_DRIVE}"),
    DueRows("due_reconciliations", "bots", "reconcile_at", where=f"t.shop_status = 'active' AND {NO_DRIVE}"),
    DueRows(
        "due_refund_sweeps", "bots", "refunds_swept_at", where="t.shop_status = 'active' AND t.status <> 'deleted'",
        argument="before_at",
    ),
)  # fmt: skip


def upgrade() -> None:
    for due in (ENDS, *DUE):
        name_fairly(due)


def downgrade() -> None:
    for due in DUE:
        name_oldest_first(due)
