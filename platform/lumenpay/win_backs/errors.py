"""What can go wrong with the win-back series."""

from __future__ import annotations

from lumenpay.errors import LumenError, NotFoundError


class WinBackInvalidError(LumenError):
    """These steps make no series; the fields say why."""

    code = "win_back_invalid"


class WinBackOfferNotFoundError(NotFoundError):
    """No such offer to this person."""

    code = "win_back_offer_not_found"
