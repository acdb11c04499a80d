"""The log of the doors, as people look through it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from lumenpay.db.counting import list_page
from lumenpay.db.narrowing import ANY_TIME, Span, equal, within
from lumenpay.db.session import TenantSession
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.access import AccessAction, AccessLog


@dataclass(frozen=True, slots=True)
class AccessLogFilters:
    """Which events a list shows; an empty field does not filter.

    `telegram_id` finds people whom the bot does not know, such as strangers who were declined.
    """

    action: AccessAction | None = None
    user_id: UUID | None = None
    channel_id: UUID | None = None
    payment_id: UUID | None = None
    subscription_id: UUID | None = None
    telegram_id: int | None = None
    created: Span = ANY_TIME


async def list_access_logs(
    session: TenantSession, filters: AccessLogFilters, page: PageRequest
) -> CountedPage[AccessLog]:
    """Return what happened at the doors, newest first.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    names = ("action", "user_id", "channel_id", "payment_id", "subscription_id", "telegram_id")
    where = [
        AccessLog.tenant_id == session.tenant_id,
        *equal({getattr(AccessLog, name): getattr(filters, name) for name in names}),
        *within(AccessLog.created_at, filters.created),
    ]
    is_narrowed, order = filters != AccessLogFilters(), (AccessLog.id.desc(),)
    return await list_page(session, AccessLog, where, page, order=order, is_narrowed=is_narrowed)
