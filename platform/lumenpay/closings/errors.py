"""What keeps a tenant from leaving."""

from __future__ import annotations

from lumenpay.errors import ConflictError, LumenError


class NameMismatchError(LumenError):
    """The typed name is not the tenant's: perhaps another one was meant."""

    code = "name_mismatch"


class StillBilledError(ConflictError):
    """The platform's subscription still runs and would go on charging."""

    code = "still_billed"
