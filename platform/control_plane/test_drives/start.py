"""Starting a test drive: a row in the tenant, accounts in the sandbox, then the copy; what fails midway is ended."""

from __future__ import annotations

from uuid import UUID

from control_plane.dependencies import TenantAccess
from lumenpay.bots.secrets import open_shop
from lumenpay.db.dispatch import count_test_drives
from lumenpay.errors import LumenError
from lumenpay.jobs.unit_of_work import unit_of_work
from lumenpay.kit.crypto import Secret
from lumenpay.models.test_drives import TestDrive, TestDriveEnd
from lumenpay.test_drives import service
from lumenpay.test_drives.errors import (
    SandboxUnavailableError,
    TestDriveActionRefusedError,
    TestDrivesNotAvailableError,
    TooManyTestDrivesError,
)
from lumenpay.test_drives.repository import get_drive
from lumenpay.test_drives.rules import MAX_AT_ONCE, new_telegram_number
from lumenpay.test_drives.sandbox import SandboxControl


def get_sandbox(access: TenantAccess) -> SandboxControl:
    """Return the client of the sandbox.

    Raises:
        TestDrivesNotAvailableError: There is none.
    """
    if access.services.sandbox is None:
        raise TestDrivesNotAvailableError
    return access.services.sandbox


async def start_drive(access: TenantAccess, *, bot_id: UUID, locale: str) -> tuple[TestDrive, service.Original]:
    """Return a test drive whose bot listens in the sandbox, with what it copies.

    Raises:
        TestDrivesNotAvailableError: There is no sandbox.
        TooManyTestDrivesError: As many run as may.
        SandboxUnavailableError: The sandbox does not answer; the drive counts as ended.
    """
    sandbox = get_sandbox(access)
    if await count_test_drives(access.services.database) >= MAX_AT_ONCE:
        raise TooManyTestDrivesError(retry_after_seconds=60)
    async with access.unit() as session:
        drive, original = await service.reserve_drive(
            session, bot_id=bot_id, admin_id=access.identity.admin_id, locale=locale, actor=access.actor,
            now=access.now,
        )  # fmt: skip
    try:
        await _set_up(access, sandbox, drive, original)
    except (LumenError, OSError) as error:
        async with access.unit() as session:
            await service.end_drive(session, drive.id, reason=TestDriveEnd.FAILED, now=access.now)
        if isinstance(error, TestDriveActionRefusedError):
            raise SandboxUnavailableError("the sandbox refused to set up a test drive") from error
        raise
    return drive, original


async def _set_up(access: TenantAccess, sandbox: SandboxControl, drive: TestDrive, original: service.Original) -> None:
    services = access.services
    shop = await sandbox.open_shop(original.tenant.name)
    async with access.unit() as session:
        (await get_drive(session, drive.id, is_locked=True)).shop_id = drive.shop_id = shop.shop_id
    token, chats = await _make_accounts(access, sandbox, drive, original)
    async with unit_of_work(services.database, services.doorbell, drive.drive_tenant_id) as session:
        bot = await service.make_copy(
            session, drive, original, ring=services.ring, token=token, shop=shop, chats=chats, now=access.now
        )
        key = open_shop(services.ring, bot).notice_key.reveal()
    await sandbox.notify_shop_at(shop.shop_id, f"{services.settings.public_url}/webhooks/yookassa/{key}")


async def _make_accounts(
    access: TenantAccess, sandbox: SandboxControl, drive: TestDrive, original: service.Original
) -> tuple[Secret, dict[UUID, int]]:
    name = access.identity.admin.name or original.tenant.name
    for telegram_id in (drive.telegram_owner_id, drive.telegram_user_id):
        await sandbox.make_person(telegram_id=telegram_id, name=name, locale=drive.locale)
    token = await sandbox.make_bot(
        telegram_id=drive.telegram_bot_id, name=original.bot.name, username=service.drive_username(drive),
        owner_id=drive.telegram_owner_id,
    )  # fmt: skip
    chats: dict[UUID, int] = {channel.id: -new_telegram_number() for channel in original.channels}
    for channel in original.channels:
        await sandbox.make_channel(
            chat_id=chats[channel.id], title=channel.title, kind=channel.kind, owner_id=drive.telegram_owner_id,
            bot_id=drive.telegram_bot_id,
        )  # fmt: skip
    return token, chats
