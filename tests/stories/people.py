"""More people than one in a story: each with a phone, and with a name in the diary."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.stories.diary import Diary
from tests.stories.story import Story
from tests.support.chat import open_phone


async def bring(story: Story, diary: Diary, name: str, **person: Any) -> Story:
    """Let somebody else come to the stall, whom the diary calls by `name`; return the story as theirs."""
    phone = await open_phone(story.stall, **person)
    # The bot hears of each update once, whoever's phone takes it.
    story.buyer.seen += phone.seen
    phone.seen = story.buyer.seen
    diary.names[phone.id] = name
    return replace(story, buyer=phone, entry_url="")


def of(name: str, *lines: str) -> list[str]:
    """Return what a diary says of the buyer, said of somebody else."""
    return [line.replace(" buyer", f" {name}", 1) for line in lines]


def said(name: str, text: str) -> str:
    """Return how a diary writes down a message to somebody."""
    return f"sendMessage {name} {text[:24].strip()}"


def shown(name: str, text: str) -> str:
    """Return how a diary writes down that a message to somebody has changed."""
    return f"editMessageText {name} {text[:24].strip()}"
