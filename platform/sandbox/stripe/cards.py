"""The documented test cards, by number and by token, and how charges of them end."""

from dataclasses import dataclass

from sandbox.stripe.errors import ApiError, card_error


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a card is refused: the error's code, the bank's code and the sentence for the payer."""

    code: str
    decline_code: str | None
    message: str

    def error(self, **extra: object) -> ApiError:
        """Return the 402 that says so."""
        return card_error(self.code, self.message, decline_code=self.decline_code, **extra)


@dataclass(frozen=True, slots=True)
class Card:
    """A test card. `on_save` refuses to keep it, `on_charge` refuses each charge, `asks` needs the payer each time."""

    number: str
    brand: str
    title: str
    on_save: Refusal | None = None
    on_charge: Refusal | None = None
    asks: bool = False

    @property
    def last4(self) -> str:
        """Return what is shown of the number."""
        return self.number[-4:]


def _declined(decline_code: str, message: str = "Your card was declined.") -> Refusal:
    return Refusal("card_declined", decline_code, message)


GENERIC = _declined("generic_decline")
NO_MONEY = _declined("insufficient_funds", "Your card has insufficient funds.")
LOST = _declined("lost_card")
EXPIRED = Refusal("expired_card", "expired_card", "Your card has expired.")
WRONG_CVC = Refusal("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
TRY_LATER = Refusal(
    "processing_error", "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)  # fmt: skip
AUTHENTICATION = Refusal(
    "authentication_required", "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)  # fmt: skip
INCORRECT_NUMBER = Refusal("incorrect_number", None, "Your card number is incorrect.")

_CARDS = (
    Card("4242424242424242", "visa", "Pays"),
    Card("5555555555554444", "mastercard", "Pays (Mastercard)"),
    Card("4000000000000002", "visa", "Declined", GENERIC, GENERIC),
    Card("4000000000009995", "visa", "Insufficient funds", NO_MONEY, NO_MONEY),
    Card("4000000000009987", "visa", "Lost card", LOST, LOST),
    Card("4000000000000069", "visa", "Expired card", EXPIRED, EXPIRED),
    Card("4000000000000127", "visa", "Wrong security code", WRONG_CVC, WRONG_CVC),
    Card("4000000000000119", "visa", "Processing error", TRY_LATER, TRY_LATER),
    Card("4000000000000341", "visa", "Is saved, then declined", None, GENERIC),
    Card("4000002760003184", "visa", "Asks the payer each time", asks=True),
)
BY_NUMBER = {card.number: card for card in _CARDS}
SUCCESS = _CARDS[0]
_TOKENS = {
    "visa": "4242424242424242",
    "mastercard": "5555555555554444",
    "chargeDeclined": "4000000000000002",
    "visa_chargeDeclined": "4000000000000002",
    "chargeDeclinedInsufficientFunds": "4000000000009995",
    "visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "visa_chargeDeclinedLostCard": "4000000000009987",
    "chargeDeclinedExpiredCard": "4000000000000069",
    "chargeDeclinedIncorrectCvc": "4000000000000127",
    "chargeDeclinedProcessingError": "4000000000000119",
    "chargeCustomerFail": "4000000000000341",
    "authenticationRequired": "4000002760003184",
}


def card_of_token(token: str) -> Card | None:
    """Return the card of `tok_visa` or `pm_card_visa` and their kin."""
    for prefix in ("pm_card_", "tok_"):
        if token.startswith(prefix):
            number = _TOKENS.get(token.removeprefix(prefix))
            return BY_NUMBER[number] if number else None
    return None


def card_of_number(number: str) -> Card:
    """Return the card with a number.

    Raises:
        ApiError: It is no test card: a real one would be refused in test mode too.
    """
    digits = "".join(number.split())
    card = BY_NUMBER.get(digits)
    if card is not None:
        return card
    if not digits.isdigit() or not 12 <= len(digits) <= 19:
        raise INCORRECT_NUMBER.error(param="number")
    raise _declined(
        "live_mode_test_card", "Your card was declined. Your request was in test mode, but used a non test card."
    ).error()
