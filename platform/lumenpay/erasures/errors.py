"""What can go wrong when somebody is to be forgotten."""

from __future__ import annotations

from lumenpay.errors import ConflictError


class AccessStillRunsError(ConflictError):
    """The person has access that was paid for or given, and nobody said that it may end."""

    code = "access_still_runs"
