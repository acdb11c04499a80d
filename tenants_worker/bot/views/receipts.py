"""Where a person's fiscal receipts go: the question, the answer, and the way to change it."""

from __future__ import annotations

from lumenpay.db.session import TenantSession
from lumenpay.fiscal_receipts.contacts import find_contact
from lumenpay.fiscal_receipts.repository import find_settings
from lumenpay.fiscal_receipts.rules import Contact, mask_contact, needs_receipt
from lumenpay.kit.money import Money
from lumenpay.messages import callbacks
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.service import render
from lumenpay.models.users import User
from lumenpay.telegram.facts import Button
from tenants_worker.bot.conversation import View
from tenants_worker.bot.texts.captions import RECEIPT_WANTED, caption


async def question(session: TenantSession, user: User, *, takes_phone: bool, is_refused: bool = False) -> View:
    """Return the request for an address, or that what was written is none."""
    key = MessageKey.RECEIPT_CONTACT_REFUSED if is_refused else MessageKey.ASK_RECEIPT_CONTACT
    wanted = RECEIPT_WANTED[user.locale][takes_phone]
    html = await render(session, bot_id=user.bot_id, key=key, locale=user.locale, variables={"wanted": wanted})
    return View(html, ((Button(caption(user.locale, "back"), data=callbacks.BUY),),))


async def contact(session: TenantSession, user: User, known: Contact) -> View:
    """Return where receipts go, hidden from whoever looks over the shoulder, and the buttons that change it."""
    html = await render(
        session, bot_id=user.bot_id, key=MessageKey.RECEIPT_CONTACT, locale=user.locale,
        variables={"address": mask_contact(known.value)},
    )  # fmt: skip
    change = Button(caption(user.locale, "change_receipt"), data=callbacks.RECEIPT)
    forget = Button(caption(user.locale, "forget_receipt"), data=callbacks.FORGET_RECEIPT)
    return View(html, ((change, forget), (Button(caption(user.locale, "back"), data=callbacks.BUY),)))


async def list_rows(session: TenantSession, user: User, *, amount: Money) -> list[tuple[Button, ...]]:
    """Return the button under a plan that says where its receipt goes; nothing where none is sent or nothing known."""
    settings = await find_settings(session, user.bot_id)
    if settings is None or not needs_receipt(is_on=settings.is_on, amount=amount):
        return []
    known = await find_contact(session, user.id, takes_phone=settings.takes_phone)
    if known is None:
        return []
    return [(Button(caption(user.locale, "receipt", contact=mask_contact(known.value)), data=callbacks.RECEIPT),)]
