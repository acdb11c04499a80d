"""The test cards and what the gateway answers for each."""

from dataclasses import dataclass
from typing import Any

SUCCESS_CARD = "5555555555554477"


@dataclass(frozen=True, slots=True)
class Decline:
    """Who refused a payment and why, in the gateway's words."""

    party: str
    reason: str


GENERAL_DECLINE = Decline("payment_network", "general_decline")
DECLINES = {
    "5555555555554600": Decline("payment_network", "insufficient_funds"),
    "5555555555554543": Decline("payment_network", "card_expired"),
    "5555555555554592": Decline("payment_network", "3d_secure_failed"),
    "5555555555554584": Decline("yoo_money", "country_forbidden"),
}


def decline_for(card: str) -> Decline | None:
    """Return the refusal a card number leads to; None for the card that always pays.

    Any number that is no test card is refused as invalid.
    """
    digits = card.replace(" ", "")
    if digits == SUCCESS_CARD:
        return None
    return DECLINES.get(digits, Decline("payment_network", "invalid_card_number"))


def card_method(method_id: str, card: str, *, saved: bool) -> dict[str, Any]:
    """Return the payment method object of a card, with all but its first and last digits left out."""
    digits = card.replace(" ", "")
    return {
        "type": "bank_card",
        "id": method_id,
        "saved": saved,
        "status": "active" if saved else "inactive",
        "title": f"Bank card *{digits[-4:]}",
        "card": {
            "first6": digits[:6],
            "last4": digits[-4:],
            "expiry_year": "2031",
            "expiry_month": "12",
            "card_type": "MasterCard",
            "issuer_country": "RU",
        },
    }
