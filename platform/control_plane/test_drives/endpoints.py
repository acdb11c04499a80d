"""Test drives: the owner talks to a copy of the own bot in the sandbox; no Telegram, no card, no real subscriber."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from control_plane.dependencies import TenantAccess, TenantDep
from control_plane.errors import documented
from control_plane.test_drives.schemas import (
    JoinedOut,
    LinkIn,
    PaidOut,
    PayIn,
    PressIn,
    TestDriveIn,
    TestDriveOut,
    TestDrivesOut,
    TestDriveStateOut,
    TextIn,
)
from control_plane.test_drives.start import get_sandbox, start_drive
from control_plane.test_drives.state import drive_out, wait_for_state
from lumenpay.bots.repository import find_any_bot
from lumenpay.models.test_drives import TestDrive, TestDriveEnd
from lumenpay.test_drives import repository, service
from lumenpay.test_drives.errors import TestDriveActionRefusedError

router = APIRouter(prefix="/tenants/{tenant_id}/test-drives", tags=["test_drives"], responses=documented(409))
LONGEST_WAIT_SECONDS = 25


@router.get("")
async def list_(access: TenantDep) -> TestDrivesOut:
    """List the test drives that are not removed yet, and say whether there can be any."""
    async with access.unit() as session:
        drives = await repository.list_drives(session)
        items = [drive_out(access, drive, await find_any_bot(session, drive.bot_id)) for drive in drives]
    return TestDrivesOut(is_available=access.services.sandbox is not None, items=items)


@router.post("", status_code=201)
async def start(body: TestDriveIn, access: TenantDep) -> TestDriveOut:
    """Copy a bot with its texts, plans and channels into the sandbox, where plans last less than a minute.

    The copy is removed a minute after the drive ends, which it does by itself after an hour.
    """
    drive, original = await start_drive(access, bot_id=body.bot_id, locale=body.locale)
    return drive_out(access, drive, original.bot)


@router.get("/{drive_id}")
async def get(
    drive_id: UUID,
    access: TenantDep,
    since: Annotated[int, Query(ge=-1, description="Wait until the version is greater than this.")] = -1,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT_SECONDS, description="Seconds to wait at most.")] = 0,
) -> TestDriveStateOut:
    """Return what the phone shows; with `since` and `wait`, as soon as it changes."""
    return await wait_for_state(access, get_sandbox(access), drive_id, since=since, wait_seconds=wait)


@router.post("/{drive_id}/messages", status_code=204)
async def write(drive_id: UUID, body: TextIn, access: TenantDep) -> None:
    """Write to the bot."""
    drive = await _take_turn(access, drive_id)
    await get_sandbox(access).write(person_id=drive.telegram_user_id, bot_id=drive.telegram_bot_id, text=body.text)


@router.post("/{drive_id}/presses", status_code=204)
async def press(drive_id: UUID, body: PressIn, access: TenantDep) -> None:
    """Press a button of a message."""
    drive = await _take_turn(access, drive_id)
    await get_sandbox(access).press(
        person_id=drive.telegram_user_id, bot_id=drive.telegram_bot_id, message_id=body.message_id, data=body.data
    )


@router.post("/{drive_id}/payments")
async def pay(drive_id: UUID, body: PayIn, access: TenantDep) -> PaidOut:
    """Pay with a test card on the payment page, or decline. 5555 5555 5555 4477 is accepted, ….4600 is not covered."""
    drive = await _take_turn(access, drive_id)
    sandbox = get_sandbox(access)
    if not await sandbox.has_payment(shop_id=drive.shop_id, payment_id=body.payment):
        raise TestDriveActionRefusedError
    return PaidOut.model_validate({"status": await sandbox.pay(payment_id=body.payment, card=body.card)})


@router.post("/{drive_id}/joins")
async def join(drive_id: UUID, body: LinkIn, access: TenantDep) -> JoinedOut:
    """Follow an entry link."""
    drive = await _take_turn(access, drive_id)
    outcome = await get_sandbox(access).follow_link(person_id=drive.telegram_user_id, url=body.link)
    return JoinedOut.model_validate({"outcome": outcome})


@router.post("/{drive_id}/stop")
async def stop(drive_id: UUID, access: TenantDep) -> TestDriveOut:
    """End a test drive; everything of it is removed a minute later. Safe to repeat."""
    async with access.unit() as session:
        drive = await service.end_drive(
            session, drive_id, reason=TestDriveEnd.STOPPED, now=access.now, actor=access.actor
        )
        bot = await find_any_bot(session, drive.bot_id)
    async with access.services.database.tenant(drive.drive_tenant_id) as session:
        await service.retire_copy(session)
    return drive_out(access, drive, bot)


async def _take_turn(access: TenantAccess, drive_id: UUID) -> TestDrive:
    async with access.unit() as session:
        return await repository.count_action(session, drive_id)
