"""The tick of test drives: ends those whose hour is over, and removes what is left of those that ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from lumenpay.db.dispatch import list_due_test_drives, remove_test_drive
from lumenpay.errors import LumenError
from lumenpay.kit.logs import get_logger
from lumenpay.models.ids import TenantId
from lumenpay.models.test_drives import TestDrive, TestDriveEnd
from lumenpay.test_drives.repository import get_drive
from lumenpay.test_drives.service import end_drive, retire_copy
from tenants_worker.context import WorkerContext

LIMIT = 50
_log = get_logger(__name__)


async def tend_due(ctx: WorkerContext, now: datetime) -> None:
    """Take every test drive that is due one step further; one that fails is logged and found again."""
    for tenant_id, drive_id in await list_due_test_drives(ctx.database, now=now, limit=LIMIT):
        try:
            await _tend(ctx, tenant_id, drive_id, now=now)
        except (LumenError, SQLAlchemyError) as error:
            _log.warning("test_drive_left", drive_id=str(drive_id), tenant_id=str(tenant_id), exc_info=error)


async def _tend(ctx: WorkerContext, tenant_id: TenantId, drive_id: UUID, *, now: datetime) -> None:
    async with ctx.unit_in(tenant_id) as session:
        drive = await get_drive(session, drive_id)
        was_running = drive.ended_at is None
        if was_running:
            await end_drive(session, drive_id, reason=TestDriveEnd.TIME_OVER, now=now)
    if was_running:
        async with ctx.unit_in(drive.drive_tenant_id) as session:
            await retire_copy(session)
        return
    await _erase_in_sandbox(ctx, drive)
    await remove_test_drive(ctx.database, drive.drive_tenant_id)
    async with ctx.unit_in(tenant_id) as session:
        await session.execute(delete(TestDrive).where(TestDrive.tenant_id == tenant_id, TestDrive.id == drive_id))


async def _erase_in_sandbox(ctx: WorkerContext, drive: TestDrive) -> None:
    # A sandbox that is gone has forgotten everything by itself.
    if ctx.sandbox is None:
        return
    try:
        await ctx.sandbox.erase_person(drive.telegram_owner_id)
        await ctx.sandbox.erase_person(drive.telegram_user_id)
        if drive.shop_id:
            await ctx.sandbox.close_shop(drive.shop_id)
    except LumenError as error:
        _log.info("sandbox_not_cleaned", drive_id=str(drive.id), error=error.code)
