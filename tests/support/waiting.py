"""Waiting for something to become true, with a deadline: the only kind of waiting in tests."""

from __future__ import annotations

import asyncio
import inspect
import os
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(condition: Callable[[], T | Awaitable[T]], *, seconds: float = 10.0, what: str = "") -> T:
    """Return the first truthy value of the condition.

    Raises:
        AssertionError: It stayed falsy until the deadline.
    """
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if inspect.isawaitable(value):
            value = await value
        if value:
            return value
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {seconds} s: {what or getattr(condition, '__name__', condition)}")
        await asyncio.sleep(0.02)


PROMPT_SECONDS = 3.0 if "PYTEST_XDIST_WORKER" in os.environ else 1.0
"""How soon what is good is done amid what is bad: a second, and three where other tests have most of the processors."""
