"""Days for everybody on a list at once: written down first, then given a few at a time, each once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, delete, func, insert, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from lumenpay.audit.service import Actor, record
from lumenpay.db.counting import count_exactly
from lumenpay.db.session import TenantSession
from lumenpay.errors import IdempotenceKeyReusedError
from lumenpay.jobs.catalogue import ExtendTogether
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.extensions import Extension, ExtensionItem, ExtensionStatus
from lumenpay.models.ids import AdminId
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.subscriptions.errors import ExtensionNotFoundError, ExtensionRunningError
from lumenpay.subscriptions.manual import add_days
from lumenpay.subscriptions.repository import get_subscription
from lumenpay.users.narrowing import UserFilters, narrow
from lumenpay.users.repository import get_user

FILTERS: Final[TypeAdapter[UserFilters]] = TypeAdapter(UserFilters)
# By a name of its own: what narrows a list of people looks at subscriptions too.
_running = aliased(Subscription)
UNFINISHED = (ExtensionStatus.QUEUED, ExtensionStatus.RUNNING)


async def count_extensible(session: TenantSession, filters: UserFilters, *, now: datetime) -> int:
    """Return how many running subscriptions with an end the people of a list have."""
    return await count_exactly(session, _extensible(session, filters, now=now))


async def request_extension(
    session: TenantSession, filters: UserFilters, *, days: int, key: str, actor: Actor, now: datetime
) -> Extension:
    """Have days added to the running subscriptions of everybody on a list. Safe to repeat with the same `key`.

    With a plan in the filters only subscriptions to that plan get them; those without an end never do.

    Raises:
        ExtensionRunningError: Another one is not finished yet.
        IdempotenceKeyReusedError: The key was used for another list or another number of days.
    """
    wanted = FILTERS.dump_python(filters, mode="json")
    present = await _find(session, key)
    if present is not None:
        if (present.days, present.filters) != (days, wanted):
            raise IdempotenceKeyReusedError(fields={"idempotence_key": "reused"})
        return present
    extension = Extension(
        tenant_id=session.tenant_id, id=new_uuid7(), days=days, filters=wanted, idempotence_key=key,
        status=ExtensionStatus.QUEUED, done_count=0, passed_count=0,
        requested_by=AdminId(actor.id) if actor.id else None, created_at=now,
    )  # fmt: skip
    try:
        async with session.begin_nested():
            session.add(extension)
    except IntegrityError as error:
        # Somebody asked at the same moment: the same request again, or another one.
        present = await _find(session, key)
        if present is None:
            raise ExtensionRunningError from error
        return present
    record(session, actor=actor, action="extension.requested", subject_id=extension.id, now=now, details={"days": days})
    await enqueue(session, ExtendTogether(extension.id), now=now, dedupe_key=str(extension.id))
    return extension


async def get_extension(session: TenantSession, extension_id: UUID, *, is_locked: bool = False) -> Extension:
    """Return an extension, locked until the end of the transaction on request.

    Raises:
        ExtensionNotFoundError: Unknown to this tenant.
    """
    query = select(Extension).where(Extension.tenant_id == session.tenant_id, Extension.id == extension_id)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise ExtensionNotFoundError
    return found


async def list_extensions(session: TenantSession, page: PageRequest) -> Page[Extension]:
    """Return extensions, newest first."""
    where = Extension.tenant_id == session.tenant_id
    total = (await session.execute(select(func.count()).select_from(Extension).where(where))).scalar_one()
    rows = await session.execute(
        select(Extension).where(where).order_by(Extension.created_at.desc(), Extension.id.desc()).limit(page.size)
        .offset(page.offset)
    )  # fmt: skip
    return Page(list(rows.scalars()), total)


async def stop_extension(session: TenantSession, extension_id: UUID, *, actor: Actor, now: datetime) -> Extension:
    """Give nobody further days; who has them keeps them. Safe to repeat; a finished one stays finished.

    Raises:
        ExtensionNotFoundError: Unknown to this tenant.
    """
    extension = await get_extension(session, extension_id, is_locked=True)
    if extension.status in UNFINISHED:
        await _finish(session, extension, ExtensionStatus.STOPPED, now=now)
        details = {"done": extension.done_count}
        record(
            session, actor=actor, action="extension.stopped", subject_id=extension.id, now=now, details=details
        )  # fmt: skip
    return extension


async def write_down(session: TenantSession, extension_id: UUID) -> None:
    """Write down which subscriptions an extension is for. Safe to repeat: only the first time counts."""
    extension = await get_extension(session, extension_id, is_locked=True)
    if extension.status != ExtensionStatus.QUEUED:
        return
    filters = FILTERS.validate_python(extension.filters)
    found = _extensible(session, filters, now=extension.created_at).where(_running.created_at <= extension.created_at)
    rows = found.with_only_columns(literal(session.tenant_id), literal(extension.id), _running.id)
    columns = ["tenant_id", "extension_id", "subscription_id"]
    await session.execute(insert(ExtensionItem).from_select(columns, rows))
    items = select(ExtensionItem.subscription_id).where(*_items(session, extension))
    extension.total_count = await count_exactly(session, items)
    extension.status = ExtensionStatus.RUNNING


async def extend_some(session: TenantSession, extension_id: UUID, *, limit: int, now: datetime) -> bool:
    """Give up to `limit` waiting subscriptions their days; False when nothing is left to do.

    A killed worker's successor goes on with those that still wait; nobody gets the days twice, because an order of
    that key can exist once.
    """
    extension = await get_extension(session, extension_id, is_locked=True)
    if extension.status != ExtensionStatus.RUNNING:
        return False
    waiting = select(ExtensionItem.subscription_id).where(*_items(session, extension))
    waiting = waiting.order_by(ExtensionItem.subscription_id).limit(limit)
    ids = list((await session.execute(waiting)).scalars())
    actor = Actor("admin", extension.requested_by)
    for subscription_id in ids:
        if await _extend(session, extension, subscription_id, actor=actor, now=now):
            extension.done_count += 1
        else:
            extension.passed_count += 1
    gone = delete(ExtensionItem).where(*_items(session, extension), ExtensionItem.subscription_id.in_(ids))
    await session.execute(gone)
    if len(ids) < limit:
        await _finish(session, extension, ExtensionStatus.DONE, now=now)
        details = {"done": extension.done_count, "passed": extension.passed_count}
        record(session, actor=actor, action="extension.done", subject_id=extension.id, now=now, details=details)
        return False
    return True


async def _extend(
    session: TenantSession, extension: Extension, subscription_id: UUID, *, actor: Actor, now: datetime
) -> bool:
    subscription = await get_subscription(session, subscription_id)
    user = await get_user(session, subscription.user_id, is_locked=True)
    await session.refresh(subscription)
    # Late money may have left access to somebody who is being forgotten: nothing is added to it.
    if (
        user.erasure_asked_at is not None
        or subscription.status != SubscriptionStatus.ACTIVE
        or subscription.ends_at is None
    ):
        return False
    key = f"{extension.id.hex[:24]}-{subscription_id.hex}"
    await add_days(
        session, subscription_id=subscription_id, days=extension.days, key=key, actor=actor, now=now
    )  # fmt: skip
    return True


async def _finish(session: TenantSession, extension: Extension, status: ExtensionStatus, *, now: datetime) -> None:
    extension.status, extension.finished_at = status, now
    await session.execute(delete(ExtensionItem).where(*_items(session, extension)))


async def _find(session: TenantSession, key: str) -> Extension | None:
    query = select(Extension).where(Extension.tenant_id == session.tenant_id, Extension.idempotence_key == key)
    return (await session.execute(query)).scalar_one_or_none()


def _items(session: TenantSession, extension: Extension) -> tuple[ColumnElement[bool], ...]:
    return ExtensionItem.tenant_id == session.tenant_id, ExtensionItem.extension_id == extension.id


def _extensible(session: TenantSession, filters: UserFilters, *, now: datetime) -> Select[Any]:
    query = (
        select(_running.id)
        .join(User, (User.tenant_id == _running.tenant_id) & (User.id == _running.user_id))
        .where(
            _running.tenant_id == session.tenant_id,
            _running.status == SubscriptionStatus.ACTIVE,
            _running.ends_at.is_not(None),
            *narrow(session, filters, now=now),
        )
    )
    return query.where(_running.plan_id == filters.plan_id) if filters.plan_id else query
