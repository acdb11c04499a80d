"""How often people and API keys may call, and the headers that say so."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request

from control_plane.edge import RATE_LIMIT
from lumenpay.admins.calls import WINDOW_SECONDS, CallLimiter
from lumenpay.admins.errors import AttemptsUncountedError, TooManyRequestsError
from lumenpay.admins.limits import AttemptLimiter
from lumenpay.api_keys.errors import CallsUncountedError, TooManyCallsError
from lumenpay.api_keys.rules import CALLS
from lumenpay.models.ids import AdminId, TenantId

READING = frozenset({"GET", "HEAD"})


async def count_call(request: Request, attempts: AttemptLimiter, key_id: UUID) -> None:
    """Count a call of a key, and have every answer to it say what is left.

    Raises:
        TooManyCallsError: It was one too many.
        CallsUncountedError: Redis does not answer.
    """
    try:
        left = await attempts.spend(CALLS, "api_key", str(key_id))
    except AttemptsUncountedError as error:
        raise CallsUncountedError(retry_after_seconds=error.retry_after_seconds) from error
    _tell(
        request, limit=left.item.amount, window_seconds=left.item.get_expiry(), remaining=left.remaining,
        reset_seconds=left.reset_seconds,
    )  # fmt: skip
    if left.is_spent:
        raise TooManyCallsError(retry_after_seconds=left.reset_seconds)


async def count_persons_call(
    request: Request, calls: CallLimiter, person_id: AdminId, tenant_id: TenantId | None
) -> None:
    """Count a call of a person who is logged in, and one of the tenant's where they belong to it; Redis or not.

    Raises:
        TooManyRequestsError: It was one too many.
    """
    left = await calls.count(person=person_id, tenant=tenant_id, is_change=request.method not in READING)
    _tell(
        request, limit=left.limit, window_seconds=WINDOW_SECONDS, remaining=left.remaining,
        reset_seconds=left.reset_seconds,
    )  # fmt: skip
    if left.is_spent:
        raise TooManyRequestsError(retry_after_seconds=left.reset_seconds)


async def count_outside_tenants(request: Request, calls: CallLimiter, person_id: AdminId) -> None:
    """Count a call that is about no tenant; others are counted once it is known whether the person belongs there.

    Raises:
        TooManyRequestsError: It was one too many.
    """
    if "tenant_id" not in request.path_params:
        await count_persons_call(request, calls, person_id, None)


def _tell(request: Request, *, limit: int, window_seconds: int, remaining: int, reset_seconds: float) -> None:
    values = {
        "ratelimit-limit": limit, "ratelimit-remaining": remaining, "ratelimit-reset": round(reset_seconds),
        "ratelimit-policy": f"{limit};w={window_seconds}",
    }  # fmt: skip
    # The edge puts them into the answer, whatever the answer is.
    setattr(request.state, RATE_LIMIT, [(name.encode(), str(value).encode()) for name, value in values.items()])
