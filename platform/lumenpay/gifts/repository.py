"""SQL of gifts. The state of one is changed here only, and each UPDATE names the states that it starts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, exists, or_, select, update

from lumenpay.db.counting import list_page
from lumenpay.db.narrowing import equal
from lumenpay.db.session import TenantSession
from lumenpay.gifts.errors import GiftNotFoundError, GiftNotWaitingError
from lumenpay.gifts.rules import sources_of
from lumenpay.kit.crypto import hash_token
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.gifts import Gift, GiftLink, GiftStatus
from lumenpay.models.refunds import OPEN_REFUNDS, AccessAfterRefund, Refund


@dataclass(frozen=True, slots=True)
class GiftFilters:
    """Which gifts a list shows; an empty field does not filter."""

    status: GiftStatus | None = None
    plan_id: UUID | None = None
    bot_id: UUID | None = None
    user_id: UUID | None = None
    """Who gave it or took it."""
    payment_id: UUID | None = None
    """The order of either."""


async def get_gift(session: TenantSession, gift_id: UUID, *, is_locked: bool = False) -> Gift:
    """Return a gift, locked until the end of the transaction on request.

    Raises:
        GiftNotFoundError: Unknown to this tenant.
    """
    query = select(Gift).where(Gift.tenant_id == session.tenant_id, Gift.id == gift_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    gift = (await session.execute(query)).scalar_one_or_none()
    if gift is None:
        raise GiftNotFoundError
    return gift


async def find_by_token(session: TenantSession, token: str, *, bot_id: UUID) -> Gift | None:
    """Return the gift that a link of this bot opens, as it stands in the database now."""
    query = (
        select(Gift)
        .join(GiftLink, (GiftLink.tenant_id == Gift.tenant_id) & (GiftLink.gift_id == Gift.id))
        .where(Gift.tenant_id == session.tenant_id, Gift.bot_id == bot_id, GiftLink.token_hash == hash_token(token))
    )
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def find_of_payment(session: TenantSession, payment_id: UUID, *, is_locked: bool = False) -> Gift | None:
    """Return what an order gives away, locked on request; nothing for an order that is no gift."""
    query = select(Gift).where(Gift.tenant_id == session.tenant_id, Gift.payment_id == payment_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def is_being_refunded(session: TenantSession, gift: Gift) -> bool:
    """Tell whether the money of a gift is on its way back, and the access with it."""
    query = select(
        exists().where(
            Refund.tenant_id == session.tenant_id,
            Refund.payment_id == gift.payment_id,
            Refund.status.in_(OPEN_REFUNDS),
            Refund.access.is_distinct_from(AccessAfterRefund.KEEP),
        )
    )
    return bool((await session.execute(query)).scalar_one())


async def list_gifts(session: TenantSession, filters: GiftFilters, page: PageRequest) -> CountedPage[Gift]:
    """Return gifts, newest first.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    names = ("status", "plan_id", "bot_id")
    where = [Gift.tenant_id == session.tenant_id, *equal({getattr(Gift, n): getattr(filters, n) for n in names})]
    if filters.user_id is not None:
        where.append(or_(Gift.giver_id == filters.user_id, Gift.receiver_id == filters.user_id))
    if filters.payment_id is not None:
        where.append(or_(Gift.payment_id == filters.payment_id, Gift.claim_payment_id == filters.payment_id))
    order = (Gift.created_at.desc(), Gift.id.desc())
    return await list_page(session, Gift, where, page, order=order, is_narrowed=filters != GiftFilters())


async def move_gift(
    session: TenantSession,
    gift: Gift,
    status: GiftStatus,
    **values: Any,  # noqa: ANN401 - any columns
) -> None:
    """Put the gift into a state and store the values that come with it; nothing is due of it any more.

    Raises:
        GiftNotWaitingError: The state that the row has does not allow it.
    """
    await session.flush()
    result = await session.execute(
        update(Gift)
        .where(Gift.tenant_id == session.tenant_id, Gift.id == gift.id, Gift.status.in_(sources_of(status)))
        .values(status=status, next_step_at=None, **values)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[object]", result).rowcount != 1:
        raise GiftNotWaitingError
    await session.refresh(gift)


def add_link(session: TenantSession, gift: Gift, *, token: str, now: datetime) -> None:
    """Let a token open the gift."""
    row = GiftLink(tenant_id=session.tenant_id, token_hash=hash_token(token), gift_id=gift.id, created_at=now)
    session.add(row)
