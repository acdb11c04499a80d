"""What Stripe remembers: accounts with their keys and settings, and the objects of each, in order of creation."""

import secrets
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.stripe.errors import missing
from sandbox.stripe.idempotency import IdempotencyKeys

Body = dict[str, Any]
_ALPHABET = string.ascii_letters + string.digits
_NOUNS = {"checkout.session": "checkout.session", "billing_portal.configuration": "configuration"}


def new_id(prefix: str, length: int = 24) -> str:
    """Return a fresh id such as `sub_1QXg1o8vcGmoR32…`."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


@dataclass(slots=True)
class BillingSettings:
    """What an owner sets in the dashboard about invoices that are not paid."""

    retry_days: tuple[int, ...] = (3, 5, 7)
    """Days from one failed attempt to the next; after the last of them the subscription is given up."""
    after_retries: str = "cancel"
    """`cancel`, `unpaid` or `past_due`: what the subscription becomes then."""
    invoice_after_retries: str = "leave"
    """`leave` or `uncollectible`: what the invoice becomes then."""
    draft_seconds: int = 3600
    """How long the invoice of a renewal stays a draft."""


@dataclass(slots=True)
class Account:
    """One business with its keys, its settings and everything it has made."""

    account_id: str
    name: str
    country: str
    currency: str
    secret_key: str
    requests_per_second: int
    billing: BillingSettings = field(default_factory=BillingSettings)
    portal_is_configured: bool = True
    """Without it no portal session can be made until a configuration has been made."""
    restricted_keys: dict[str, dict[str, str]] = field(default_factory=dict)
    """Key to permissions: resource to `read` or `write`; what is not named is forbidden."""
    expired_keys: set[str] = field(default_factory=set)
    objects: dict[str, dict[str, Body]] = field(default_factory=dict)
    hidden: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By object id: what Stripe knows and does not show (a card's behaviour, an endpoint's secrets)."""
    keys: IdempotencyKeys = field(default_factory=IdempotencyKeys)
    window: list[float] = field(default_factory=list)
    """Moments of the requests of the last second."""

    def put(self, body: Body, **hidden: Any) -> Body:
        """Keep the object as the newest of its kind."""
        self.objects.setdefault(body["object"], {})[body["id"]] = body
        if hidden:
            self.hidden[body["id"]] = hidden
        return body

    def find(self, kind: str, object_id: Any) -> Body | None:
        """Return the object, or None."""
        return self.objects.get(kind, {}).get(object_id) if isinstance(object_id, str) else None

    def get(self, kind: str, object_id: str, *, param: str = "id", status: int = 400) -> Body:
        """Return the object.

        Raises:
            ApiError: There is none in this account.
        """
        body = self.find(kind, object_id)
        if body is None:
            noun = _NOUNS.get(kind, kind.replace("_", " ") if kind == "payment_method" else kind)
            raise missing("PaymentMethod" if kind == "payment_method" else noun, object_id, param=param, status=status)
        return body

    def newest_first(self, kind: str) -> Iterator[Body]:
        """Walk through all objects of a kind."""
        return reversed(self.objects.get(kind, {}).values())

    def oldest_first(self, kind: str, **wanted: Any) -> list[Body]:
        """Return the objects of a kind that have these values."""
        return [
            body
            for body in self.objects.get(kind, {}).values()
            if all(body.get(name) == value for name, value in wanted.items())
        ]

    def remove(self, kind: str, object_id: str) -> None:
        """Forget the object."""
        del self.objects[kind][object_id]

    def body(self) -> Body:
        """Return the account as the control API shows it."""
        return {
            "account_id": self.account_id,
            "name": self.name,
            "country": self.country,
            "currency": self.currency,
            "secret_key": self.secret_key,
            "restricted_keys": self.restricted_keys,
            "requests_per_second": self.requests_per_second,
            "portal_is_configured": self.portal_is_configured,
            "billing": {
                "retry_days": list(self.billing.retry_days),
                "after_retries": self.billing.after_retries,
                "invoice_after_retries": self.billing.invoice_after_retries,
                "draft_seconds": self.billing.draft_seconds,
            },
        }


@dataclass(slots=True)
class Store:
    """Everything that `reset` forgets, except faults, logs and time."""

    accounts: dict[str, Account] = field(default_factory=dict)
    pages: dict[str, tuple[Account, str]] = field(default_factory=dict)
    """By the secret part of a hosted page's address: whose it is and which object it shows."""

    def open_account(
        self,
        name: str,
        *,
        country: str = "US",
        currency: str = "usd",
        secret_key: str = "",
        requests_per_second: int = 100,
    ) -> Account:
        """Open an account with a fresh id and key."""
        key = secret_key or new_id("sk_test_", 99)
        account = Account(new_id("acct_1", 15), name, country, currency, key, requests_per_second)
        self.accounts[account.account_id] = account
        return account

    def link_page(self, account: Account, object_id: str) -> str:
        """Return the secret part of the address of a page that shows the object."""
        token = new_id("", 40)
        self.pages[token] = (account, object_id)
        return token


def list_of(data: list[Body], url: str, *, has_more: bool = False) -> Body:
    """Return a list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
