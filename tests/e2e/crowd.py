"""People for the pictures of the portal: who came when, what they bought, and how it went on.

One seed makes one crowd, so that two rounds of pictures show the same people. Rows are plain dictionaries by table.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from lumenpay.db.session import TenantSession
from lumenpay.models.access import AccessLog, EntryLink, Membership
from lumenpay.models.base import Base
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import Payment
from lumenpay.models.subscriptions import Grant, Subscription, SubscriptionPeriod, SubscriptionReminder
from lumenpay.models.users import User

# fmt: off
WOMEN = (
    "Анна", "Екатерина", "Мария", "Ольга", "Дарья", "Полина", "Ксения", "Юлия", "Алина", "Вера", "Ирина", "Софья",
    "Елена", "Наталья", "Виктория", "Марина",
)
MEN = (
    "Алексей", "Дмитрий", "Сергей", "Михаил", "Иван", "Никита", "Павел", "Артём", "Кирилл", "Роман", "Егор", "Тимур",
    "Глеб", "Денис", "Антон", "Максим",
)
FAMILIES = (
    "Смирнов", "Иванов", "Кузнецов", "Соколов", "Попов", "Лебедев", "Козлов", "Новиков", "Морозов", "Волков",
    "Соловьёв", "Васильев", "Зайцев", "Павлов", "Семёнов", "Голубев", "Виноградов", "Богданов", "Воробьёв", "Фёдоров",
    "Михайлов", "Беляев", "Тарасов", "Белов", "Комаров", "Орлов", "Киселёв", "Макаров",
)
FOREIGNERS = (
    "Emma Clarke", "Oliver Bennett", "Sophie Turner", "Lucas Meyer", "Hannah Brooks", "Daniel Novak", "Grace Miller",
    "Ethan Hughes", "Chloe Martin", "Noah Fischer", "Isla Campbell", "Leo Rossi",
)
LATIN = dict(zip("абвгдеёзийклмнопрстуфхыэ", "abvgdeeziyklmnoprstufhye", strict=True)) | {
    "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "ю": "yu", "я": "ya",
}
# fmt: on
SOURCES = ("", "", "vk_ads", "instagram", "youtube", "telega_in", "podcast", "vk_ads")
METHODS = ("bank_card", "bank_card", "bank_card", "sbp", "sbp", "sberbank", "tinkoff_bank", "yoo_money")
REFUSALS = (
    "expired_on_confirmation",
    "expired_on_confirmation",
    "insufficient_funds",
    "3d_secure_failed",
    "call_issuer",
)
REMINDERS = (259_200, 86_400)
FAR = timedelta(days=3650)
IN_ORDER = (
    User, Payment, Subscription, SubscriptionPeriod, Grant, LedgerEntry, EntryLink, Membership, AccessLog,
    SubscriptionReminder,
)  # fmt: skip
"""The tables of a crowd, each after those that it refers to."""
Rows = dict[type[Base], list[dict[str, Any]]]


async def write(session: TenantSession, rows: Rows) -> None:
    """Store rows, table after table; rows of one table may leave different columns to their defaults."""
    for table, values in rows.items():
        alike: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
        for row in values:
            alike[frozenset(row)].append(row)
        for group in alike.values():
            await session.execute(insert(table), group)


@dataclass(frozen=True)
class Offer:
    """A plan as far as people care: its price and its days; none for ever."""

    id: UUID
    title: str
    price_minor: int
    unit: str
    count: int
    days: int | None
    weight: float


@dataclass
class Crowd:
    """The people of one bot."""

    tenant_id: UUID
    bot_id: UUID
    channel_id: UUID
    offers: list[Offer]
    now: datetime
    days: int
    """How long ago the first one came."""
    people_a_day: tuple[float, float]
    """In the beginning and at the end."""
    seed: int
    codes: list[UUID] = field(default_factory=list)
    rows: Rows = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Draw everybody."""
        self.random = Random(self.seed)
        moments = []
        for day in range(self.days):
            share = day / self.days
            wanted = self.people_a_day[0] + (self.people_a_day[1] - self.people_a_day[0]) * share
            count = int(wanted + self.random.random() + (self.random.random() < 0.06) * 3)
            start = self.now - timedelta(days=self.days - day)
            moments += [start + timedelta(minutes=self.random.randint(420, 1380) - 720) for _ in range(count)]
        for number, at in enumerate(sorted(moment for moment in moments if moment < self.now - timedelta(hours=1))):
            self._live(number, at)
        for table in self.rows.values():
            table.sort(key=lambda row: row["created_at"] if "created_at" in row else row["granted_at"])

    def in_order(self) -> Rows:
        """Return the rows of everybody, table after table as they refer to one another."""
        return {table: self.rows[table] for table in IN_ORDER}

    def id_at(self, at: datetime) -> UUID:
        """Return an id of that moment: lists are in the order of ids."""
        bits = int(at.timestamp() * 1000) << 80 | 7 << 76 | self.random.getrandbits(12) << 64
        return UUID(int=bits | 2 << 62 | self.random.getrandbits(62))

    def add(self, table: type[Base], at: datetime, **values: Any) -> UUID:
        """Add a row of that moment, and return its id."""
        row_id = self.id_at(at)
        self.rows[table].append({"tenant_id": self.tenant_id, "id": row_id, "created_at": at, **values})
        return row_id

    def log(self, at: datetime, action: str, user: dict[str, Any], **values: Any) -> None:
        """Add a line of the access log."""
        given = {"reason": "", "payment_id": None, "subscription_id": None, "channel_id": self.channel_id, **values}
        self.add(AccessLog, at, action=action, user_id=user["id"], telegram_id=user["telegram_id"], **given)

    def _hex(self, bits: int) -> str:
        return f"{self.random.getrandbits(bits):0{bits // 4}x}"

    def _live(self, number: int, at: datetime) -> None:
        chance = self.random.random
        user = self._meet(number, at)
        if chance() < 0.2:
            return
        user["plan_seen_at"] = at + timedelta(minutes=1)
        if chance() < 0.12:
            return
        offer = self.random.choices(self.offers, [offer.weight for offer in self.offers])[0]
        at += timedelta(minutes=self.random.randint(2, 90))
        if chance() < 0.14:
            self.order(user, offer, at, is_paid=False)
            if chance() < 0.5:
                return
            at += timedelta(minutes=self.random.randint(4, 600))
        if at < self.now:
            self._subscribe(user, offer, at)

    def _meet(self, number: int, at: datetime) -> dict[str, Any]:
        first, last = self._name(number)
        handle = "".join(LATIN.get(letter, letter) for letter in f"{first}_{last}".lower())
        self.add(
            User, at, bot_id=self.bot_id, telegram_id=310_000_000 + self.random.randint(1, 5_900_000_000),
            first_name=first, last_name=last if self.random.random() < 0.85 else "",
            username=handle[:20] if self.random.random() < 0.8 else None, plan_seen_at=None, blocked_bot_at=None,
            locale="en" if first.isascii() else "ru", language_code="en" if first.isascii() else "ru",
            source=self.random.choice(SOURCES), note="", met_at=at, last_seen_at=at, is_whitelisted=False,
        )  # fmt: skip
        return self.rows[User][-1]

    def _name(self, number: int) -> tuple[str, str]:
        if self.random.random() < 0.1:
            first, _, last = FOREIGNERS[number % len(FOREIGNERS)].partition(" ")
            return first, last
        family = self.random.choice(FAMILIES)
        if self.random.random() < 0.6:
            return self.random.choice(WOMEN), f"{family}а"
        return self.random.choice(MEN), family

    def order(
        self, user: dict[str, Any], offer: Offer, at: datetime, *, is_paid: bool, **values: Any
    ) -> tuple[UUID, datetime]:  # fmt: skip
        """Add an order; paid ones are in the books, others were given up."""
        code = self.random.choice(self.codes) if self.codes and is_paid and self.random.random() < 0.12 else None
        amount = offer.price_minor * 80 // 100 if code else offer.price_minor
        settled_at = at + timedelta(seconds=self.random.randint(40, 220) if is_paid else 3600)
        given = {
            "bot_id": self.bot_id, "user_id": user["id"], "plan_id": offer.id, "provider": "yookassa",
            "method": self.random.choice(METHODS) if is_paid else None, "shop_id": "948172",
            "status": "succeeded" if is_paid else "canceled", "delivery_state": "joined" if is_paid else "not_paid",
            "amount_minor": amount, "list_price_minor": offer.price_minor, "currency": "RUB", "promo_code_id": code,
            "period_unit": offer.unit, "period_count": offer.count, "description": offer.title[:128],
            "idempotence_key": str(self.id_at(at)), "settled_at": settled_at, "quarantine_reason": None,
            "provider_payment_id": f"{self._hex(32)}-000f-5000-9000-{self._hex(48)}",
            "cancellation_reason": None if is_paid else self.random.choice(REFUSALS), **values,
        }  # fmt: skip
        payment_id = self.add(Payment, at, **given)
        if is_paid and given["status"] == "succeeded":
            entries = {"transaction_id": payment_id, "payment_id": payment_id, "kind": "payment", "currency": "RUB"}
            self.add(LedgerEntry, settled_at, account="gateway", amount_minor=amount, **entries)
            self.add(LedgerEntry, settled_at, account="revenue", amount_minor=-amount, **entries)
        return payment_id, settled_at

    def _subscribe(self, user: dict[str, Any], offer: Offer, at: datetime) -> None:
        payment_id, begins_at = self.order(user, offer, at, is_paid=True)
        subscription_id = self.add(
            Subscription, begins_at, bot_id=self.bot_id, user_id=user["id"], plan_id=offer.id, status="active",
            starts_at=begins_at, ends_at=None, access_ends_at=None, expired_at=None,
        )  # fmt: skip
        subscription, ends_at = self.rows[Subscription][-1], begins_at
        self.log(begins_at, "granted", user, payment_id=payment_id, subscription_id=subscription_id)
        self.log(begins_at + timedelta(seconds=3), "link_sent", user, payment_id=payment_id)
        self.log(begins_at + timedelta(seconds=70), "request_approved", user, reason="", payment_id=payment_id)
        self.log(begins_at + timedelta(seconds=71), "joined", user, payment_id=payment_id)
        self.add(
            EntryLink, begins_at, channel_id=self.channel_id, user_id=user["id"], mode="join_request", status="active",
            url=f"https://t.me/+{self._hex(60)}", expires_at=None, opened_at=begins_at,
        )  # fmt: skip
        self.add(
            Membership, begins_at, channel_id=self.channel_id, user_id=user["id"], telegram_id=user["telegram_id"],
            wanted="inside", actual="inside", joined_at=begins_at + timedelta(seconds=71), actual_seen_at=begins_at,
        )  # fmt: skip
        membership = self.rows[Membership][-1]
        while True:
            user["last_seen_at"] = begins_at
            last = self._open(subscription, payment_id, max(begins_at, ends_at), offer, begins_at)
            if last is None:
                return
            ends_at = last
            subscription |= {"ends_at": ends_at, "access_ends_at": ends_at}
            if ends_at - timedelta(days=3) > self.now:
                return
            renews = self.random.random() < (0.8 if offer.count == 1 else 0.62)
            renewal_at = ends_at - timedelta(hours=self.random.randint(2, 66))
            for offset in REMINDERS:
                reminded_at = ends_at - timedelta(seconds=offset)
                if reminded_at < (min(renewal_at, self.now) if renews else self.now):
                    self.rows[SubscriptionReminder].append({
                        "tenant_id": self.tenant_id, "subscription_id": subscription_id, "ends_at": ends_at,
                        "offset_seconds": offset, "created_at": reminded_at,
                    })  # fmt: skip
            if renews and renewal_at < self.now:
                payment_id, begins_at = self.order(user, offer, renewal_at, is_paid=True)
                continue
            if not renews and ends_at < self.now:
                subscription |= {"status": "expired", "expired_at": ends_at}
                membership |= {"wanted": "outside", "actual": "outside"}
                self.rows[EntryLink][-1]["status"] = "revoked"
                self.log(ends_at, "expired", user, subscription_id=subscription_id, channel_id=None)
                self.log(ends_at + timedelta(seconds=2), "removed", user, subscription_id=subscription_id)
                if self.random.random() < 0.35:
                    user["blocked_bot_at"] = ends_at + timedelta(hours=self.random.randint(1, 30))
                    if user["blocked_bot_at"] > self.now:
                        user["blocked_bot_at"] = None
            return

    def _open(
        self, subscription: dict[str, Any], payment_id: UUID, begins_at: datetime, offer: Offer, at: datetime
    ) -> datetime | None:  # fmt: skip
        ends_at = None if offer.days is None else begins_at + timedelta(days=offer.days)
        self.add(
            SubscriptionPeriod, at, subscription_id=subscription["id"], payment_id=payment_id,
            during=Range(begins_at, ends_at, bounds="[)"),
        )  # fmt: skip
        self.rows[Grant].append({
            "tenant_id": self.tenant_id, "payment_id": payment_id, "subscription_id": subscription["id"],
            "granted_at": at,
        })  # fmt: skip
        return ends_at
