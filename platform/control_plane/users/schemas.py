"""Subscribers as the portal sees them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field

from control_plane.schemas import IdempotenceKey, Input, Moment, MomentIn, MoneyOut, Output, Text, VersionIn
from control_plane.subscriptions.schemas import AutopayOut
from lumenpay.models.access import ActualPlace, WantedPlace
from lumenpay.models.subscriptions import SubscriptionStatus
from lumenpay.users.rules import Reach, name_source

MAX_DAYS = 3660


class UserChangeIn(Input):
    """Whether the person may be inside without paying."""

    is_whitelisted: bool


class NoteIn(Input):
    """What the tenant's people remember about the person; an empty text takes it away."""

    note: Annotated[Text, Field(max_length=4_000)]
    version: VersionIn = None


class GrantIn(Input):
    """Access to a plan without money: for `days`, until a moment, or for the plan's own period where neither is given.

    What is left of the person's access is added to. `idempotence_key` makes a repeated request give once.
    """

    plan_id: UUID
    days: Annotated[int | None, Field(ge=1, le=MAX_DAYS)] = None
    until_at: MomentIn | None = None
    idempotence_key: IdempotenceKey


class UserOut(Output):
    """A subscriber as one bot knows them; `note_version` is sent back with another note.

    From `erasure_asked_at` on they are being forgotten, and nothing can be changed. From `erased_at` on nothing tells
    who it was: `telegram_id` is a random number below zero. Nobody writes to them (`reach` is `blocked` or
    `not_started`), and `blocked_bot_at` says nothing.

    Who was imported and has never written to the bot has no `met_at` and no `last_seen_at`. `reach` tells whether the
    bot can write to the person: `not_started` is who was imported and has not started the bot yet.
    """

    id: UUID
    bot_id: UUID
    telegram_id: int
    first_name: str
    last_name: str
    username: str | None
    locale: str
    source: Annotated[str, AfterValidator(name_source)]
    note: str
    note_version: str
    is_whitelisted: bool
    reach: Reach
    blocked_bot_at: Moment | None
    erasure_asked_at: Moment | None
    erased_at: Moment | None
    created_at: Moment
    met_at: Moment | None
    last_seen_at: Moment | None


class UserSubscriptionOut(Output):
    """A subscription of the person; without an end it is for a lifetime.

    While it is paused, what lies between `paused_until_at` and `ends_at` is what is left.
    """

    id: UUID
    plan_id: UUID
    plan_title: str
    status: SubscriptionStatus
    starts_at: Moment
    ends_at: Moment | None
    access_ends_at: Moment | None
    paused_until_at: Moment | None


class UserRowOut(UserOut):
    """A subscriber as the list shows them, with subscriptions (the longest lasting first) and tags."""

    subscriptions: list[UserSubscriptionOut]
    is_inside: bool
    tags: list[str]


class MembershipOut(Output):
    """Where the person should be and was last seen, in one channel."""

    channel_id: UUID
    channel_title: str
    wanted: WantedPlace
    actual: ActualPlace
    actual_seen_at: Moment | None
    joined_at: Moment | None


class PaidOut(Output):
    """What the person paid in one currency, and how often."""

    total: MoneyOut
    count: int


class UserAutopayOut(AutopayOut):
    """The autopay of one of the person's subscriptions."""

    subscription_id: UUID


class UserDetailsOut(UserRowOut):
    """A subscriber with everything around them.

    `changed_to` is of subscriptions that ended by a change of plan: the new plan's title, by the id of the old one.
    """

    changed_to: dict[UUID, str]
    autopays: list[UserAutopayOut]
    memberships: list[MembershipOut]
    paid: list[PaidOut]


class TagsOut(Output):
    """Tags, by name."""

    tags: list[str]


class SourceNamesOut(Output):
    """Payloads of a first /start; `ref`, `claim`, `gift`, `code` and `import` stand for all of their kind."""

    sources: list[str]


class HappeningOut(Output):
    """One thing that happened; `source` is the book that tells it, `details` depend on it.

    - `payments`: `ordered`, `paid`, `canceled`;
    - `access`: `granted`, `paused`, `resumed`, `link_sent`, `request_approved`, `request_declined`, `joined`, `left`,
      `link_revoked`, `expired`, `removed`, `removal_skipped`;
    - `periods`: `opened`, `renewed`;
    - `reminders`: `reminded`;
    - `broadcasts`: `broadcast_sent`;
    - `jobs`: `message_failed`;
    - `users`: `met`, `blocked_bot`, `not_started`;
    - `audit`: what a person of the tenant or of the platform did, by its action in the audit log.
    """

    at: Moment
    source: str
    id: UUID
    action: str
    details: dict[str, Any]


class TimelineOut(Output):
    """What happened, the latest first; `next_cursor` leads further back and is empty at the end."""

    items: list[HappeningOut]
    next_cursor: str | None
