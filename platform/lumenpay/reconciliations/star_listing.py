"""Finding where in a list in the order of time the days of a run begin, without reading what lies before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from lumenpay.telegram.stars import MOST_LISTED


async def find_start(read_moment: Callable[[int], Awaitable[datetime | None]], *, since: datetime) -> int:
    """Return how many items to leave out so that none of `since` or later is; at most a page of older ones follows.

    Asks about one item here and there, some dozen times for a hundred thousand of them.

    Args:
        read_moment: Returns the moment of the item that comes after so many others; None beyond the end of the list.
    """
    begin, end = 0, MOST_LISTED
    while await _is_before(read_moment, end, since=since):
        begin, end = end + 1, end * 2
    while end - begin > MOST_LISTED:
        middle = (begin + end) // 2
        if await _is_before(read_moment, middle, since=since):
            begin = middle + 1
        else:
            end = middle
    return begin


async def _is_before(
    read_moment: Callable[[int], Awaitable[datetime | None]], position: int, *, since: datetime
) -> bool:
    moment = await read_moment(position)
    return moment is not None and moment < since
