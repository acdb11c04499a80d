"""What somebody has already of what a plan opens: its time would run beside the plan's, and not before it."""

from __future__ import annotations

from lumenpay.db.session import TenantSession
from lumenpay.kit.text import utf16_length
from lumenpay.messages.formatting import format_until
from lumenpay.messages.markup import cut_html, visible_text
from lumenpay.messages.rules import MESSAGE_LIMIT, escape
from lumenpay.models.plans import Plan
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.plans.repository import list_channels_of_plan
from lumenpay.subscriptions.repository import list_of_user
from lumenpay.tenants.repository import get_own_tenant
from tenants_worker.bot.texts.captions import STATES


async def tell_overlap(session: TenantSession, user: User, plan: Plan) -> str:
    """Return words about another plan that a person has and that opens some of the same; nothing without one.

    A renewal adds to what is left of its own plan only, so that whoever takes another one should know.
    """
    running = [
        (subscription, held)
        for subscription, held in await list_of_user(session, user.id)
        if subscription.status == SubscriptionStatus.ACTIVE and held.id != plan.id
    ]
    if not running:
        return ""
    opened = {channel.id for channel in await list_channels_of_plan(session, plan.id)}
    for subscription, held in running:
        shared = [channel for channel in await list_channels_of_plan(session, held.id) if channel.id in opened]
        if shared:
            zone = (await get_own_tenant(session)).time_zone
            until = format_until(subscription.ends_at, time_zone=zone, locale=user.locale)
            can_change = held.allows_changes and plan.allows_changes and subscription.ends_at is not None
            words = STATES[user.locale]["overlap"].format(
                plan=held.title, until=until, channels=", ".join(channel.title for channel in shared)
            )
            return f"{words} {STATES[user.locale]['overlap_change']}" if can_change else words
    return ""


def add_words(html: str, words: str) -> str:
    """Return a card with plain words at its end, which stand there whole however long the rest is."""
    if not words:
        return html
    end = f"\n\n{escape(words)}"
    return cut_html(html, MESSAGE_LIMIT - utf16_length(visible_text(end))) + end
