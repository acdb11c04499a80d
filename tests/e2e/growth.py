"""What the club of the pictures grows by: campaign links, invitations, gifts, offers to come back, changes of plan."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from lumenpay.db.session import TenantSession
from lumenpay.models import AuditEvent, Payment, Plan, PromoCode, PromoCodeUse, Subscription, SubscriptionPeriod, User
from lumenpay.models.access import AccessLog, Membership
from lumenpay.models.campaigns import Campaign
from lumenpay.models.gifts import Gift
from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.plan_changes import PlanChange
from lumenpay.models.referrals import Referral, ReferralSettings
from lumenpay.models.subscriptions import Grant
from lumenpay.models.win_backs import WinBack, WinBackOffer, WinBackOptOut, WinBackSeries, WinBackStep
from tests.e2e.crowd import Crowd, Offer, write

DAY = timedelta(days=1)
# Name, label, for how many days it has been out, whether it leads to a plan, whether it is archived.
LINKS = (
    ("Реклама ВКонтакте", "vk_ads", 170, False, False), ("Шапка Инстаграма", "instagram", 160, False, False),
    ("Выпуск на YouTube с Ольгой Лебедевой о том, как бросить и начать снова", "youtube", 90, True, False),
    ("Посевы в Telegram", "telega_in", 60, True, False), ("Подкаст «Ровно час»", "podcast", 40, False, False),
    ("Листовки на конференции", "leaflets", 3, False, False), ("Весенний марафон", "marathon_2026", 150, False, True),
)  # fmt: skip
# Days after the end, kind, value, days it holds, offered, sent, bought.
STEPS = ((3, "percent", 10, 5, 46, 44, 5), (14, "percent", 25, 5, 31, 29, 6), (45, "extra_days", 14, 7, 12, 12, 1))
IN_ORDER = (
    User, PromoCode, Payment, Subscription, SubscriptionPeriod, Grant, LedgerEntry, Membership, AccessLog, PromoCodeUse,
    Campaign, Gift, ReferralSettings, Referral, WinBackSeries, WinBackStep, WinBack, WinBackOffer, WinBackOptOut,
    PlanChange, AuditEvent,
)  # fmt: skip


class Growth:
    """Adds to a crowd who came by whom, and who gave what to whom."""

    def __init__(self, session: TenantSession, crowd: Crowd, hero: dict[str, Any], now: datetime) -> None:
        """Begin with a crowd that is stored, and with the person whose page is looked at."""
        self.session, self.crowd, self.hero, self.now = session, crowd, hero, now
        self.made = Crowd(crowd.tenant_id, crowd.bot_id, crowd.channel_id, crowd.offers, now, 0, (0, 0), 53)
        self.people = {row["id"]: row for row in crowd.rows[User]}
        self.month = crowd.offers[0]
        self.touched: list[tuple[UUID, str]] = []
        """Orders, and the link that was the last one their person had followed."""
        paid = [row for row in crowd.rows[Payment] if row["status"] == "succeeded"]
        self.free_orders = [row for row in paid if row["promo_code_id"] is None and row["plan_id"] == self.month.id]

    async def grow(self) -> dict[str, str]:
        """Let everything happen, and return the ids of what is worth a look."""
        paid_plans = [offer.id for offer in self.crowd.offers if offer.days is not None]
        shown = update(Plan).where(Plan.id.in_(paid_plans)).values(allows_changes=True, is_giftable=True)
        await self.session.execute(shown)
        self._campaigns()
        gift = self._gifts()
        self._invite()
        self._win_back()
        changed, payment = await self._change_plan()
        await write(self.session, {table: self.made.rows[table] for table in IN_ORDER})
        return {"giftPaymentId": str(gift), "changedId": str(changed), "changePaymentId": str(payment)}

    def _campaigns(self) -> None:
        for name, source, days, is_of_plan, is_archived in LINKS:
            at = self.now - days * DAY
            self.made.add(
                Campaign, at, bot_id=self.crowd.bot_id, name=name, source=source, promo_code_id=None,
                plan_id=self.month.id if is_of_plan else None, archived_at=self.now - DAY if is_archived else None,
            )  # fmt: skip
            people = [row for row in self.crowd.rows[User] if row["source"] == source]
            ids = {row["id"] for row in people[::2]}
            for payment in self.crowd.rows[Payment]:
                if payment["user_id"] in ids and payment["created_at"] > at:
                    self.touched.append((payment["id"], source))

    def _gifts(self) -> UUID:
        """Have gifts in every state, and return the giver's order of the one that was taken."""
        givers = [row for row in reversed(self.crowd.rows[User]) if row["plan_seen_at"]][5:40:7]
        quarter = self.crowd.offers[1]
        taken = self.made.id_at(self.now)
        for giver, offer, days, status in (
            (givers[0], self.month, 0.1, "waiting"), (self.hero, quarter, 6, "claimed"),
            (givers[1], self.month, 21, "waiting"), (givers[2], self.crowd.offers[2], 33, "claimed"),
            (givers[3], self.month, 41, "refunded"), (givers[4], quarter, 58, "revoked"),
            (givers[0], self.month, 118, "expired"),
        ):  # fmt: skip
            at = self.now - days * DAY
            is_opened = status == "claimed" or days == 21
            order, paid_at = self.made.order(
                giver, offer, at, is_paid=True, is_gift=True, promo_code_id=None,
                delivery_state="link_opened" if is_opened else "link_sent",
                refunded_minor=offer.price_minor if status == "refunded" else 0,
            )  # fmt: skip
            values: dict[str, Any] = {"receiver_id": None, "claim_payment_id": None, "claimed_at": None}
            if status == "claimed":
                values = self._claim(offer, at + timedelta(hours=9))
                taken = order if giver is self.hero else taken
            self.made.add(
                Gift, paid_at, bot_id=self.crowd.bot_id, plan_id=offer.id, payment_id=order, giver_id=giver["id"],
                status=status, expires_at=at + 90 * DAY, next_step_at=None, reminders_count=0,
                opened_at=at + timedelta(hours=8) if is_opened else None,
                closed_at=at + 4 * DAY if status in ("revoked", "refunded", "expired") else None, **values,
            )  # fmt: skip
        return taken

    def _claim(self, offer: Offer, at: datetime) -> dict[str, Any]:
        receiver = self.made._meet(len(self.made.rows[User]) * 5 + 3, at)
        receiver |= {"source": "", "plan_seen_at": at}
        order = self._give(receiver, offer, at, provider="gift")
        return {"receiver_id": receiver["id"], "claim_payment_id": order, "claimed_at": at}

    def _give(self, user: dict[str, Any], offer: Offer, at: datetime, **values: Any) -> UUID:
        """Open a plan to somebody by an order that costs nothing, or something else than its price."""
        amount = values.get("amount_minor", 0)
        order, _ = self.made.order(
            user, offer, at, is_paid=False, status="succeeded", delivery_state="joined", cancellation_reason=None,
            settled_at=at, **{"amount_minor": amount, "provider_payment_id": None, **values},
        )  # fmt: skip
        if amount:
            entries = {"transaction_id": order, "payment_id": order, "kind": "payment", "currency": "RUB"}
            self.made.add(LedgerEntry, at, account="gateway", amount_minor=amount, **entries)
            self.made.add(LedgerEntry, at, account="revenue", amount_minor=-amount, **entries)
        ends_at = None if offer.days is None else at + offer.days * DAY
        subscription = self.made.add(
            Subscription, at, bot_id=self.crowd.bot_id, user_id=user["id"], plan_id=offer.id, status="active",
            starts_at=at, ends_at=ends_at, access_ends_at=ends_at, expired_at=None,
        )  # fmt: skip
        self.made._open({"id": subscription}, order, at, offer, at)
        self.made.log(at, "granted", user, payment_id=order, subscription_id=subscription)
        if user["id"] not in self.people:
            self.made.log(at + timedelta(seconds=70), "joined", user, payment_id=order)
            self.made.add(
                Membership, at, channel_id=self.crowd.channel_id, user_id=user["id"], telegram_id=user["telegram_id"],
                wanted="inside", actual="inside", joined_at=at + timedelta(seconds=70), actual_seen_at=at,
            )  # fmt: skip
        return order

    def _invite(self) -> None:
        """Switch the programme on, and let the hero and two others invite people of the crowd."""
        self.made.rows[ReferralSettings].append({
            "tenant_id": self.crowd.tenant_id, "bot_id": self.crowd.bot_id, "is_on": True, "reward_kind": "days",
            "reward_value": 7, "welcome_kind": "percent", "welcome_value": 10, "rewards_a_month": 3,
            "changed_at": self.now - 60 * DAY,
        })  # fmt: skip
        first: dict[UUID, dict[str, Any]] = {}
        for row in self.crowd.rows[Payment]:
            if row["status"] == "succeeded":
                first.setdefault(row["user_id"], row)
        late = [row for row in self.crowd.rows[User] if row["created_at"] > self.now - 60 * DAY]
        buyers = [row for row in late if row["id"] in first and row["id"] != self.hero["id"]]
        lookers = [row for row in late if row["id"] not in first]
        inviters = [self.hero, *[row for row in self.crowd.rows[User] if row["plan_seen_at"]][10:60:25]]
        for number, invited in enumerate(sorted([*buyers[::4], *lookers[::3]], key=lambda row: row["created_at"])):
            payment = first.get(invited["id"])
            at = payment["settled_at"] if payment else None
            state = "invited" if at is None else ("rewarded", "rewarded", "passed", "rewarded")[number % 4]
            row = {
                "tenant_id": self.crowd.tenant_id, "invited_id": invited["id"], "bot_id": self.crowd.bot_id,
                "inviter_id": inviters[number % 3]["id"], "state": state, "reason": "cap" if state == "passed" else "",
                "reward_kind": "days", "reward_value": 7, "payment_id": payment["id"] if payment else None,
                "created_at": invited["created_at"], "bought_at": at, "taken_back_at": None,
                "rewarded_at": at if state == "rewarded" else None,
            }  # fmt: skip
            self.made.rows[Referral].append(row)
        last = [row for row in self.made.rows[Referral] if row["state"] == "rewarded"][-2]
        last |= {"state": "taken_back", "reason": "refunded", "taken_back_at": self.now - DAY}

    def _win_back(self) -> None:
        """Switch the series on, and let it have brought some people back."""
        began_at = self.now - 80 * DAY
        self.made.rows[WinBackSeries].append({
            "tenant_id": self.crowd.tenant_id, "id": self.made.id_at(began_at), "is_on": True, "from_hour": 10,
            "until_hour": 20, "changed_at": began_at,
        })  # fmt: skip
        ended = [row for row in self.crowd.rows[Subscription] if row["status"] == "expired"]
        known: set[UUID] = set()
        offered: list[tuple[UUID, dict[str, Any]]] = []
        for row in reversed(ended):
            if row["user_id"] in known or row["user_id"] == self.hero["id"]:
                continue
            known.add(row["user_id"])
            win_back = self.made.id_at(row["expired_at"])
            self.made.rows[WinBack].append({
                "tenant_id": self.crowd.tenant_id, "id": win_back, "bot_id": self.crowd.bot_id,
                "subscription_id": row["id"], "user_id": row["user_id"], "plan_id": row["plan_id"],
                "ended_at": row["expired_at"], "steps_taken": 3, "next_step_at": None, "stopped_at": self.now,
                "stopped_because": "done",
            })  # fmt: skip
            offered.append((win_back, row))
        for number, (after, kind, value, valid, count, sent, bought) in enumerate(STEPS, start=1):
            step = {"tenant_id": self.crowd.tenant_id, "number": number, "after_days": after, "plan_ids": []}
            self.made.rows[WinBackStep].append(
                step | {"discount_kind": kind, "discount_value": value, "valid_days": valid}
            )
            for place, (win_back, row) in enumerate(offered[:count]):
                at = self.now - (1 + place) * DAY
                self._offer(
                    win_back, row, number, at, is_sent=place < sent, is_used=place % 7 == 3 and place < 7 * bought
                )
        for _, row in offered[-2:]:
            self.made.rows[WinBackOptOut].append(
                {"tenant_id": self.crowd.tenant_id, "user_id": row["user_id"], "created_at": self.now - 5 * DAY}
            )

    def _offer(
        self, win_back: UUID, row: dict[str, Any], number: int, at: datetime, *, is_sent: bool, is_used: bool
    ) -> None:  # fmt: skip
        _, kind, value, valid, *_ = STEPS[number - 1]
        code = self.made.add(
            PromoCode, at, bot_id=self.crowd.bot_id, user_id=row["user_id"], discount_kind=kind, discount_value=value,
            code=f"BACK{self.made.random.getrandbits(40):010X}", max_uses=1, max_uses_per_user=1, currency=None,
            valid_until_at=at + valid * DAY, uses_count=int(is_used), is_active=True, valid_from_at=None,
        )  # fmt: skip
        self.made.add(
            WinBackOffer, at, win_back_id=win_back, user_id=row["user_id"], step=number, promo_code_id=code,
            valid_until_at=at + valid * DAY, sent_at=at if is_sent else None,
        )  # fmt: skip
        if is_used:
            # An order that somebody else made stands for the one that came of the offer.
            payment = self.free_orders.pop()
            self.made.rows[PromoCodeUse].append({
                "tenant_id": self.crowd.tenant_id, "payment_id": payment["id"], "promo_code_id": code,
                "user_id": row["user_id"], "status": "used", "created_at": at,
            })  # fmt: skip

    async def _change_plan(self) -> tuple[UUID, UUID]:
        """Let somebody go from a month to three for the difference; return the person and their order."""
        quarter = self.crowd.offers[1]
        old = next(
            row for row in reversed(self.crowd.rows[Subscription])
            if row["status"] == "active" and row["plan_id"] == self.month.id and row["user_id"] != self.hero["id"]
            and timedelta(days=9) < self.now - row["starts_at"] < timedelta(days=22)
        )  # fmt: skip
        user, at = self.people[old["user_id"]], self.now - timedelta(hours=4)
        source = next(
            row for row in self.crowd.rows[Payment] if row["user_id"] == user["id"] and row["status"] == "succeeded"
        )
        left = old["ends_at"] - at
        credit = int(source["amount_minor"] * (left / (old["ends_at"] - old["starts_at"])))
        order = self._give(
            user, quarter, at, amount_minor=quarter.price_minor - credit, credit_minor=credit, method="sbp",
            provider_payment_id="2f0a7c31-000f-5000-9000-1a2b3c4d5e6f",
        )  # fmt: skip
        self.made.rows[PlanChange].append({
            "tenant_id": self.crowd.tenant_id, "payment_id": order, "subscription_id": old["id"],
            "user_id": user["id"], "from_plan_id": self.month.id, "to_plan_id": quarter.id, "kind": "paid",
            "credit_minor": credit, "currency": "RUB", "kept_seconds": int(left.total_seconds()), "renews": False,
            "sources": [{"payment_id": str(source["id"]), "credit_minor": credit, "taken_minor": credit}],
            "quoted_at": at, "created_at": at, "applied_at": at, "applied_credit_minor": credit,
        })  # fmt: skip
        details = {
            "from_plan_id": str(self.month.id), "to_plan_id": str(quarter.id), "kind": "paid", "payment_id": str(order),
            "user_id": str(user["id"]), "credit_minor": credit, "currency": "RUB",
        }  # fmt: skip
        self.made.add(
            AuditEvent, at, actor_kind="user", actor_id=user["id"], action="subscription.plan_changed",
            subject_id=old["id"], details=details,
        )  # fmt: skip
        ended = update(Subscription).where(Subscription.id == old["id"])
        await self.session.execute(ended.values(status="expired", ends_at=at, access_ends_at=at, expired_at=at))
        await self.session.execute(select(func.cut_periods(old["id"], at)))
        for payment_id, label in self.touched:
            await self.session.execute(update(Payment).where(Payment.id == payment_id).values(source=label))
        return user["id"], order
