"""Waiting for the address of receipts: kept in the subscriber's row, with the press of Pay that asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts.contacts import keep_contact
from lumenpay.fiscal_receipts.repository import find_settings
from lumenpay.fiscal_receipts.rules import Contact, read_contact
from lumenpay.models.users import User
from tenants_worker.bot.conversation import Conversation
from tenants_worker.bot.promo_in_hand import stop_waiting


@dataclass(frozen=True, slots=True)
class HeldPress:
    """The press of Pay that waits for an address: the plan, the shown terms, and whether for autopay, or a gift."""

    plan_id: UUID
    terms: str | None
    agrees: bool
    is_gift: bool = False


def wait_for_contact(user: User, press: HeldPress | None = None) -> None:
    """Take the person's next message as the address of receipts; a promo code in hand is put aside till then."""
    stop_waiting(user)
    held = {} if press is None else {"plan_id": str(press.plan_id), "terms": press.terms, "agrees": press.agrees}
    if press is not None and press.is_gift:
        held["is_gift"] = True
    user.dialog = {"waits_for": "receipt_contact", "in_hand": user.dialog, **held}


def is_contact_awaited(user: User) -> bool:
    """Tell whether the bot waits for an address from this person."""
    return (user.dialog or {}).get("waits_for") == "receipt_contact"


async def take_contact(
    session: TenantSession, conversation: Conversation, user: User, words: str
) -> tuple[Contact | None, HeldPress | None]:
    """Keep the address that a person wrote, and return it with the press that waited for it; nothing for no address."""
    settings = await find_settings(session, user.bot_id)
    contact = read_contact(words, takes_phone=settings is not None and settings.takes_phone)
    if contact is None:
        return None, None
    dialog = user.dialog or {}
    stop_waiting(user)
    await keep_contact(session, user, contact, now=conversation.worker.clock.now())
    if "plan_id" not in dialog:
        return contact, None
    return contact, HeldPress(
        UUID(str(dialog["plan_id"])), dialog.get("terms"), bool(dialog.get("agrees")), bool(dialog.get("is_gift"))
    )
