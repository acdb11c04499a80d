"""Shapes that every noun's endpoints share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from lumenpay.db.cursors import CursorPage, CursorRequest, unpack_cursor
from lumenpay.db.narrowing import Span
from lumenpay.kit.paging import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, CountedPage, PageRequest

Item = TypeVar("Item")


def refuse_unstorable(text: str) -> str:
    """Return the text if the database can store it."""
    if any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("contains characters that cannot be stored")
    return text


Text = Annotated[str, AfterValidator(refuse_unstorable)]
# The constraints stand first: after a validator of ours they would count the blanks that are then taken away.
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=128),
    AfterValidator(refuse_unstorable),
]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4096),
    AfterValidator(refuse_unstorable),
]
"""What somebody says in a chat: as long as one message may be, and not blank."""
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Moment = Annotated[
    datetime,
    PlainSerializer(lambda moment: moment.astimezone(UTC).isoformat().replace("+00:00", "Z"), return_type=str),
]


_FIRST_YEAR, _LAST_YEAR = 1970, 2199


def _need_zone(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("needs an offset, as in 2026-11-24T12:00:00Z")
    # The ends of the calendar overflow as soon as somebody adds an hour to them.
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError("out of range")
    return moment.astimezone(UTC)


MomentIn = Annotated[datetime, AfterValidator(_need_zone)]


class Input(BaseModel):
    """A body that a client sends; unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Output(BaseModel):
    """A body that we send; every field is always there."""

    model_config = ConfigDict(from_attributes=True)


class MoneyOut(Output):
    """A sum in integer minor units (kopecks, cents)."""

    amount_minor: int
    currency: str


class PageOut(Output, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    total: int
    page: int
    size: int


class CountedPageOut(PageOut[Item], Generic[Item]):
    """One page of a list that may be long.

    `total` is exact unless `is_total_exact` is false: then there are more than that. A list that is not narrowed is
    counted up to 100,000, and each of its pages can be reached; a narrowed one is counted up to 10,000, one of people
    who are searched for, were counted by a figure or never had access up to 2,000. Pages beyond that are refused with
    `page_too_deep`.
    """

    is_total_exact: bool


def show_page(found: CountedPage[Any], items: list[Item], page: PageRequest) -> CountedPageOut[Item]:
    """Return a page of a list that may be long, with its rows as they are shown."""
    return CountedPageOut(
        items=items, total=found.total, page=page.page, size=page.size, is_total_exact=found.is_total_exact
    )


class CursorPageOut(Output, Generic[Item]):
    """Some rows of a list, and what to send as `after` to go on; nothing when these are the last."""

    items: list[Item]
    next_cursor: str | None


def show_cursor_page(found: CursorPage[Any], items: list[Item]) -> CursorPageOut[Item]:
    """Return some rows of a list as they are shown, and where it goes on."""
    return CursorPageOut(items=items, next_cursor=None if found.next is None else found.next.pack())


class ErrorOut(Output):
    """What went wrong: a stable code, words for a developer, and the offending fields with a code each."""

    code: str
    message: str
    fields: dict[str, str]


PageNumber = Annotated[int, Query(ge=1, le=100_000, description="Page, counted from 1.")]
PageSize = Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE, description="Rows on a page.")]
Amount = Annotated[int, Field(ge=0, le=10**12, description="Minor units: kopecks, cents.")]


IdempotenceKey = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]{8,48}$",
        description="Made by the client for one intention, a UUID for example: sent again, it changes nothing more.",
    ),
]
VersionIn = Annotated[
    Text | None,
    Field(
        max_length=64,
        description="`version` of what was read: if it has changed since, nothing is stored and the answer is "
        "`changed_meanwhile`. Without one, whatever is there is replaced.",
    ),
]
Search = Annotated[Text | None, Query(max_length=64)]
After = Annotated[Text | None, Query(max_length=256, description="`next_cursor` of the answer before.")]
CreatedFrom = Annotated[MomentIn | None, Query(description="Made at this moment or later.")]
CreatedUntil = Annotated[MomentIn | None, Query(description="Made before this moment.")]


def read_created(created_from: CreatedFrom = None, created_until: CreatedUntil = None) -> Span:
    """Return when the rows that are asked for were made."""
    return Span(created_from, created_until)


def read_cursor(after: After = None, size: PageSize = DEFAULT_PAGE_SIZE) -> CursorRequest:
    """Return where a list goes on."""
    return CursorRequest(None if after is None else unpack_cursor(after), size)


def read_page(page: PageNumber = 1, size: PageSize = DEFAULT_PAGE_SIZE) -> PageRequest:
    """Return which page is asked for."""
    return PageRequest(page, size)
