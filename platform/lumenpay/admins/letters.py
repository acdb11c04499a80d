"""Letters to people, written in the transaction that makes them necessary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.admins import Admin
from lumenpay.models.ids import AdminId
from lumenpay.models.letters import Letter


class LetterKind(StrEnum):
    """What a letter is about; each has a text in every language."""

    SIGN_UP = "sign_up"
    ALREADY_REGISTERED = "already_registered"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a name
    CHANGE_EMAIL = "change_email"
    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a name
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    RECOVERY_CODE_USED = "recovery_code_used"
    IDENTITY_LINKED = "identity_linked"
    INVITATION = "invitation"
    CHANNEL_LOST = "channel_lost"
    CHANNEL_BACK = "channel_back"
    SWEEP_BRAKED = "sweep_braked"
    BOT_UNWELL = "bot_unwell"
    BOT_WELL = "bot_well"
    SHOP_WELL = "shop_well"
    BOT_RENEWALS_LEFT = "bot_renewals_left"
    WEBHOOK_DISABLED = "webhook_disabled"
    PLATFORM_PAST_DUE = "platform_past_due"
    PLATFORM_PAST_DUE_AGAIN = "platform_past_due_again"
    PLATFORM_SALES_PAUSED = "platform_sales_paused"
    PLATFORM_SALES_RESUMED = "platform_sales_resumed"
    PLATFORM_REFUNDED = "platform_refunded"
    TENANT_CLOSING = "tenant_closing"
    TENANT_KEPT = "tenant_kept"
    TENANT_REMOVED = "tenant_removed"
    FORGETTING_SET = "forgetting_set"
    FORGETTING_BEGUN = "forgetting_begun"


def write_letter(
    session: AsyncSession, kind: LetterKind, *, address: str, locale: str, now: datetime,
    admin_id: AdminId | None = None, sign_up_id: UUID | None = None, details: Mapping[str, str] | None = None,
    run_at: datetime | None = None,
) -> None:  # fmt: skip
    """Have a letter sent once the transaction is committed.

    Args:
        details: What the text names, and as `path` where its link leads.
        run_at: Not before this moment.
    """
    session.add(
        Letter(
            id=new_uuid7(), kind=kind.value, address=address, locale=locale, admin_id=admin_id, sign_up_id=sign_up_id,
            details=dict(details or {}), run_at=run_at or now, created_at=now,
        )
    )  # fmt: skip


def tell(session: AsyncSession, admin: Admin, kind: LetterKind, *, now: datetime) -> None:
    """Have a person told what happened to the account, if we know where to write."""
    if admin.email:
        write_letter(session, kind, address=admin.email, locale=admin.locale, admin_id=AdminId(admin.id), now=now)
