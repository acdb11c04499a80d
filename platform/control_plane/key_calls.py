"""How often an API key may be used, and the headers that say so."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request

from control_plane.edge import RATE_LIMIT
from lumenpay.admins.errors import AttemptsUncountedError
from lumenpay.admins.limits import AttemptLimiter
from lumenpay.api_keys.errors import CallsUncountedError, TooManyCallsError
from lumenpay.api_keys.rules import CALLS


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
    limit, window = left.item.amount, left.item.get_expiry()
    values = {
        "ratelimit-limit": limit, "ratelimit-remaining": left.remaining, "ratelimit-reset": round(left.reset_seconds),
        "ratelimit-policy": f"{limit};w={window}",
    }  # fmt: skip
    # The edge puts them into the answer, whatever the answer is.
    setattr(request.state, RATE_LIMIT, [(name.encode(), str(value).encode()) for name, value in values.items()])
    if left.is_spent:
        raise TooManyCallsError(retry_after_seconds=left.reset_seconds)
