"""Who came in and who went out: written into the log of the doors, and told to the tenant's own programs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lumenpay.access.repository import log_access
from lumenpay.db.session import TenantSession
from lumenpay.models.access import AccessAction, Membership
from lumenpay.models.webhooks import WebhookEventType
from lumenpay.webhooks.facts import tell_member
from lumenpay.webhooks.outbox import publish

_TOLD: Final = {
    AccessAction.JOINED: WebhookEventType.MEMBER_JOINED,
    AccessAction.LEFT: WebhookEventType.MEMBER_LEFT,
    AccessAction.REMOVED: WebhookEventType.MEMBER_LEFT,
}


async def log_passage(
    session: TenantSession, membership: Membership, action: AccessAction, *, now: datetime, reason: str = ""
) -> None:
    """Write one event of a person at a channel's door, and tell it if somebody came in or went out."""
    log_access(
        session, action, reason=reason, telegram_id=membership.telegram_id, user_id=membership.user_id,
        channel_id=membership.channel_id, now=now,
    )  # fmt: skip
    event_type = _TOLD.get(action)
    if event_type is not None:
        told = "removed" if action is AccessAction.REMOVED else reason
        await publish(session, event_type, tell_member(membership, reason=told), now=now)
