"""What the club of the pictures sells: plans, promo codes and further channels."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lumenpay.models import Channel, Plan, PlanChannel, PromoCode
from tests.e2e.crowd import FAR, Crowd, Offer, Rows

DAYS = 182
"""How long the club has been selling."""
# Title, price in kopecks, unit, count, days, share of the buyers.
PLANS = (
    ("Три месяца", 129_000, "month", 3, 90, 0.22, "Выгоднее на 14 %: хватает, чтобы втянуться."),
    ("Год в клубе", 449_000, "year", 1, 365, 0.08, "Двенадцать месяцев по цене девяти."),
    ("Навсегда", 1_490_000, "lifetime", 1, None, 0.02, "Один платёж, доступ без срока."),
)
# Of the other kinds, which nobody of the crowd has bought: title, price, unit, count, and what makes them so.
KINDS: tuple[tuple[str, int, str, int, dict[str, Any]], ...] = (
    ("Неделя на пробу", 0, "day", 7, {"is_trial": True, "audience": "new"}),
    ("Зимний марафон", 390_000, "until", 1, {"capacity": 40}),
    ("Для своих", 29_900, "month", 1, {"access_code": "SVOI-2026", "is_recurring": True}),
    ("Тридцать дней за звёзды", 50_000, "day", 30, {"currency": "XTR", "price_minor": 500, "is_recurring": True}),
)
CODES = (
    ("OSEN20", "percent", 20, 100, 182), ("PODRUGA", "percent", 15, None, 140),
    ("WELCOME500", "amount", 50_000, 50, 90), ("NEDELYA", "extra_days", 7, 200, 60),
    ("BLACKFRIDAY", "percent", 40, 30, 12),
)  # fmt: skip


class Shelf:
    """What the club sells: plans, promo codes and further channels."""

    def __init__(self, tenant_id: UUID, bot_id: UUID, channel_id: UUID, now: datetime) -> None:
        """Begin with nothing but the channel."""
        self.tenant_id, self.bot_id, self.channel_id, self.now = tenant_id, bot_id, channel_id, now
        self.crowd = Crowd(tenant_id, bot_id, channel_id, [], now, 0, (0, 0), 5)
        self.rows: Rows = self.crowd.rows
        for title, kind, lacks in (("Чат клуба", "supergroup", False), ("Архив эфиров", "channel", True)):
            self.crowd.add(
                Channel, now - timedelta(days=120), bot_id=bot_id, chat_id=-1_002_200_000_000 - len(title), kind=kind,
                title=title, status="rights_missing" if lacks else "active", can_invite_users=not lacks,
                can_restrict_members=True, rights_checked_at=now - timedelta(minutes=7), next_check_at=now + FAR,
            )  # fmt: skip

    def plans(self) -> list[Offer]:
        """Put plans on the shelf."""
        offers, began_at = [], self.now - timedelta(days=DAYS + 2)
        for position, (title, price, unit, count, days, weight, description) in enumerate(PLANS, start=1):
            given = {"price_minor": price, "currency": "RUB", "period_unit": unit, "period_count": count}
            plan_id = self.crowd.add(
                Plan, began_at, bot_id=self.bot_id, title=title, description=description, position=position, **given
            )
            self.rows[PlanChannel].append(
                {"tenant_id": self.tenant_id, "plan_id": plan_id, "channel_id": self.channel_id}
            )
            offers.append(Offer(plan_id, title, price, unit, count, days, weight))
        self._add_kinds()
        return offers

    def _add_kinds(self) -> None:
        began_at = self.now - timedelta(days=30)
        for position, (title, price, unit, count, kind) in enumerate(KINDS, start=len(PLANS) + 1):
            ends_at = (self.now + timedelta(days=75)).replace(hour=21, minute=0, second=0, microsecond=0)
            given = {
                "price_minor": price, "currency": "RUB", "is_trial": False, "is_recurring": False,
                "audience": "everyone", "capacity": None, "access_code": None,
                "fixed_end_at": ends_at if unit == "until" else None, **kind,
            }  # fmt: skip
            plan_id = self.crowd.add(
                Plan, began_at, bot_id=self.bot_id, title=title, position=position,
                period_unit=unit, period_count=count, **given,
            )  # fmt: skip
            opened = {"tenant_id": self.tenant_id, "plan_id": plan_id, "channel_id": self.channel_id}
            self.rows[PlanChannel].append(opened)

    def codes(self) -> list[UUID]:
        """Put promo codes on the shelf: some by name, and a batch."""
        made = []
        letters = "ABCDEFGHKMNPRSTUVWXYZ23456789"
        drawn = [("BLOG" + "".join(self.crowd.random.choices(letters, k=6)), "percent", 25, 1, 30) for _ in range(12)]
        for code, kind, value, most, age in (*CODES, *drawn):
            at = self.now - timedelta(days=age)
            given = {"discount_kind": kind, "discount_value": value, "max_uses": most, "max_uses_per_user": 1}
            made.append(
                self.crowd.add(
                    PromoCode, at, bot_id=self.bot_id, code=code, currency="RUB" if kind == "amount" else None,
                    valid_until_at=self.now + timedelta(days=33) if age < 100 else None, uses_count=0,
                    is_active=code != "NEDELYA", **given,
                )
            )  # fmt: skip
        return made[: len(CODES)]
