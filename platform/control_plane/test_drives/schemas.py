"""Shapes of test drives: the phone, the doors of the channels, and the steps of the way."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from control_plane.schemas import Input, Moment, Output, Text, Words


class TestDriveIn(Input):
    """Which bot is tried out, and the language of the person at the phone."""

    bot_id: UUID
    locale: Literal["ru", "en"] = "ru"


class TextIn(Input):
    """What the person writes."""

    text: Words


class PressIn(Input):
    """A button of kind `press`: its message, and its `data`."""

    message_id: Annotated[int, Field(ge=1, lt=2**52)]
    data: Annotated[Text, Field(min_length=1, max_length=64)]


class PayIn(Input):
    """A button of kind `pay`: its `data`, and the test card; without one the payment is declined."""

    payment: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
    card: Annotated[str, StringConstraints(pattern=r"^[0-9 ]{12,23}$")] | None = None


class LinkIn(Input):
    """A button of kind `join`: its `data`."""

    link: Annotated[Text, StringConstraints(max_length=256, pattern=r"^https://t\.me/\S+$")]


class TestDriveOut(Output):
    """A test drive. A plan lasts `period_seconds`, and `reminder_seconds` before its end the reminder comes."""

    id: UUID
    bot_id: UUID
    bot_name: str
    bot_username: str
    locale: str
    is_mine: bool
    status: Literal["running", "ended"]
    end_reason: Literal["stopped", "time_over", "failed"] | None
    period_seconds: int
    reminder_seconds: int
    started_at: Moment
    ends_at: Moment
    ended_at: Moment | None


class TestDrivesOut(Output):
    """Test drives that are not removed yet, the newest first; without a sandbox there are none to be had."""

    is_available: bool
    items: list[TestDriveOut]


class DriveButtonOut(Output):
    """A button, and what it takes to use it: `press` → presses, `pay` → payments, `join` → joins, `link` → nothing."""

    text: str
    kind: Literal["press", "pay", "join", "link"]
    data: str


class DriveMessageOut(Output):
    """A message of the chat; `html` holds Telegram's tags only."""

    id: int
    author: Literal["bot", "person"]
    html: str
    buttons: list[list[DriveButtonOut]]
    sent_at: Moment
    edited_at: Moment | None


class DriveNoticeOut(Output):
    """What happened: granted, link_sent, request_approved, request_declined, joined, left, expired, removed."""

    kind: str
    channel: str | None
    at: Moment


class DriveChannelOut(Output):
    """Where the person stands in a channel."""

    title: str
    place: Literal["outside", "requested", "inside"]


class DriveStepOut(Output):
    """A step of the way, and how many seconds it took since the one before it, the first one since the start."""

    name: Literal["bought", "joined", "reminded", "expired"]
    reached_at: Moment | None
    seconds: float | None


class TestDriveStateOut(Output):
    """Everything that the phone shows. `version` grows with every change; pass it as `since` to wait for the next."""

    drive: TestDriveOut
    version: int
    now: Moment
    is_lost: bool
    """The sandbox was restarted and remembers nothing: stop, and start anew."""
    messages: list[DriveMessageOut]
    notices: list[DriveNoticeOut]
    channels: list[DriveChannelOut]
    steps: list[DriveStepOut]


class PaidOut(Output):
    """What became of the payment at the gateway; the bot hears of it a moment later."""

    status: Literal["succeeded", "canceled", "waiting_for_capture", "pending"]


class JoinedOut(Output):
    """What the link led to: `requested`, `joined`, `already_member`, or why not."""

    outcome: Literal["requested", "joined", "already_member", "banned", "revoked", "expired", "full", "invalid"]
