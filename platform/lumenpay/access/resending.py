"""Sending the links again when somebody of the tenant asks for it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.access.delivery import request_delivery
from lumenpay.access.errors import BotBlockedError, BotNotStartedError, NothingToSendError
from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.models.users import User
from lumenpay.users.repository import get_user
from lumenpay.users.rules import Reach, decide_reach
from lumenpay.users.service import require_present


async def resend_links(session: TenantSession, *, user_id: UUID, actor: Actor, now: datetime) -> User:
    """Have the links of a person's running subscriptions sent again. Safe to repeat: one message waits at most.

    Raises:
        UserNotFoundError: Unknown to this tenant.
        UserForgottenError: They asked to be forgotten.
        BotBlockedError: The person cannot be written to.
        BotNotStartedError: The person cannot be written to yet.
        NothingToSendError: No subscription is running.
    """
    user = require_present(await get_user(session, user_id))
    reach = decide_reach(met_at=user.met_at, blocked_bot_at=user.blocked_bot_at)
    if reach is not Reach.OPEN:
        raise BotBlockedError if reach is Reach.BLOCKED else BotNotStartedError
    if not await request_delivery(session, user=user, now=now):
        raise NothingToSendError
    record(session, actor=actor, action="user.links_resent", subject_id=user.id, now=now)
    return user
