"""Letting a person be inside without paying, and ending that."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.access import repository
from lumenpay.audit.service import Actor, record
from lumenpay.billing.limits import require_giving
from lumenpay.db.session import TenantSession
from lumenpay.jobs.catalogue import RemoveMember
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.access import ActualPlace, WantedPlace
from lumenpay.models.ids import BotId, UserId
from lumenpay.models.users import User
from lumenpay.users.repository import get_user, lock_user
from lumenpay.users.service import require_present


async def change_whitelisting(
    session: TenantSession, user_id: UUID, *, is_whitelisted: bool, actor: Actor, now: datetime
) -> User:
    """Store whether a person may be inside without paying; who may not any more is taken out.

    Whether they pay is looked at when they are taken out; who was inside before the first order stays. Safe to repeat.

    Whoever is let in free counts as a subscriber of the tenant, and is let in within its limit only: the bot opens the
    door to them, keeps them inside and takes them out, as it does for whoever pays. Otherwise a tenant that takes its
    money elsewhere would be served for thousands and pay for nobody. Whom people bring in by hand in Telegram is
    counted by nobody: the bot does nothing for them.

    Raises:
        UserNotFoundError: Unknown to this tenant.
        UserForgottenError: They asked to be forgotten, and are to be let in.
        TenantSuspendedError: The person has no access, and nobody new gets any now.
        LimitReachedError: The person has no access, and the tenant has as many subscribers as it may.
    """
    await lock_user(session, user_id)
    user = await get_user(session, user_id)
    if is_whitelisted:
        require_present(user)
    if is_whitelisted and not user.is_whitelisted:
        await require_giving(session, user_id=UserId(user.id), now=now)
    was_whitelisted, user.is_whitelisted = user.is_whitelisted, is_whitelisted
    details = {"is_whitelisted": is_whitelisted}
    record(session, actor=actor, action="user.changed", subject_id=user.id, now=now, details=details)
    if was_whitelisted and not is_whitelisted:
        for membership in await repository.list_memberships_of_user(session, user.id):
            may_be_inside = membership.wanted == WantedPlace.INSIDE or membership.actual == ActualPlace.INSIDE
            if membership.wanted != WantedPlace.UNMANAGED and may_be_inside:
                payload, key = RemoveMember(membership.id), str(membership.id)
                await enqueue(session, payload, now=now, bot_id=BotId(user.bot_id), dedupe_key=key)
    await session.flush()
    return user
