"""Timelines, which more than one noun has."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from control_plane.schemas import Text
from control_plane.users.schemas import HappeningOut, TimelineOut
from lumenpay.access.timeline import TimelinePage
from lumenpay.kit.paging import MAX_PAGE_SIZE

Cursor = Annotated[Text | None, Query(max_length=200, description="`next_cursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE)]


def show_timeline(page: TimelinePage) -> TimelineOut:
    """Return a page of a timeline as it is sent."""
    return TimelineOut(items=[HappeningOut.model_validate(item) for item in page.items], next_cursor=page.next_cursor)
