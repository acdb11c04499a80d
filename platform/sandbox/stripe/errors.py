"""Stripe's error answers: a status, a type, mostly a code, and the parameter to blame."""

from typing import Any


class ApiError(Exception):
    """An answer of Stripe that is not a success."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        is_kept: bool = True,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.is_kept = is_kept
        """Whether an idempotency key remembers it: not when the endpoint never began to work."""
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """Return the error object."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code is not None:
            error |= {
                "code": self.code,
                "doc_url": f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}",
            }
        if self.param is not None:
            error["param"] = self.param
        return {"error": error | self.extra}


def invalid(message: str, *, param: str | None = None, code: str | None = None, is_kept: bool = True) -> ApiError:
    """Build the 400 for a request that breaks the rules."""
    return ApiError(message, code=code, param=param, is_kept=is_kept)


def not_played(what: str, param: str | None = None) -> ApiError:
    """Build the 400 for what Stripe offers and this stand-in does not: it never ignores silently."""
    return ApiError(f"This sandbox does not play {what}.", code="sandbox_not_played", param=param, is_kept=False)


def missing(kind: str, object_id: str, *, param: str = "id", status: int = 400) -> ApiError:
    """Build the answer that says the same for an absent object and for another account's object."""
    return ApiError(f"No such {kind}: '{object_id}'", status=status, code="resource_missing", param=param)


def card_error(code: str, message: str, *, decline_code: str | None = None, **extra: Any) -> ApiError:
    """Build the 402 for a card that was refused."""
    if decline_code is not None:
        extra["decline_code"] = decline_code
    return ApiError(message, status=402, kind="card_error", code=code, **extra)
