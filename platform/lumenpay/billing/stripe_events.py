"""Events of the platform's account at Stripe: who sent one and whom it is about. What else it says is not believed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import orjson
import stripe

from lumenpay.kit.crypto import Secret

TOLERANCE_SECONDS: Final = 300
"""How old a signature may be."""
_LONGEST_ID, _LONGEST_TYPE = 255, 128


class EventFault(StrEnum):
    """Why an event is refused."""

    SIGNATURE = "signature"
    """It is not signed with our secret, or was signed too long ago."""
    SHAPE = "shape"
    FOREIGN = "foreign"
    """Of another account, or of the other mode."""


class EventRefusedError(Exception):
    """The event is not stored."""

    def __init__(self, fault: EventFault) -> None:
        """Keep why."""
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What is kept of an event."""

    id: str
    type: str
    customer_id: str | None


def read_event(body: bytes, signature: bytes, *, secret: Secret, is_live: bool) -> EventFacts:
    """Return what an event is about, once its signature, account and mode are right.

    Args:
        is_live: Whether our own key moves real money.

    Raises:
        EventRefusedError: It is not to be stored.
    """
    if not secret.reveal():
        raise EventRefusedError(EventFault.SIGNATURE)  # An empty secret would let in whoever signs with nothing.
    try:
        header, text = signature.decode("ascii"), body.decode()
        stripe.WebhookSignature.verify_header(text, header, secret.reveal(), TOLERANCE_SECONDS)
    except (UnicodeDecodeError, ValueError, stripe.SignatureVerificationError) as error:
        raise EventRefusedError(EventFault.SIGNATURE) from error
    try:
        event = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise EventRefusedError(EventFault.SHAPE) from error
    return _read_facts(event, is_live=is_live)


def _read_facts(event: Any, *, is_live: bool) -> EventFacts:  # noqa: ANN401 - JSON of somebody else
    if not isinstance(event, dict) or event.get("object") != "event":
        raise EventRefusedError(EventFault.SHAPE)
    data = event.get("data")
    about = data.get("object") if isinstance(data, dict) else None
    if not _is_name(event.get("id"), _LONGEST_ID) or not _is_name(event.get("type"), _LONGEST_TYPE):
        raise EventRefusedError(EventFault.SHAPE)
    if event.get("account") or event.get("context") or event.get("livemode") is not is_live:
        raise EventRefusedError(EventFault.FOREIGN)
    customer_id = None
    if isinstance(about, dict):
        customer_id = about.get("id") if about.get("object") == "customer" else about.get("customer")
        customer_id = customer_id.get("id") if isinstance(customer_id, dict) else customer_id
    return EventFacts(event["id"], event["type"], customer_id if _is_name(customer_id, _LONGEST_ID) else None)


def _is_name(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest and value.isascii() and value.isprintable()
