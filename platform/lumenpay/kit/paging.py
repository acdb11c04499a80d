"""One page of a list, and the bounds of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")

MAX_PAGE_SIZE = 200
DEFAULT_PAGE_SIZE = 50
COUNT_CAP = 10_000
"""A narrowed list is counted so far, and so far it can be paged through."""
COSTLY_COUNT_CAP = 2_000
"""The same for people whom no index has together: searched for, counted by a figure, or without any access ever."""
WHOLE_COUNT_CAP = 100_000
"""A list that is not narrowed is counted so far; each of its pages can be reached all the same."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for; pages count from 1."""

    page: int = 1
    size: int = DEFAULT_PAGE_SIZE

    @property
    def offset(self) -> int:
        """Rows before the page."""
        return (self.page - 1) * self.size


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The rows of one page, and how many rows the whole list has."""

    items: list[Item]
    total: int


@dataclass(frozen=True, slots=True)
class CountedPage(Page[Item]):
    """A page of a list that may be too long to count: then `total` is the cap, and there are more rows."""

    is_total_exact: bool
