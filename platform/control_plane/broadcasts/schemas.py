"""Shapes of broadcasts."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from control_plane.exports.filters import read_query
from control_plane.schemas import IdempotenceKey, Input, Moment, MomentIn, Name, Output, Text, VersionIn
from lumenpay.broadcasts.audience import Segment, load_segment
from lumenpay.broadcasts.message import content_of
from lumenpay.broadcasts.readers_hours import LaterFigures
from lumenpay.broadcasts.rules import MAX_BUTTONS, MAX_CAPTION, MAX_ROWS, ButtonPlan, Content, SendingHours, limit_of
from lumenpay.broadcasts.service import Draft, version_of_draft
from lumenpay.broadcasts.slices import count_left
from lumenpay.messages.markup import visible_length
from lumenpay.models.broadcasts import (
    BroadcastCategory,
    BroadcastRecipient,
    BroadcastStatus,
    BroadcastTrigger,
    MediumKind,
    PauseReason,
    RecipientState,
    Repeats,
    ScheduledBroadcast,
)
from lumenpay.models.exports import ExportKind
from lumenpay.models.users import User
from lumenpay.users.narrowing import UserFilters

Query = Annotated[Text, Field(max_length=2_000)]


class BroadcastButtonIn(Input):
    """A button under the message: exactly one of an address, a plan and a promo code.

    Buttons of one `row` stand side by side, in the order in which they come.
    """

    row: Annotated[int, Field(ge=0, lt=MAX_ROWS)]
    text: Annotated[Text, Field(min_length=1, max_length=MAX_CAPTION)]
    url: Annotated[Text, Field(max_length=512)] | None = None
    plan_id: UUID | None = None
    promo_code_id: UUID | None = None


class BroadcastMessageIn(Input):
    """What a broadcast says: Telegram HTML with variables, under a medium or alone.

    `{name}` is the first name; `{plan}` the title of what somebody is subscribed to, the longest where there are
    several; `{paid_until}` the end of that, with its "until". The fallbacks stand for them where there is no name or no
    running subscription.

    `medium` is a file id of Telegram's that this bot may use, or an https address that Telegram fetches once, with the
    first test.
    """

    text: Annotated[Text, Field(min_length=1, max_length=8192)]
    medium_kind: MediumKind | None = None
    medium: Annotated[Text, Field(max_length=512)] | None = None
    buttons: Annotated[list[BroadcastButtonIn], Field(max_length=MAX_BUTTONS)] = []  # noqa: RUF012 - pydantic copies defaults
    name_fallback: Annotated[Text, Field(max_length=64)] = ""
    plan_fallback: Annotated[Text, Field(max_length=64)] = ""
    paid_until_fallback: Annotated[Text, Field(max_length=64)] = ""

    def content(self) -> Content:
        """Return what the use cases take."""
        buttons = tuple(ButtonPlan(**button.model_dump()) for button in self.buttons)
        fallbacks = (self.name_fallback, self.plan_fallback, self.paid_until_fallback)
        return Content(self.text, self.medium_kind, self.medium or None, buttons, *(text.strip() for text in fallbacks))


class BroadcastChangeIn(BroadcastMessageIn):
    """A whole broadcast, for whom it is, and the hours of the tenant's day in which people are written to.

    `query` is the query string of the list of subscribers, as its address shows it; page, size and sort are passed
    over, and an empty one means everybody of the bot. `until_hour` is the first hour that is too late.
    With `repeats`, the next one is written down when this one begins, for the same time of the tenant's day: it waits
    as a broadcast of its own, to be changed or thrown away. While the tenant may write to nobody, it is passed over.
    With a `trigger` it runs until it is stopped, and goes once to everybody of the list who since it began has come to
    the bot, or has left an order unpaid and has no access, `delay_minutes` after that; it cannot repeat then. That of
    `expired` goes to whose last access ended by itself so long ago, and to nobody to whom the win-back series writes,
    who asked for no such offers, or got money back.
    """

    title: Name
    category: BroadcastCategory = BroadcastCategory.NEWS
    query: Query = ""
    from_hour: Annotated[int, Field(ge=0, le=23)] = 0
    until_hour: Annotated[int, Field(ge=1, le=24)] = 24
    repeats: Repeats | None = None
    trigger: BroadcastTrigger | None = None
    delay_minutes: Annotated[int, Field(ge=0, le=129_600)] = 0
    version: VersionIn = None

    def draft(self) -> Draft:
        """Return what the use cases take."""
        hours = SendingHours(self.from_hour, self.until_hour)
        return Draft(
            self.title, self.content(), read_segment(self.query), self.category, hours, self.repeats, self.trigger,
            self.delay_minutes,
        )  # fmt: skip


class BroadcastIn(BroadcastChangeIn):
    """A new broadcast; `idempotence_key` makes a repeated request write one draft."""

    bot_id: UUID
    idempotence_key: IdempotenceKey


class BroadcastPreviewIn(BroadcastMessageIn):
    """A message that is not stored yet, for somebody with this name and subscription; an empty one has none.

    Without `paid_until_at`, the plan is one for ever.
    """

    bot_id: UUID
    locale: Literal["ru", "en"]
    name: Annotated[Text, Field(max_length=128)] = ""
    plan: Annotated[Text, Field(max_length=128)] = ""
    paid_until_at: MomentIn | None = None


class BroadcastSendIn(Input):
    """Sending what was read: with a `version`, only while it is still so."""

    version: VersionIn = None


class BroadcastScheduleIn(BroadcastSendIn):
    """When a broadcast begins; the hours in which people are written to count all the same.

    `in_readers_zones`: each reader gets it when their own clock shows what the tenant's shows at the moment. It begins
    with the earliest zone among its people; whose hour is over already then gets it at once, and whoever has chosen no
    zone in the bot at the moment itself. The sending hours stay those of the tenant's day. Not for one with a trigger.
    """

    at: MomentIn
    in_readers_zones: bool = False


class BroadcastTestIn(Input):
    """Whom a test goes to: a subscriber of the bot, or, without one, the account of the person (no key) who asks."""

    user_id: UUID | None = None


class BroadcastButtonOut(Output):
    """A button under the message."""

    row: int
    text: str
    url: str | None
    plan_id: UUID | None
    promo_code_id: UUID | None


class BroadcastPreviewOut(Output):
    """What a subscriber would be sent; rows of captions, the way out of the category last."""

    html: str
    buttons: list[list[str]]
    length: int
    max_length: int


class BroadcastAudienceOut(Output):
    """How many people of a list would be written to now, and how many would not: out of reach, or wanting none."""

    reached: int
    blocked: int
    opted_out: int


class BroadcastLaterOut(Output):
    """How many people wait for their hour, and when it is that of the next and of the last of them."""

    count: int
    next_at: Moment
    last_at: Moment


class BroadcastOut(Output):
    """A broadcast, and how far it is.

    `total_count` is empty until the audience is written down, at the beginning; `left_count` are those whose message is
    still to come. `uncertain_count` may have got it: a worker or Telegram's answer was lost. `blocked_count` cannot be
    written to; `skipped_count` wanted none meanwhile, or were left out by a stop. `rate_per_minute` is what went out
    lately and `seconds_left` how long the rest takes at that rate; both are empty unless messages go out.
    `last_sent_at` is when it last reached anybody: one with a `trigger` is `running` for as long as it is on.
    With `in_readers_zones` it goes out at an hour of each reader's own day; `waiting_for_hour` are those whose hour has
    not come, told only of a broadcast that is asked for by its id.
    One whose status is `scheduled` and that has `started_at` waits for the next hour in which people are written to.
    """

    id: UUID
    bot_id: UUID
    title: str
    text: str
    medium_kind: MediumKind | None
    medium: str | None
    buttons: list[BroadcastButtonOut]
    name_fallback: str
    plan_fallback: str
    paid_until_fallback: str
    category: BroadcastCategory
    query: str
    from_hour: int
    until_hour: int
    repeats: Repeats | None
    trigger: BroadcastTrigger | None
    delay_minutes: int
    length: int
    max_length: int
    status: BroadcastStatus
    paused_because: PauseReason | None
    scheduled_at: Moment | None
    in_readers_zones: bool
    waiting_for_hour: BroadcastLaterOut | None
    tested_at: Moment | None
    started_at: Moment | None
    started_by: UUID | None
    finished_at: Moment | None
    last_sent_at: Moment | None
    total_count: int | None
    left_count: int | None
    sent_count: int
    failed_count: int
    blocked_count: int
    uncertain_count: int
    skipped_count: int
    rate_per_minute: int | None
    seconds_left: int | None
    created_at: Moment
    version: str


class BroadcastRecipientOut(Output):
    """One person of the audience, and what became of their message.

    `reason` is Telegram's own words for one that failed; otherwise a code: `blocked`, `deactivated`, `not_started`,
    `chat_not_found`, `migrated`; `interrupted`, `no_answer`; `opted_out`, `stopped`, `has_access`.
    """

    user_id: UUID
    telegram_id: int
    name: str
    username: str | None
    state: RecipientState
    reason: str
    changed_at: Moment


def read_segment(query: str) -> Segment:
    """Return the list that a query string of the page of subscribers means.

    Raises:
        ExportInvalidError: The list would refuse it, or has no such parameter.
    """
    filters = read_query(ExportKind.SUBSCRIBERS, query)
    assert isinstance(filters, UserFilters)  # noqa: S101 - what the list of subscribers is read into
    return Segment(query.removeprefix("?"), filters)


def show_broadcast(row: ScheduledBroadcast, *, later: LaterFigures | None = None) -> BroadcastOut:
    """Return a broadcast as it is shown."""
    content = content_of(row)
    counts = ("sent_count", "failed_count", "blocked_count", "uncertain_count", "skipped_count")
    left = None if row.total_count is None else count_left(row)
    is_going = row.status == BroadcastStatus.RUNNING and row.rate_per_minute > 0
    same = (
        "id", "bot_id", "title", "text", "medium_kind", "medium", "name_fallback", "plan_fallback",
        "paid_until_fallback", "category", "from_hour", "until_hour", "repeats", "trigger", "delay_minutes", "status",
        "paused_because", "scheduled_at", "tested_at", "started_at", "started_by", "finished_at", "last_sent_at",
        "total_count", "created_at", *counts,
    )  # fmt: skip
    return BroadcastOut(
        **{name: getattr(row, name) for name in same},
        buttons=[BroadcastButtonOut.model_validate(button) for button in content.buttons],
        query=load_segment(row.segment).query, length=visible_length(row.text),
        max_length=limit_of(content.medium_kind), left_count=left, in_readers_zones=row.readers_hour_at is not None,
        waiting_for_hour=None if later is None else BroadcastLaterOut.model_validate(later),
        rate_per_minute=row.rate_per_minute if is_going else None,
        seconds_left=-(-left * 60 // row.rate_per_minute) if is_going and left is not None else None,
        version=version_of_draft(row),
    )  # fmt: skip


def show_recipient(recipient: BroadcastRecipient, user: User) -> BroadcastRecipientOut:
    """Return a person of the audience as they are shown."""
    return BroadcastRecipientOut(
        user_id=user.id, telegram_id=user.telegram_id, name=f"{user.first_name} {user.last_name}".strip(),
        username=user.username, state=recipient.state, reason=recipient.reason, changed_at=recipient.changed_at,
    )  # fmt: skip
