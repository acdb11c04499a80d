"""What can go wrong with gifts."""

from __future__ import annotations

from lumenpay.errors import ConflictError, NotFoundError


class GiftNotFoundError(NotFoundError):
    """No such gift in this tenant."""

    code = "gift_not_found"


class GiftNotWaitingError(ConflictError):
    """Somebody took the gift, or its link is closed: there is nothing to send or to close any more."""

    code = "gift_not_waiting"
