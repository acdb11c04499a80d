"""What the shop of a bot writes into receipts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from lumenpay.audit.service import Actor, record
from lumenpay.bots.repository import get_bot
from lumenpay.bots.service import request_webhook
from lumenpay.db.session import TenantSession
from lumenpay.db.versions import require_version, version_of_facts
from lumenpay.fiscal_receipts import repository
from lumenpay.models.fiscal_receipts import PaymentMode, PaymentSubject, ReceiptSettings
from lumenpay.models.ids import BotId


@dataclass(frozen=True, slots=True)
class ReceiptChoices:
    """Whether receipts are sent, and what stands in them where a plan says nothing else."""

    is_on: bool
    takes_phone: bool
    vat_code: int
    tax_system_code: int | None
    subject: PaymentSubject
    mode: PaymentMode


NONE_SENT = ReceiptChoices(
    is_on=False, takes_phone=False, vat_code=1, tax_system_code=None, subject=PaymentSubject.SERVICE,
    mode=PaymentMode.FULL_PAYMENT,
)  # fmt: skip
"""What holds until somebody says otherwise."""


async def get_choices(session: TenantSession, bot_id: UUID) -> ReceiptChoices:
    """Return what holds for the shop of a bot.

    Raises:
        BotNotFoundError: Unknown to this tenant.
    """
    await get_bot(session, bot_id)
    row = await repository.find_settings(session, bot_id)
    return NONE_SENT if row is None else _read(row)


def version_of_choices(choices: ReceiptChoices) -> str:
    """Return the version of what people choose."""
    return version_of_facts(asdict(choices))


async def change_choices(
    session: TenantSession, bot_id: UUID, *, choices: ReceiptChoices, version: str | None = None, actor: Actor,
    now: datetime,
) -> ReceiptChoices:  # fmt: skip
    """Store what holds from now on; orders that are open keep what they were made with.

    Args:
        version: Change only what still has this version.

    Raises:
        BotNotFoundError: Unknown to this tenant.
        ChangedMeanwhileError: It has another version by now.
    """
    bot = await get_bot(session, bot_id, is_locked=True)
    row = await repository.find_settings(session, bot_id, is_locked=True)
    before = NONE_SENT if row is None else _read(row)
    require_version(version_of_choices(before), version)
    if row is not None and before == choices:
        return choices
    row = row or ReceiptSettings(tenant_id=session.tenant_id, bot_id=bot.id)
    for name in ReceiptChoices.__slots__:
        setattr(row, name, getattr(choices, name))
    row.changed_at = now
    session.add(row)
    await session.flush()
    if before.is_on != choices.is_on:
        # The bot's menu says where receipts go only where there are any; it is set together with the webhook.
        await request_webhook(session, bot_id=BotId(bot.id), now=now)
    details = {name: getattr(choices, name) for name in ReceiptChoices.__slots__}
    record(session, actor=actor, action="receipt_settings.changed", subject_id=bot.id, now=now, details=details)
    return choices


def _read(row: ReceiptSettings) -> ReceiptChoices:
    return ReceiptChoices(
        is_on=row.is_on, takes_phone=row.takes_phone, vat_code=row.vat_code, tax_system_code=row.tax_system_code,
        subject=PaymentSubject(row.subject), mode=PaymentMode(row.mode),
    )  # fmt: skip
