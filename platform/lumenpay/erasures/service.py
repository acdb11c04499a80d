"""Taking the wish of a person to be forgotten: everything of theirs ends, and what is in the air may land."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lumenpay.access.whitelist import change_whitelisting
from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.erasures import repository
from lumenpay.erasures.errors import AccessStillRunsError
from lumenpay.erasures.rules import decide_due_at
from lumenpay.jobs.catalogue import RemoveMember, RevokeEntryLink
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.erasures import Erasure
from lumenpay.models.ids import BotId, UserId
from lumenpay.models.users import User
from lumenpay.models.win_backs import WinBackEnd
from lumenpay.payments.links import close_link
from lumenpay.promo_codes.personal import withdraw_all
from lumenpay.subscriptions.revocation import revoke_subscription
from lumenpay.subscriptions.settlement import abandon_payment
from lumenpay.users.repository import get_user
from lumenpay.win_backs.repository import stop_open

ERASED = "erased"
"""Why an order was closed that nobody will pay any more."""


async def request_erasure(
    session: TenantSession, *, user_id: UUID, ends_access: bool, actor: Actor, now: datetime,
    first_asked_at: datetime | None = None,
) -> Erasure:  # fmt: skip
    """Have a person forgotten as soon as nothing of theirs is in the air; what they have ends now, without a refund.

    Nothing is sold to them from now on, and nobody writes to them. Safe to repeat: the first wish counts.

    Args:
        ends_access: Whoever asks knows that access which still runs ends with it.
        first_asked_at: When they asked before that was lost; the time for it counts from there.

    Raises:
        UserNotFoundError: Unknown to this tenant.
        AccessStillRunsError: Something runs, and nobody said that it may end.
    """
    user = await get_user(session, user_id, is_locked=True)
    asked = await repository.find_erasure(session, user.id)
    if asked is not None:
        return asked
    if not ends_access and await repository.list_held(session, user.id):
        raise AccessStillRunsError(fields={"ends_access": "required"})
    user.erasure_asked_at = now
    # Everything that writes to people leaves out whoever blocked the bot.
    user.blocked_bot_at = user.blocked_bot_at or now
    erasure = Erasure(
        tenant_id=session.tenant_id, id=new_uuid7(), user_id=UserId(user.id), asked_by=actor.kind, asked_by_id=actor.id,
        asked_at=now, due_at=decide_due_at(first_asked_at or now), next_step_at=now,
    )  # fmt: skip
    session.add(erasure)
    details = {"due_at": erasure.due_at.isoformat()}
    record(session, actor=actor, action="user.erasure_asked", subject_id=user.id, now=now, details=details)
    await session.flush()
    await end_everything(session, user, actor=actor, now=now)
    return erasure


async def end_everything(session: TenantSession, user: User, *, actor: Actor, now: datetime) -> None:
    """End what a person has, close what they ordered, and have them taken out of every channel. Safe to repeat."""
    for order_id in await repository.list_unsent_orders(session, user.id):
        await abandon_payment(session, payment_id=order_id, reason=ERASED, now=now)
    for order in await repository.list_open_orders(session, user.id):
        # The gateway may still take money for it: then it is honoured, and the team hears of it.
        order.superseded_at = now
        await close_link(session, order, now=now)
    for subscription_id in await repository.list_held(session, user.id):
        await revoke_subscription(session, subscription_id=subscription_id, actor=actor, now=now)
    if user.is_whitelisted:
        await change_whitelisting(session, user.id, is_whitelisted=False, actor=actor, now=now)
    bot_id = BotId(user.bot_id)
    for membership in await repository.list_inside(session, user.id):
        key = str(membership.id)
        await enqueue(session, RemoveMember(membership.id), now=now, bot_id=bot_id, dedupe_key=key)
    for link in await repository.list_open_links(session, user.id):
        await enqueue(session, RevokeEntryLink(link.id), now=now, bot_id=bot_id, dedupe_key=str(link.id))
    await stop_open(session, user.id, because=WinBackEnd.OPTED_OUT, now=now)
    await withdraw_all(session, user.id)
    await session.flush()
