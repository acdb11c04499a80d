"""SQL of endpoints and deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from lumenpay.db.counting import list_page
from lumenpay.db.session import TenantSession
from lumenpay.errors import NotFoundError
from lumenpay.kit.paging import CountedPage, PageRequest
from lumenpay.models.webhooks import WebhookDelivery, WebhookDeliveryStatus, WebhookEndpoint, WebhookEvent


@dataclass(frozen=True, slots=True)
class DeliveryFilters:
    """Which deliveries a list shows; an empty field does not filter."""

    endpoint_id: UUID | None = None
    status: WebhookDeliveryStatus | None = None


async def list_endpoints(session: TenantSession) -> list[WebhookEndpoint]:
    """Return the tenant's endpoints, the oldest first."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.tenant_id == session.tenant_id)
    return list((await session.execute(query.order_by(WebhookEndpoint.id))).scalars())


async def count_endpoints(session: TenantSession) -> int:
    """Return how many endpoints the tenant has."""
    query = select(func.count()).select_from(WebhookEndpoint).where(WebhookEndpoint.tenant_id == session.tenant_id)
    return (await session.execute(query)).scalar_one()


async def find_endpoint(
    session: TenantSession, endpoint_id: UUID, *, is_locked: bool = False
) -> WebhookEndpoint | None:  # fmt: skip
    """Return an endpoint of this tenant; locked against other changes, and not against deliveries that point at it."""
    query = select(WebhookEndpoint).where(
        WebhookEndpoint.tenant_id == session.tenant_id, WebhookEndpoint.id == endpoint_id
    )
    locked = query.with_for_update(key_share=True) if is_locked else query
    return (await session.execute(locked)).scalar_one_or_none()


async def get_endpoint(session: TenantSession, endpoint_id: UUID, *, is_locked: bool = False) -> WebhookEndpoint:
    """Return an endpoint, locked on request as `find_endpoint` does.

    Raises:
        NotFoundError: None of this tenant.
    """
    found = await find_endpoint(session, endpoint_id, is_locked=is_locked)
    if found is None:
        raise NotFoundError
    return found


async def lock_waiting(session: TenantSession, endpoint_id: UUID) -> None:
    """Lock the deliveries of an endpoint that wait: as a finished try does, before the endpoint."""
    query = select(WebhookDelivery.id).where(
        WebhookDelivery.tenant_id == session.tenant_id, WebhookDelivery.endpoint_id == endpoint_id,
        WebhookDelivery.status == WebhookDeliveryStatus.WAITING,
    )  # fmt: skip
    await session.execute(query.order_by(WebhookDelivery.id).with_for_update())


async def find_delivery(
    session: TenantSession, delivery_id: UUID, *, is_locked: bool = False
) -> tuple[WebhookDelivery, WebhookEvent] | None:
    """Return a delivery and what it tells, if it is there."""
    query = (
        select(WebhookDelivery, WebhookEvent)
        .join(
            WebhookEvent,
            (WebhookEvent.tenant_id == WebhookDelivery.tenant_id) & (WebhookEvent.id == WebhookDelivery.event_id),
        )
        .where(WebhookDelivery.tenant_id == session.tenant_id, WebhookDelivery.id == delivery_id)
    )
    row = (await session.execute(query.with_for_update(of=WebhookDelivery) if is_locked else query)).first()
    return None if row is None else (row[0], row[1])


async def list_deliveries(
    session: TenantSession, filters: DeliveryFilters, page: PageRequest
) -> CountedPage[WebhookDelivery]:
    """Return deliveries, newest first.

    Raises:
        PageTooDeepError: The page of a narrowed list lies beyond what is counted of it.
    """
    where = [WebhookDelivery.tenant_id == session.tenant_id]
    if filters.endpoint_id is not None:
        where.append(WebhookDelivery.endpoint_id == filters.endpoint_id)
    if filters.status is not None:
        where.append(WebhookDelivery.status == filters.status)
    order, is_narrowed = (WebhookDelivery.id.desc(),), filters != DeliveryFilters()
    return await list_page(session, WebhookDelivery, where, page, order=order, is_narrowed=is_narrowed)


async def name_events(session: TenantSession, event_ids: list[UUID]) -> dict[UUID, str]:
    """Return the types of events by their ids."""
    query = select(WebhookEvent.id, WebhookEvent.type).where(
        WebhookEvent.tenant_id == session.tenant_id, WebhookEvent.id.in_(event_ids)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def list_dead(session: TenantSession, endpoint_id: UUID, *, limit: int) -> list[WebhookDelivery]:
    """Return dead deliveries of an endpoint, locked, the oldest first."""
    query = (
        select(WebhookDelivery)
        .where(
            WebhookDelivery.tenant_id == session.tenant_id, WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.status == WebhookDeliveryStatus.DEAD,
        )
        .order_by(WebhookDelivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    return list((await session.execute(query)).scalars())
