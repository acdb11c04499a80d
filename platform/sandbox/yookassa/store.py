"""What the gateway remembers: shops, payments, refunds, receipts, saved cards, in order of creation."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sandbox.yookassa.cards import Decline


@dataclass(slots=True)
class Shop:
    """A merchant: its key, its notification address and what it is allowed to do."""

    shop_id: str
    name: str
    secret_key: str
    test: bool
    recurring_enabled: bool
    fiscalization: bool
    gateway_id: str
    answers_me: bool = False
    """GET /me is documented for users of OAuth, splits and payouts: with a secret key it need not answer."""
    forgets_methods: bool = False
    """The shop may ask for a method to be saved, and is told with the payment that it was not."""
    notification_url: str | None = None
    refunds_wait: bool = False
    """Refunds stay pending until the control API says how they end."""

    receipts_need_email: bool = False
    """Receipts of the gateway itself: the customer's e-mail and each item's measure are required."""
    receipt_outcome: str = "succeeded"
    """How registrations end from now on: `succeeded`, `canceled`, or `pending` until the control API says how."""

    def rotate_key(self) -> None:
        """Replace the secret key; the old one stops working at once."""
        self.secret_key = ("test_" if self.test else "live_") + secrets.token_urlsafe(32)

    def body(self) -> dict[str, Any]:
        """Return the shop as the control API shows it."""
        return {
            "shop_id": self.shop_id,
            "secret_key": self.secret_key,
            "name": self.name,
            "test": self.test,
            "recurring_enabled": self.recurring_enabled,
            "fiscalization": self.fiscalization,
            "answers_me": self.answers_me,
            "forgets_methods": self.forgets_methods,
            "notification_url": self.notification_url,
            "refunds_wait": self.refunds_wait,
            "receipts_need_email": self.receipts_need_email,
            "receipt_outcome": self.receipt_outcome,
        }


@dataclass(slots=True)
class Entry:
    """One API object with what the gateway knows about it and does not show."""

    shop: Shop
    body: dict[str, Any]
    created_at: datetime
    position: int = 0
    deadline: datetime | None = None
    receipt: dict[str, Any] | None = None
    save_method: bool = False
    capture: bool = False
    return_url: str | None = None


@dataclass(slots=True)
class SavedMethod:
    """A card that may be charged again, and the refusal that the next charge will meet, if any."""

    shop: Shop
    body: dict[str, Any]
    decline: Decline | None = None


@dataclass(slots=True)
class Shelf:
    """Objects of one kind, found by id or walked through shop by shop, newest first."""

    by_id: dict[str, Entry] = field(default_factory=dict)
    by_shop: dict[str, list[Entry]] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Keep the entry as the newest of its shop."""
        entries = self.by_shop.setdefault(entry.shop.shop_id, [])
        entry.position = len(entries)
        entries.append(entry)
        self.by_id[entry.body["id"]] = entry

    def find(self, shop: Shop, object_id: str) -> Entry | None:
        """Return the shop's object, or None also when it belongs to another shop."""
        entry = self.by_id.get(object_id)
        return entry if entry is not None and entry.shop is shop else None

    def page(
        self, shop: Shop, *, after: Entry | None, limit: int, wanted: Callable[[Entry], bool]
    ) -> tuple[list[Entry], str | None]:
        """Return up to `limit` wanted entries older than `after`, and the cursor of the next page if there is one."""
        found: list[Entry] = []
        for entry in self._newest_first(shop, after):
            if not wanted(entry):
                continue
            if len(found) == limit:
                return found, str(found[-1].body["id"])
            found.append(entry)
        return found, None

    def _newest_first(self, shop: Shop, after: Entry | None) -> Iterator[Entry]:
        entries = self.by_shop.get(shop.shop_id, [])
        start = len(entries) if after is None else after.position
        return (entries[index] for index in range(start - 1, -1, -1))


@dataclass(slots=True)
class Store:
    """Everything that `reset` forgets, except faults, logs and time."""

    shops: dict[str, Shop] = field(default_factory=dict)
    shops_count: int = 0
    """How many there were: a number is never used twice."""
    payments: Shelf = field(default_factory=Shelf)
    refunds: Shelf = field(default_factory=Shelf)
    receipts: Shelf = field(default_factory=Shelf)
    methods: dict[str, SavedMethod] = field(default_factory=dict)

    def add_shop(
        self, name: str, *, test: bool, recurring_enabled: bool, fiscalization: bool, answers_me: bool = False
    ) -> Shop:
        """Open a shop with a fresh id and key."""
        number = 100_001 + self.shops_count
        self.shops_count += 1
        shop = Shop(str(number), name, "", test, recurring_enabled, fiscalization, str(number + 1_800_000), answers_me)
        shop.rotate_key()
        self.shops[shop.shop_id] = shop
        return shop

    def close_shop(self, shop: Shop) -> None:
        """Forget the shop and everything in it; nobody is notified of it any more."""
        shop.notification_url = None
        del self.shops[shop.shop_id]
        for shelf in (self.payments, self.refunds, self.receipts):
            for entry in shelf.by_shop.pop(shop.shop_id, []):
                entry.deadline = None
                del shelf.by_id[entry.body["id"]]
        for method_id in [key for key, saved in self.methods.items() if saved.shop is shop]:
            del self.methods[method_id]


def new_id() -> str:
    """Return a fresh id of 36 characters."""
    return str(uuid4())
