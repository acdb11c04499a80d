"""What a job may say besides having worked."""

from __future__ import annotations


class JobPostponed(Exception):  # noqa: N818 - not an error: the job is fine and its time has not come
    """The job cannot run now, through no fault of its own; it comes back later."""

    def __init__(self, reason: str, *, retry_after_seconds: float, does_count: bool = False) -> None:
        """Keep when to come back, and whether this try counts towards the limit."""
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds
        self.does_count = does_count


class JobRefused(Exception):  # noqa: N818 - the answer to a job, not a defect
    """The job can never work; it is dead at once, with the reason, and waits for a human."""
