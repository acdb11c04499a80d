"""The button that leads to the payer's page, and its end."""

from __future__ import annotations

from datetime import datetime

from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import ClosePayLink
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.ids import BotId
from lumenpay.models.payments import Payment


async def close_link(session: TenantSession, payment: Payment, *, now: datetime) -> None:
    """Have the button of an order that was decided taken out of the chat, where it was shown. Safe to repeat."""
    if payment.chat_message_id is not None and payment.confirmation_url is not None:
        bot_id = BotId(payment.bot_id)
        await enqueue(session, ClosePayLink(payment.id), now=now, bot_id=bot_id, dedupe_key=str(payment.id))
