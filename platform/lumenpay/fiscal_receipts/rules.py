"""Pure rules of fiscal receipts: what stands in one, which address will do, when it is asked about or tried again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from lumenpay.kit.money import Money
from lumenpay.models.fiscal_receipts import ContactKind, PaymentMode, PaymentSubject, ReceiptKind, ReceiptState

S = ReceiptState
TRANSITIONS: Final[dict[ReceiptState, frozenset[ReceiptState]]] = {
    S.DUE: frozenset({S.PENDING, S.REGISTERED, S.FAILED}),
    S.PENDING: frozenset({S.REGISTERED, S.FAILED}),
    # Registered late, or by hand at the gateway: what is so counts.
    S.FAILED: frozenset({S.PENDING, S.REGISTERED}),
    S.REGISTERED: frozenset(),
}
VAT_CODES: Final = frozenset(range(1, 13))
"""1 none, 2 0 %, 3 10 %, 4 20 %, 5 10/110, 6 20/120, 7 5 %, 8 7 %, 9 5/105, 10 7/107; since 2026 also 11 22 % and 12
22/122."""
CURRENCY: Final = "RUB"
"""Cash registers count roubles only."""
LONGEST_DESCRIPTION: Final = 128

NOT_REGISTERED: Final = "not_registered"
"""The gateway says that the cash register did not take it."""
NO_CONTACT: Final = "no_contact"
NO_ANSWER: Final = "no_answer"
"""The gateway has said nothing of it for three days: there may be no cash register."""

TRIED_BY_ITSELF: Final = 3
"""So often a failed receipt is tried again before somebody has to look."""
_PAUSES: Final = (timedelta(minutes=10), timedelta(hours=2), timedelta(hours=12))
_WAITS_FOR: Final = timedelta(days=3)
_YOUNG: Final = timedelta(hours=1)
_HOPELESS: Final = frozenset({NO_CONTACT, NO_ANSWER})
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_LONGEST_EMAIL: Final = 254
_SHORTEST_PHONE, _LONGEST_PHONE = 10, 15
_RUSSIAN_DIGITS: Final = 11


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a receipt goes. Never printed: it is somebody's address."""

    kind: ContactKind
    value: str = field(repr=False)

    def as_customer(self) -> dict[str, str]:
        """Return it as the gateway writes it."""
        return {self.kind.value: self.value}


@dataclass(frozen=True, slots=True)
class ReceiptTerms:
    """What a receipt says of the one thing that was paid for."""

    title: str
    vat_code: int
    subject: PaymentSubject
    mode: PaymentMode
    tax_system_code: int | None


def read_contact(words: str, *, takes_phone: bool) -> Contact | None:
    """Return the e-mail address, or the phone number where one will do, that a person wrote; nothing for anything else.

    A Russian number may begin with 8 or +7; any other needs its `+` and the code of its country.
    """
    text = words.strip()
    if len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text) and ".." not in text and ".@" not in text:
        return Contact(ContactKind.EMAIL, text)
    digits = re.sub(r"[ ()\-\u00a0]", "", text)
    if not takes_phone or not re.fullmatch(r"\+?[0-9]+", digits):
        return None
    number = digits.lstrip("+")
    if not digits.startswith("+"):
        if len(number) == _SHORTEST_PHONE and number.startswith("9"):
            number = "7" + number
        elif len(number) != _RUSSIAN_DIGITS or number[0] not in "78":
            return None
        number = "7" + number[1:]
    is_possible = _SHORTEST_PHONE <= len(number) <= _LONGEST_PHONE and number[0] != "0"
    return Contact(ContactKind.PHONE, number) if is_possible else None


def will_do(kind: ContactKind, *, takes_phone: bool) -> bool:
    """Tell whether a receipt can be sent to a contact of this kind."""
    return kind == ContactKind.EMAIL or takes_phone


def mask_contact(value: str) -> str:
    """Return an address so that its owner knows it and nobody else does."""
    name, at, host = value.partition("@")
    return f"{name[:1]}•••@{host}" if at else f"+{value[:1]} ••• {value[-2:]}"


def needs_receipt(*, is_on: bool, amount: Money) -> bool:
    """Tell whether a payment of this sum is to have a receipt."""
    return is_on and amount.amount_minor > 0 and amount.currency == CURRENCY


def make_receipt(terms: ReceiptTerms, *, contact: Contact, amount: Money) -> dict[str, Any]:
    """Return the receipt that goes along with a payment or a refund: one item, whose sum is that of the operation."""
    receipt: dict[str, Any] = {"customer": contact.as_customer(), "items": [_make_item(terms, amount)]}
    return receipt | _tax_system(terms)


def make_later_receipt(
    terms: ReceiptTerms, *, contact: Contact, amount: Money, kind: ReceiptKind, subject_id: str
) -> dict[str, Any]:
    """Return the body of a call that makes a receipt by itself; `subject_id` is the gateway's id of what it is for."""
    return {
        "type": kind.value,
        f"{kind.value}_id": subject_id,
        "customer": contact.as_customer(),
        "items": [_make_item(terms, amount)],
        "send": True,
        "settlements": [{"type": "cashless", "amount": _write(amount)}],
    } | _tax_system(terms)


def resize_receipt(receipt: dict[str, Any], amount: Money) -> dict[str, Any]:
    """Return a receipt of a payment for a part of its sum, as its refund needs it."""
    return receipt | {"items": [receipt["items"][0] | {"amount": _write(amount)}]}


def can_move(current: ReceiptState, new: ReceiptState) -> bool:
    """Tell whether a receipt may go from one state to another."""
    return new in TRANSITIONS[current]


def next_question_at(*, since: datetime, now: datetime) -> datetime | None:
    """Return when to ask the gateway again about a pending receipt: every minute at first, never after three days."""
    age = now - since
    if age > _WAITS_FOR:
        return None
    return now + (timedelta(minutes=1) if age < _YOUNG else timedelta(minutes=30))


def next_attempt_at(*, attempts: int, failure: str, now: datetime) -> datetime | None:
    """Return when a failed receipt is tried again by itself; nothing where only a human can help."""
    if attempts >= TRIED_BY_ITSELF or failure in _HOPELESS:
        return None
    return now + _PAUSES[attempts]


def _make_item(terms: ReceiptTerms, amount: Money) -> dict[str, Any]:
    return {
        "description": terms.title[:LONGEST_DESCRIPTION],
        "quantity": 1,
        # Receipts of the gateway itself, and registers of format 1.2, want a measure; others pass over it.
        "measure": "piece",
        "amount": _write(amount),
        "vat_code": terms.vat_code,
        "payment_subject": terms.subject.value,
        "payment_mode": terms.mode.value,
    }


def _tax_system(terms: ReceiptTerms) -> dict[str, int]:
    return {} if terms.tax_system_code is None else {"tax_system_code": terms.tax_system_code}


def _write(amount: Money) -> dict[str, str]:
    return {"value": amount.to_decimal_text(), "currency": amount.currency}
