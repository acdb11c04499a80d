"""What can go wrong with promo codes."""

from __future__ import annotations

from lumenpay.errors import ConflictError, LumenError, NotFoundError


class PromoCodeNotFoundError(NotFoundError):
    """No such promo code in this tenant."""

    code = "promo_code_not_found"


class PromoCodeTakenError(ConflictError):
    """The bot has a promo code with this text already."""

    code = "promo_code_taken"


class PromoCodeRefusedError(LumenError):
    """The code does not work for this person and plan now.

    Attributes:
        reason: `unknown`, `inactive`, `not_started`, `expired`, `wrong_plan`, `wrong_currency`, `used_up`,
            `used_by_you` or `first_purchase_only`.
    """

    code = "promo_code_refused"

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason, fields={"promo_code": reason})
        self.reason = reason
