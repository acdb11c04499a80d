"""Asking for a file, looking how far it is, taking it, and doing without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import TypeAdapter
from sqlalchemy import CursorResult, delete, func, select, update

from lumenpay.audit.service import Actor, record
from lumenpay.db.session import TenantSession
from lumenpay.exports.columns import COLUMNS
from lumenpay.exports.errors import (
    ExportInvalidError,
    ExportNotFoundError,
    ExportNotReadyError,
    TooManyExportsError,
)
from lumenpay.exports.rules import KEPT, MAX_UNFINISHED, sources_of
from lumenpay.jobs.catalogue import WriteExport
from lumenpay.jobs.outbox import enqueue
from lumenpay.kit.ids import new_uuid7
from lumenpay.kit.paging import Page, PageRequest
from lumenpay.models.exports import Export, ExportFormat, ExportKind, ExportPart, ExportStatus
from lumenpay.models.ids import AdminId
from lumenpay.payments.directory import PaymentFilters
from lumenpay.tenants.repository import get_own_tenant
from lumenpay.users.narrowing import UserFilters

Filters = UserFilters | PaymentFilters
FILTERS: dict[ExportKind, TypeAdapter[Filters]] = {
    ExportKind.SUBSCRIBERS: TypeAdapter(UserFilters),
    ExportKind.PAYMENTS: TypeAdapter(PaymentFilters),
}
_UNFINISHED = (ExportStatus.QUEUED, ExportStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What somebody wants to have; without a time zone it is the tenant's own."""

    kind: ExportKind
    format: ExportFormat
    filters: Filters
    columns: Sequence[str]
    time_zone: str | None = None


async def request_export(session: TenantSession, wanted: ExportRequest, *, actor: Actor, now: datetime) -> Export:
    """Have a file written.

    Raises:
        ExportInvalidError: A column or the time zone is unknown.
        TooManyExportsError: Several are being written already.
    """
    time_zone = wanted.time_zone or (await get_own_tenant(session)).time_zone
    columns = list(dict.fromkeys(wanted.columns))
    problems = {}
    if not columns or not set(columns) <= COLUMNS[wanted.kind].keys():
        problems["columns"] = "unknown" if columns else "at_least_one"
    if time_zone not in available_timezones():
        problems["time_zone"] = "unknown"
    if problems:
        raise ExportInvalidError(fields=problems)
    filters = FILTERS[wanted.kind].dump_python(wanted.filters, mode="json")
    export = Export(
        kind=wanted.kind, format=wanted.format, filters=filters, columns=columns, time_zone=time_zone
    )  # fmt: skip
    return await _store_request(session, export, actor=actor, now=now)


async def request_whole(
    session: TenantSession, file_format: ExportFormat, *, time_zone: str | None, actor: Actor, now: datetime
) -> Export:
    """Have everything that the tenant owns written into one archive.

    Args:
        file_format: Of the lists in it; no workbooks.
        time_zone: Without one it is the tenant's own.

    Raises:
        ExportInvalidError: The time zone is unknown.
        TooManyExportsError: Several are being written already.
    """
    zone = time_zone or (await get_own_tenant(session)).time_zone
    if zone not in available_timezones():
        raise ExportInvalidError(fields={"time_zone": "unknown"})
    export = Export(kind=ExportKind.WHOLE, format=file_format, filters={}, columns=[], time_zone=zone)
    return await _store_request(session, export, actor=actor, now=now)


async def _store_request(session: TenantSession, export: Export, *, actor: Actor, now: datetime) -> Export:
    await _check_room(session)
    export.tenant_id, export.id, export.locale = session.tenant_id, new_uuid7(), (await get_own_tenant(session)).locale
    export.status, export.rows_done, export.size_bytes = ExportStatus.QUEUED, 0, 0
    export.requested_by = AdminId(actor.id) if actor.id else None
    export.created_at, export.expires_at = now, now + KEPT
    session.add(export)
    await session.flush()
    details = {"kind": export.kind.value, "format": export.format.value, "columns": export.columns}
    record(session, actor=actor, action="export.requested", subject_id=export.id, now=now, details=details)
    await enqueue(session, WriteExport(export.id), now=now, dedupe_key=str(export.id))
    return export


async def _check_room(session: TenantSession) -> None:
    # One request after another: two at the same moment do not both find the last place.
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"exports {session.tenant_id}"))))
    unfinished = (Export.tenant_id == session.tenant_id) & Export.status.in_(_UNFINISHED)
    count = (await session.execute(select(func.count()).select_from(Export).where(unfinished))).scalar_one()
    if count >= MAX_UNFINISHED:
        raise TooManyExportsError


async def get_export(session: TenantSession, export_id: UUID, *, now: datetime) -> Export:
    """Return an export that is not too old yet.

    Raises:
        ExportNotFoundError: Unknown to this tenant, or too old.
    """
    export = await session.get(Export, (session.tenant_id, export_id))
    if export is None or export.expires_at <= now:
        raise ExportNotFoundError
    return export


async def list_exports(session: TenantSession, page: PageRequest, *, now: datetime) -> Page[Export]:
    """Return the exports of the last day, newest first."""
    where = (Export.tenant_id == session.tenant_id, Export.expires_at > now)
    total = (await session.execute(select(func.count()).select_from(Export).where(*where))).scalar_one()
    rows = await session.execute(
        select(Export).where(*where).order_by(Export.created_at.desc(), Export.id.desc()).limit(page.size)
        .offset(page.offset)
    )  # fmt: skip
    return Page(list(rows.scalars()), total)


async def cancel_export(session: TenantSession, export_id: UUID, *, actor: Actor, now: datetime) -> Export:
    """Stop the writing and throw away what is written. Safe to repeat; a finished file stays.

    Raises:
        ExportNotFoundError: Unknown to this tenant, or too old.
    """
    export = await get_export(session, export_id, now=now)
    if await move_export(session, export, ExportStatus.CANCELED, finished_at=now):
        await drop_parts(session, export.id)
        record(session, actor=actor, action="export.canceled", subject_id=export.id, now=now)
    return export


async def move_export(session: TenantSession, export: Export, status: ExportStatus, **values: object) -> bool:
    """Put an export into a state; False when the state that it has does not lead there."""
    result = await session.execute(
        update(Export)
        .where(Export.tenant_id == session.tenant_id, Export.id == export.id, Export.status.in_(sources_of(status)))
        .values(status=status, **values)
        .execution_options(synchronize_session=False)
    )
    await session.refresh(export)
    return isinstance(result, CursorResult) and result.rowcount == 1


async def drop_parts(session: TenantSession, export_id: UUID, *, is_file: bool | None = None) -> None:
    """Throw away what is written, or only the finished or the unfinished parts of it."""
    parts = delete(ExportPart).where(ExportPart.tenant_id == session.tenant_id, ExportPart.export_id == export_id)
    await session.execute(parts if is_file is None else parts.where(ExportPart.is_file == is_file))


async def get_file(session: TenantSession, export_id: UUID, *, now: datetime) -> Export:
    """Return an export of a list whose file can be taken.

    Raises:
        ExportNotFoundError: Unknown to this tenant, too old, or of everything: that is not for everybody.
        ExportNotReadyError: It is not written yet, or never will be.
    """
    return _need_ready(await get_export(session, export_id, now=now), is_whole=False)


async def get_whole_file(session: TenantSession, export_id: UUID, *, now: datetime) -> Export:
    """Return an export of everything whose archive can be taken.

    Raises:
        ExportNotFoundError: Unknown to this tenant, too old, or of a list only.
        ExportNotReadyError: It is not written yet, or never will be.
    """
    return _need_ready(await get_export(session, export_id, now=now), is_whole=True)


def _need_ready(export: Export, *, is_whole: bool) -> Export:
    if (export.kind == ExportKind.WHOLE) is not is_whole:
        raise ExportNotFoundError
    if export.status != ExportStatus.DONE:
        raise ExportNotReadyError
    return export


async def read_part(session: TenantSession, export_id: UUID, position: int, *, is_file: bool = True) -> bytes | None:
    """Return one piece of a file; None after the last."""
    part = await session.get(ExportPart, (session.tenant_id, export_id, is_file, position))
    return None if part is None else part.body
