"""The market that the stories are played on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.stories.diary import Diary, open_diary
from tests.stories.story import Story, open_story
from tests.support.market import Market, market

__all__ = ["market"]
Opened = Callable[..., Awaitable[tuple[Story, Diary]]]


@pytest.fixture
def opened(market: Market, superuser_url: str) -> Opened:
    """Open a story, with the terms of its stall, and a diary of it."""

    async def open_both(**stall: Any) -> tuple[Story, Diary]:
        story = await open_story(market, **stall)
        return story, await open_diary(story, superuser_url)

    return open_both
