"""What can go wrong with payments and gateways."""

from __future__ import annotations

from lumenpay.errors import ConflictError, ErrorKind, LumenError, NotFoundError, UnavailableError


class PaymentNotFoundError(NotFoundError):
    """No such payment in this tenant."""

    code = "payment_not_found"


class NoticeNotFoundError(NotFoundError):
    """No notice of the gateway was set aside under this id."""

    code = "payment_notice_not_found"


class OwnedForEverError(ConflictError):
    """The person has the plan for ever: there is nothing to add to it."""

    code = "owned_for_ever"


class TermsChangedError(ConflictError):
    """The order would be on other terms than the ones that the person was shown."""

    code = "terms_changed"


class PaymentTransitionError(ConflictError):
    """The payment is in a state from which this move is not allowed."""

    code = "payment_transition_refused"


class GatewayUnavailableError(UnavailableError):
    """No usable answer of the gateway.

    Attributes:
        is_outcome_unknown: The call may have been carried out: repeat it with the same key, or look it up.
    """

    code = "gateway_unavailable"

    def __init__(
        self, message: str = "", *, is_outcome_unknown: bool, retry_after_seconds: float | None = None
    ) -> None:
        """Keep whether the call may have worked, and when to come back."""
        super().__init__(message, retry_after_seconds=retry_after_seconds)
        self.is_outcome_unknown = is_outcome_unknown


class GatewayRefusedError(LumenError):
    """The gateway refuses the request for good."""

    code = "gateway_refused"
    kind = ErrorKind.CONFLICT

    def __init__(self, reason: str, *, parameter: str = "") -> None:
        """Keep the gateway's own code and the offending parameter."""
        super().__init__(f"{reason} {parameter}".strip())
        self.reason, self.parameter = reason, parameter


class GatewayCredentialsError(LumenError):
    """The gateway does not accept the shop's keys: nothing can be done with them."""

    code = "gateway_credentials"
    kind = ErrorKind.CONFLICT


class GatewayForbiddenError(LumenError):
    """The gateway knows the keys, and does not let the shop do this; whatever else it may do, it still may."""

    code = "gateway_forbidden"
    kind = ErrorKind.CONFLICT


class GatewayNotFoundError(LumenError):
    """The shop has no such object."""

    code = "gateway_not_found"
    kind = ErrorKind.NOT_FOUND
