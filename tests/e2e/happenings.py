"""What happens in the club of the pictures after people bought: renewals, pauses, receipts, refunds, an import."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import update

from lumenpay.db.session import TenantSession
from lumenpay.models import Channel, LedgerEntry, Membership, Payment, Plan, Subscription
from lumenpay.models.autopays import Autopay, AutopayConsent
from lumenpay.models.fiscal_receipts import FiscalReceipt, ReceiptContact, ReceiptSettings
from lumenpay.models.imports import Import, ImportRow
from lumenpay.models.pauses import Leaving, LeavingRules, SubscriptionPause
from lumenpay.models.reconciliations import Reconciliation, ReconciliationFinding
from lumenpay.models.refunds import Refund
from lumenpay.models.sweeps import MembershipSweep, SweptMember
from tests.e2e.crowd import Crowd, write

SHOP = "948172"
AGREED = (
    "Продлевать подписку «{plan}» сама: {price} списываются в день окончания, накануне придёт напоминание. "
    "Отключить можно в любой момент в /autopay."
)  # fmt: skip
REASONS = (*("too_expensive",) * 7, *("no_time",) * 5, *("not_useful",) * 2, "technical", "other", None)
# Telegram's id, username, name, end in days, outcome, why it is wrong.
LINES = (
    (512_884_013, None, "Вера Зорина", 41, "created", ""), (None, "kirill_belov", "Кирилл Белов", 12, "claim", ""),
    (733_120_455, "lena.m", "Елена М.", 88, "extended", ""), (None, "oleg_z", "Олег Зуев", None, "claim", ""),
    (512_884_013, None, "Вера Зорина", 41, "repeated", ""), (None, None, "", None, "wrong", "nobody"),
    (398_001_277, "nina_art", "Нина Артюхова", 5, "created", ""),
    (None, "@@", "Пётр", None, "wrong", "username_unreadable"), (845_900_112, None, "Игорь Лапин", 200, "already", ""),
)  # fmt: skip


class Happenings:
    """Adds to a crowd what came after its purchases."""

    def __init__(self, session: TenantSession, crowd: Crowd, hero: dict[str, Any], now: datetime) -> None:
        """Begin with a crowd that is stored, and with the person whose page is looked at."""
        self.session, self.crowd, self.hero, self.now = session, crowd, hero, now
        self.made = Crowd(crowd.tenant_id, crowd.bot_id, crowd.channel_id, crowd.offers, now, 0, (0, 0), 41)
        self.running = [row for row in crowd.rows[Subscription] if row["status"] == "active" and row["ends_at"]]
        self.paid = [row for row in crowd.rows[Payment] if row["status"] == "succeeded"]

    async def happen(self) -> dict[str, str]:
        """Let everything happen, and return the ids of what is worth a look."""
        await self._renew()
        paused = await self._pause()
        await self._leave()
        await self._print_receipts()
        refunded = await self._give_back()
        await self._compare()
        await self._sweep()
        values = {"pausedId": str(paused), "refundedId": str(refunded), "importId": str(self._import())}
        await write(self.session, self.made.rows)
        return values

    def _add(self, table: Any, **values: Any) -> None:
        """Add a row of a table whose key is not an id."""
        self.made.rows[table].append({"tenant_id": self.crowd.tenant_id, **values})

    def _newest_payment(self, subscription: dict[str, Any]) -> dict[str, Any]:
        user_id, plan_id = subscription["user_id"], subscription["plan_id"]
        return next(row for row in reversed(self.paid) if (row["user_id"], row["plan_id"]) == (user_id, plan_id))

    async def _renew(self) -> None:
        """Charge the hero's card in vain, and let some others leave autopay on."""
        plans = {offer.id: offer for offer in self.crowd.offers}
        chosen = [row for row in self.running if row["user_id"] == self.hero["id"]] + self.running[-40::4]
        for number, subscription in enumerate({row["id"]: row for row in chosen}.values()):
            payment, offer = self._newest_payment(subscription), plans[subscription["plan_id"]]
            price = {"amount_minor": offer.price_minor, "currency": "RUB"}
            text = AGREED.format(plan=offer.title, price=f"{offer.price_minor // 100} ₽")
            self._add(
                AutopayConsent, payment_id=payment["id"], user_id=subscription["user_id"], version="2026-01",
                locale="ru", text=text, period_unit=offer.unit, period_count=offer.count,
                given_at=payment["created_at"], **price,
            )  # fmt: skip
            is_hero = number == 0
            self._add(
                Autopay, subscription_id=subscription["id"], bot_id=self.crowd.bot_id, user_id=subscription["user_id"],
                consent_payment_id=payment["id"], method_ref=f"pm-{number}", shop_id=SHOP,
                method_title=f"MasterCard *{4477 + number}", next_step_at=self.now + timedelta(days=2, hours=number),
                last_failure="insufficient_funds" if is_hero else None,
                last_failed_at=self.now - timedelta(hours=20) if is_hero else None, created_at=payment["created_at"],
            )  # fmt: skip
        await self.session.execute(update(Plan).where(Plan.id == self.crowd.offers[0].id).values(is_recurring=True))

    async def _pause(self) -> UUID:
        """Let two people pause, and return the first one's id."""
        others = [row for row in self.running if row["user_id"] != self.hero["id"]]
        for days, row in zip((18, 4), others[20:22], strict=True):
            began_at, until_at = self.now - timedelta(days=days), self.now + timedelta(days=30 - days)
            self.made.add(
                SubscriptionPause, began_at, subscription_id=row["id"], started_by="subscriber", started_at=began_at,
                until_at=until_at, next_step_at=until_at - timedelta(days=3),
            )  # fmt: skip
            self.made.rows[SubscriptionPause][-1].pop("created_at")
            await self.session.execute(
                update(Subscription).where(Subscription.id == row["id"])
                .values(
                    status="paused", paused_until_at=until_at, access_ends_at=began_at,
                    ends_at=row["ends_at"] + timedelta(days=30),
                )
            )  # fmt: skip
            outside = update(Membership).where(Membership.user_id == row["user_id"])
            await self.session.execute(outside.values(wanted="outside", actual="outside"))
        return UUID(str(others[20]["user_id"]))

    async def _leave(self) -> None:
        """Offer days to whoever turns autopay off, and let some say why they did."""
        plan_id = self.crowd.offers[0].id
        self._add(LeavingRules, plan_id=plan_id, pause_days=30, pauses_a_year=2, offer_kind="days", offer_days=7)
        of_plan = [row for row in self.crowd.rows[Subscription] if row["plan_id"] == plan_id]
        for number, (row, reason) in enumerate(zip(of_plan[-60:], REASONS, strict=False)):
            at = self.now - timedelta(days=2 * number + 1)
            outcome = ("accepted", "declined", "declined", None)[number % 4]
            self.made.add(
                Leaving, at, subscription_id=row["id"], user_id=row["user_id"], plan_id=plan_id, reason=reason,
                offer_kind="days", offer_days=7, outcome=outcome,
                answered_at=at + timedelta(minutes=1) if outcome else None,
            )  # fmt: skip

    async def _print_receipts(self) -> None:
        """Turn receipts on, and let a few fail."""
        self._add(
            ReceiptSettings, bot_id=self.crowd.bot_id, is_on=True, takes_phone=True, vat_code=1, tax_system_code=2,
            subject="service", mode="full_payment", changed_at=self.now - timedelta(days=60),
        )  # fmt: skip
        self._add(
            ReceiptContact, user_id=self.hero["id"], kind="email", value="podpischik@example.com",
            given_at=self.now - timedelta(days=50),
        )  # fmt: skip
        failures = {2: "not_registered", 6: "no_contact", 11: "refused:invalid_request (receipt.customer.email)"}
        for number, payment in enumerate(reversed(self.paid[-40:])):
            at, failure = payment["settled_at"], failures.get(number)
            state = "failed" if failure else "registered"
            self.made.add(
                FiscalReceipt, at, payment_id=payment["id"], kind="payment", state=state, failure=failure,
                attempts=1 if failure else 0, state_changed_at=at + timedelta(minutes=2),
                provider_receipt_id=None if failure else f"rt_{payment['provider_payment_id'][:20]}",
            )  # fmt: skip
            told = update(Payment).where(Payment.id == payment["id"])
            await self.session.execute(told.values(receipt_state=state))

    async def _give_back(self) -> UUID:
        """Give a third of an order's money back, and return the order's id."""
        payment = next(row for row in reversed(self.paid[:-6]) if row["amount_minor"] > 100_000)
        at, amount = self.now - timedelta(hours=7), payment["amount_minor"] // 300 * 100
        refund_id = self.made.add(
            Refund, at, payment_id=payment["id"], origin="portal", status="succeeded", amount_minor=amount,
            currency="RUB", reason="Две недели не работал чат", access="keep", request_key="picture",
            idempotence_key="picture", provider_refund_id="2e8f1c7a-0015-5000-9000-1b2c3d4e5f60",
            settled_at=at + timedelta(minutes=1), told_at=at + timedelta(minutes=1),
        )  # fmt: skip
        entries = {"transaction_id": refund_id, "payment_id": payment["id"], "refund_id": refund_id, "kind": "refund"}
        for account, sign in (("gateway", -1), ("revenue", 1)):
            self.made.add(LedgerEntry, at, account=account, amount_minor=sign * amount, currency="RUB", **entries)
        await self.session.execute(update(Payment).where(Payment.id == payment["id"]).values(refunded_minor=amount))
        return UUID(str(payment["id"]))

    async def _compare(self) -> None:
        """Find some differences between the shop's list and the payments."""
        at = self.now - timedelta(hours=9)
        run_id = self.made.add(
            Reconciliation, at, bot_id=self.crowd.bot_id, shop_id=SHOP, status="done", stage="ours", steps_count=14,
            from_at=at - timedelta(days=30), until_at=at, listed_count=1_286, foreign_count=41, ours_count=1_243,
            repaired_count=2, open_count=3, finished_at=at + timedelta(minutes=2),
        )  # fmt: skip
        for kind, state, number, theirs in (
            ("paid_twice", "open", 8, "succeeded"), ("mismatch", "open", 17, "succeeded"),
            ("unknown_payment", "open", None, "succeeded"), ("paid_unnoticed", "repaired", 21, "succeeded"),
            ("closed_unnoticed", "repaired", 30, "canceled"),
        ):  # fmt: skip
            payment = self.paid[-number] if number else None
            side = {"amount_minor": payment["amount_minor"] if payment else 49_900, "currency": "RUB"}
            details = {
                "reason": "amount" if kind == "mismatch" else "",
                "ours": {**side, "status": "succeeded"} if payment else None,
                "gateway": {**side, "status": theirs, "is_test": False},
            }  # fmt: skip
            if kind == "mismatch":
                details["gateway"]["amount_minor"] = 1_000
            finding_id = self.made.id_at(at)
            self._add(
                ReconciliationFinding, id=finding_id, bot_id=self.crowd.bot_id, reconciliation_id=run_id, kind=kind,
                state=state, subject=payment["provider_payment_id"] if payment else str(finding_id),
                payment_id=payment["id"] if payment else None, details=details, found_at=at, seen_at=at,
                closed_at=at if state == "repaired" else None,
            )  # fmt: skip

    async def _sweep(self) -> None:
        """Find people inside without a right: too many to be put out without being asked."""
        strangers = [row for row in self.crowd.rows[Membership] if row["wanted"] == "outside"][-38:]
        at = self.now - timedelta(hours=3)
        inside = sum(row["actual"] == "inside" for row in self.crowd.rows[Membership]) + len(strangers)
        sweep_id = self.made.add(
            MembershipSweep, at, channel_id=self.crowd.channel_id, status="braked", looked_count=inside + 60,
            inside_count=inside, mended_count=len(strangers), to_remove_count=len(strangers),
            finished_at=at + timedelta(minutes=9),
        )  # fmt: skip
        for row in strangers:
            self._add(SweptMember, sweep_id=sweep_id, membership_id=row["id"])
            found = update(Membership).where(Membership.id == row["id"])
            await self.session.execute(found.values(actual="inside"))
        await self.session.execute(
            update(Channel).where(Channel.id == self.crowd.channel_id).values(title="Закрытый клуб")
        )

    def _import(self) -> UUID:
        """Have one file imported and another one looked through, and return the latter's id."""
        import_id = self.crowd.offers[0].id
        for days, name, status in ((64, "подписчики из таблицы.csv", "done"), (0.01, "vip-chat.csv", "checked")):
            at = self.now - timedelta(days=days)
            import_id = self.made.add(
                Import, at, bot_id=self.crowd.bot_id, plan_id=self.crowd.offers[0].id, kind="csv", file_name=name,
                file_digest=sha256(name.encode()).hexdigest(), grace_days=7, idempotence_key=name, status=status,
                started_at=at if status == "done" else None, finished_at=at if status == "done" else None,
                grace_ends_at=None,
            )  # fmt: skip
            for line, (telegram_id, username, person, ends, outcome, problem) in enumerate(LINES, start=2):
                is_done = status == "done"
                self._add(
                    ImportRow, import_id=import_id, line=line, telegram_id=telegram_id, username=username, name=person,
                    until_at=None if ends is None else self.now + timedelta(days=ends), outcome=outcome,
                    problem=problem, is_done=is_done,
                    claim_token=f"claim{line}" if is_done and outcome == "claim" else None,
                )  # fmt: skip
        return import_id
