"""Where people's receipts go: asked for once, only where a shop sends receipts; changed and forgotten at their word."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts import repository
from lumenpay.fiscal_receipts.rules import Contact, needs_receipt, will_do
from lumenpay.kit.money import Money
from lumenpay.models.fiscal_receipts import ContactKind, ReceiptContact, ReceiptSettings
from lumenpay.models.users import User


async def find_contact(session: TenantSession, user_id: UUID, *, takes_phone: bool) -> Contact | None:
    """Return where a person's receipts go; nothing where nothing is known that will do."""
    row = await repository.find_contact_row(session, user_id)
    if row is None or not will_do(ContactKind(row.kind), takes_phone=takes_phone):
        return None
    return Contact(ContactKind(row.kind), row.value)


async def find_question(session: TenantSession, user: User, *, amount: Money) -> ReceiptSettings | None:
    """Return the settings of the shop if a person has to be asked for an address before paying; nothing otherwise."""
    settings = await repository.find_settings(session, user.bot_id)
    if settings is None or not needs_receipt(is_on=settings.is_on, amount=amount):
        return None
    known = await find_contact(session, user.id, takes_phone=settings.takes_phone)
    return settings if known is None else None


async def keep_contact(session: TenantSession, user: User, contact: Contact, *, now: datetime) -> None:
    """Have a person's receipts go to a contact from now on; orders made before keep theirs."""
    row = ReceiptContact(user_id=user.id, kind=contact.kind, value=contact.value, given_at=now)
    await repository.keep_contact_row(session, row)
    # That it was given, and by whom; what it is stands in one place only.
    details = {"kind": contact.kind.value}
    record(session, actor=Actor("user", user.id), action="receipt_contact.given", subject_id=user.id, now=now,
           details=details)  # fmt: skip


async def forget_contact(session: TenantSession, user: User, *, now: datetime) -> None:
    """Forget where a person's receipts go; the bot asks again before the next payment. Safe to repeat."""
    if await repository.remove_contact_row(session, user.id):
        record(session, actor=Actor("user", user.id), action="receipt_contact.forgotten", subject_id=user.id, now=now)
