"""What every kind of job is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Queue(StrEnum):
    """Celery queues; each can be given machines of its own."""

    MONEY = "money"
    UPDATES = "updates"
    ACCESS = "access"
    BROADCASTS = "broadcasts"
    HOUSEKEEPING = "housekeeping"
    WEBHOOKS = "webhooks"
    """Each job names a target, which may hang: of one target, and of one tenant, only a few are done at a time."""


@dataclass(frozen=True, slots=True)
class JobPayload:
    """Base of all payloads; a subclass is one kind of job."""

    kind: ClassVar[str]
    queue: ClassVar[Queue]
    version: ClassVar[int] = 1
    max_attempts: ClassVar[int] = 25
    """Tries before the job is dead; a try that was only postponed (`JobPostponed`) does not count."""
