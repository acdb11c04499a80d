"""What can go wrong with refunds."""

from __future__ import annotations

from lumenpay.errors import ConflictError, NotFoundError


class RefundNotFoundError(NotFoundError):
    """No such refund in this tenant."""

    code = "refund_not_found"


class PaymentNotRefundableError(ConflictError):
    """The payment was not paid through a gateway, or too long ago for the gateway to give it back."""

    code = "payment_not_refundable"


class RefundShopGoneError(ConflictError):
    """The shop that took the money is not connected any more: nothing can be asked of the gateway with its keys."""

    code = "refund_shop_gone"


class OnlyWholeRefundError(ConflictError):
    """Telegram gives Stars back whole: all of a payment, or nothing."""

    code = "only_whole_refund"


class RefundTooLargeError(ConflictError):
    """More than what is left of the payment, refunds that are on their way counted in."""

    code = "refund_too_large"

    def __init__(self) -> None:
        """Name the field."""
        super().__init__(fields={"amount_minor": "more_than_left"})


class RefundTransitionError(ConflictError):
    """The refund is in a state from which this move is not allowed."""

    code = "refund_transition_refused"
