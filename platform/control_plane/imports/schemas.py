"""What is sent and shown of imports."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Base64Bytes, Field

from control_plane.schemas import IdempotenceKey, Input, Moment, Output, Text
from lumenpay.imports.columns import MAX_COLUMNS, DateHint
from lumenpay.imports.lines import DateOrder
from lumenpay.imports.rules import MAX_GRACE_DAYS
from lumenpay.models.imports import ImportField, ImportKind, ImportOutcome, ImportStatus

MAX_BASE64 = 960_000
Content = Annotated[Base64Bytes, Field(max_length=MAX_BASE64)]


class ImportColumnsIn(Input):
    """A file whose columns are asked for, as it is sent to be checked."""

    content: Content


class ImportColumnIn(Input):
    """What the owner says of a column, counted from 1; null where it is to be passed over."""

    column: Annotated[int, Field(ge=1, le=MAX_COLUMNS)]
    field: ImportField | None


class ImportIn(Input):
    """A file of up to 700 kB and 5,000 people, as base64: a CSV, or Telegram Desktop's `result.json`.

    Columns of a CSV are known by their titles, in English or Russian: `telegram_id`, `username`, `name`, `ends_at`,
    `note`, `tag`; one of the first two is needed. Where the titles are others, `columns` says what each column is;
    then only those are read, and a file without titles is read with `has_headings` false. Separator and encoding
    (UTF-8, UTF-16, Windows-1251) are found out. Dates are `2026-12-31` or `31.12.2026`, with or without a time, in the
    tenant's time zone; a day counts to its end. `date_order` says how `02/03/2026` is meant.

    `grace_days` is how long everybody stays at least, counted from the start: also whoever has no date or a past one.
    `idempotence_key` makes a repeated request the same import.
    """

    file_name: Annotated[Text, Field(max_length=255)] = ""
    content: Content
    plan_id: UUID
    grace_days: Annotated[int, Field(ge=0, le=MAX_GRACE_DAYS)] = 0
    columns: Annotated[list[ImportColumnIn], Field(max_length=MAX_COLUMNS)] | None = None
    has_headings: bool = True
    date_order: DateOrder = DateOrder.DAY_FIRST
    idempotence_key: IdempotenceKey


class ImportColumnOut(Output):
    """A column of a file: its heading, its first values that differ, and what it says as far as the heading tells.

    `date_hint` is there where it holds dates like `02/03/2026`, and tells which of the two numbers is the day.
    """

    column: int
    heading: str
    samples: list[str]
    field: ImportField | None
    date_hint: DateHint | None


class ImportColumnsOut(Output):
    """The first 100 columns of a CSV, and whether its first line seems to hold headings; none of a Telegram export."""

    kind: ImportKind
    has_headings: bool
    columns: list[ImportColumnOut]


class OutcomesOut(Output):
    """How many lines have which outcome."""

    created: int
    extended: int
    already: int
    claim: int
    claimed: int
    held: int
    repeated: int
    wrong: int


class ReadColumnOut(Output):
    """A column that was read: what it says, and in how many lines its value cannot be meant. `heading` may be empty."""

    column: int
    heading: str
    field: ImportField
    wrong: int


class ImportOut(Output):
    """An import. Until a line has had its turn, its outcome is a forecast.

    `created` get access, `extended` get more of it, `already` have or had it and nothing later is known of them,
    `claim` enter by a claim link, `claimed` have used it, `held` are held back, `repeated` stand further up in the
    file, `wrong` cannot be carried out.

    Held back is access for people who have none, while there is no room for them: `held_because` is `limit_reached`
    (the plan's limit of subscribers), `sales_paused` (the platform's bill) or `tenant_suspended`. Once there is room,
    starting the import again gives it to them; `can_go_on` says that it would look at them again.

    `first_ends_at` and `last_ends_at` are the earliest and the latest end of the access that is still to be given: a
    forecast too, and before the start one that counts the grace from now. Null where nobody is to get any.
    """

    id: UUID
    bot_id: UUID
    plan_id: UUID
    plan_title: str
    kind: ImportKind
    file_name: str
    columns: list[ReadColumnOut]
    grace_days: int
    grace_ends_at: Moment | None
    first_ends_at: Moment | None
    last_ends_at: Moment | None
    status: ImportStatus
    lines: int
    done: int
    outcomes: OutcomesOut
    held_because: str | None
    can_go_on: bool
    requested_by: UUID | None
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None


class ImportRowOut(Output):
    """A line of an import; `claim_url` is there while a claim link waits to be used.

    A `claim` with a `problem` was opened by its person when there was no room; the link stays good.
    `problem_field` tells which column of the file the `problem` is about, where it is about one. `until_at` is the date
    of the file, `ends_at` until when the line is going to give access; null where it gives none, or has had its turn.
    """

    line: int
    telegram_id: int | None
    username: str | None
    name: str
    until_at: Moment | None
    ends_at: Moment | None
    outcome: ImportOutcome
    problem: str
    problem_field: ImportField | None
    is_done: bool
    user_id: UUID | None
    claim_url: str | None
