"""The state of a test drive, and waiting for it to change: the chat from the sandbox, the steps from the copy."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from control_plane.dependencies import TenantAccess
from control_plane.test_drives.schemas import (
    DriveButtonOut,
    DriveChannelOut,
    DriveMessageOut,
    DriveNoticeOut,
    DriveStepOut,
    TestDriveOut,
    TestDriveStateOut,
)
from lumenpay.bots.repository import find_any_bot
from lumenpay.models.bots import Bot
from lumenpay.models.channels import Channel
from lumenpay.models.test_drives import TestDrive
from lumenpay.test_drives import repository, rules
from lumenpay.test_drives.errors import TestDriveActionRefusedError
from lumenpay.test_drives.sandbox import SandboxControl

_CHAT_SECONDS = 0.25
"""How soon a change outside the chat is noticed; a message is noticed at once."""
_COPY_SECONDS = 1.0
_PAY_PATH = re.compile(r"/pay/([0-9a-f-]{36})")


@dataclass(slots=True)
class _Copy:
    """What the database says."""

    drive: TestDrive
    bot: Bot | None
    channels: list[Channel]
    reached: dict[str, datetime]
    notices: list[repository.DoorNotice]

    @property
    def version(self) -> int:
        return len(self.reached) + len(self.notices) + (self.drive.ended_at is not None)


@dataclass(slots=True)
class _Phone:
    """What the sandbox says; nothing, once it has forgotten the drive."""

    chat: dict[str, Any]
    channels: list[dict[str, Any]]

    @property
    def version(self) -> int:
        return int(self.chat.get("version", 0)) + sum(int(channel["version"]) for channel in self.channels)


async def wait_for_state(
    access: TenantAccess, sandbox: SandboxControl, drive_id: UUID, *, since: int, wait_seconds: float
) -> TestDriveStateOut:
    """Return the state once its version is greater than `since`, or the time is over."""
    ends_at = time.monotonic() + wait_seconds
    copy, phone = await _read_copy(access, drive_id), None
    copied_at = time.monotonic()
    while True:
        fresh = await _read_phone(sandbox, copy)
        if phone is not None and (fresh.version != phone.version or time.monotonic() - copied_at > _COPY_SECONDS):
            copy, copied_at = await _read_copy(access, drive_id), time.monotonic()
        phone = fresh
        left = ends_at - time.monotonic()
        if phone.version + copy.version > since or left <= 0 or not phone.chat or copy.drive.ended_at is not None:
            return _state(access, copy, phone)
        await _wait_for_chat(sandbox, copy.drive, phone, seconds=min(left, _CHAT_SECONDS))


async def _wait_for_chat(sandbox: SandboxControl, drive: TestDrive, phone: _Phone, *, seconds: float) -> None:
    try:
        await sandbox.read_chat(
            person_id=drive.telegram_user_id, bot_id=drive.telegram_bot_id, newer_than=phone.chat["version"],
            wait_seconds=seconds,
        )  # fmt: skip
    except TestDriveActionRefusedError:
        return


async def _read_copy(access: TenantAccess, drive_id: UUID) -> _Copy:
    async with access.unit() as session:
        drive = await repository.get_drive(session, drive_id)
        bot = await find_any_bot(session, drive.bot_id)
    async with access.services.database.tenant(drive.drive_tenant_id) as session:
        return _Copy(
            drive, bot, await repository.list_channels_of_copy(session), await repository.read_steps(session),
            await repository.list_notices(session),
        )  # fmt: skip


async def _read_phone(sandbox: SandboxControl, copy: _Copy) -> _Phone:
    drive = copy.drive
    try:
        chat, *channels = await asyncio.gather(
            sandbox.read_chat(person_id=drive.telegram_user_id, bot_id=drive.telegram_bot_id),
            *(sandbox.read_channel(channel.chat_id) for channel in copy.channels),
        )
    except TestDriveActionRefusedError:
        return _Phone({}, [])
    return _Phone(chat, channels)


def drive_out(access: TenantAccess, drive: TestDrive, bot: Bot | None) -> TestDriveOut:
    """Return a test drive as clients see it."""
    return TestDriveOut(
        id=drive.id, bot_id=drive.bot_id, bot_name=bot.name if bot else "", bot_username=bot.username if bot else "",
        locale=drive.locale, is_mine=drive.admin_id == access.identity.admin_id,
        status="running" if drive.ended_at is None else "ended",
        end_reason=None if drive.end_reason is None else drive.end_reason,
        period_seconds=rules.PERIOD_SECONDS, reminder_seconds=rules.REMINDER_SECONDS, started_at=drive.created_at,
        ends_at=drive.ends_at, ended_at=drive.ended_at,
    )  # fmt: skip


def _state(access: TenantAccess, copy: _Copy, phone: _Phone) -> TestDriveStateOut:
    shown = [message for message in phone.chat.get("messages", ()) if not message["deleted"]]
    return TestDriveStateOut(
        drive=drive_out(access, copy.drive, copy.bot), version=copy.version + phone.version,
        now=access.services.clock.now(), is_lost=not phone.chat,
        messages=[_message(message) for message in shown],
        notices=[
            DriveNoticeOut(kind=notice.action, channel=notice.channel_title, at=notice.at) for notice in copy.notices
        ],
        channels=[
            DriveChannelOut(title=channel["title"], place=_find_place(channel, copy.drive.telegram_user_id))
            for channel in phone.channels
        ],
        steps=[
            DriveStepOut.model_validate(step)
            for step in rules.decide_steps(copy.reached, started_at=copy.drive.created_at)
        ],
    )  # fmt: skip


def _message(message: dict[str, Any]) -> DriveMessageOut:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    edited = message["edit_date"]
    return DriveMessageOut(
        id=message["message_id"], author="bot" if message["from"] == "bot" else "person", html=message["html"] or "",
        buttons=[[_button(button) for button in row] for row in rows], sent_at=_moment(message["date"]),
        edited_at=None if edited is None else _moment(edited),
    )  # fmt: skip


def _button(button: dict[str, Any]) -> DriveButtonOut:
    url = button.get("url")
    if url is None:
        return DriveButtonOut(text=button["text"], kind="press", data=str(button.get("callback_data", "")))
    # The payer's page and the channel's link are served by the sandbox, which the browser does not reach.
    paying = _PAY_PATH.fullmatch(urlsplit(url).path)
    if paying:
        return DriveButtonOut(text=button["text"], kind="pay", data=paying[1])
    kind = "join" if url.startswith(("https://t.me/+", "https://t.me/joinchat/")) else "link"
    return DriveButtonOut(text=button["text"], kind="join" if kind == "join" else "link", data=url)


def _find_place(channel: dict[str, Any], person_id: int) -> str:
    if any(member["user_id"] == person_id and member["is_inside"] for member in channel["members"]):
        return "inside"
    is_waiting = any(request["user_id"] == person_id for request in channel["join_requests"])
    return "requested" if is_waiting else "outside"


def _moment(unix: int) -> datetime:
    return datetime.fromtimestamp(unix, UTC)
