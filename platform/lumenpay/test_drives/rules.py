"""Pure rules of test drives: the fast clock, the limits, the numbers in the sandbox, and the steps."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from lumenpay.models.ids import FIRST_DRIVE_TENANT, TenantId

PERIOD_SECONDS = 40
"""How long every plan lasts in a test drive, whatever it lasts outside."""
REMINDER_SECONDS = 20
"""How long before the end the reminder comes."""
LONGEST = timedelta(hours=1)
REMOVAL_PAUSE = timedelta(seconds=60)
"""The copy outlives the drive by so much: a try that had begun comes to its end (after 50 seconds at most), and every
process has forgotten the webhook's address (after 30) before the rows that it leads to are gone."""
MAX_AT_ONCE = 20
"""Test drives of the whole installation, those that wait for their removal among them."""
MAX_ACTIONS = 300
"""What one person may do in one test drive."""
MAX_PLANS = 10

STEPS: Final = ("bought", "joined", "reminded", "expired")
_FIRST_NUMBER = 4_000_000_000_000_000
"""Ids of people, bots and chats of a test drive are beyond all that Telegram gives out, and within its 52 bits."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way, when it was reached, and how long after the one before (the start, for the first)."""

    name: str
    reached_at: datetime | None
    seconds: float | None


def new_drive_tenant_id() -> TenantId:
    """Return a fresh id out of the range that only tenants of test drives have."""
    return TenantId(UUID(int=FIRST_DRIVE_TENANT.int | secrets.randbits(96)))


def new_telegram_number() -> int:
    """Return a fresh id that is no real account's or chat's (a chat's is negative)."""
    return _FIRST_NUMBER + secrets.randbelow(_FIRST_NUMBER // 10)


def decide_steps(reached: Mapping[str, datetime], *, started_at: datetime) -> list[Step]:
    """Return the steps in order; how long one took is counted from the last one before it that was reached."""
    steps, before = [], started_at
    for name in STEPS:
        at = reached.get(name)
        steps.append(Step(name, at, None if at is None else max(0.0, (at - before).total_seconds())))
        before = at or before
    return steps
