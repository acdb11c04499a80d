"""Where money goes back: refunds asked for as the portal does, made in the cabinet, and what they did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from lumenpay.audit.service import Actor
from lumenpay.jobs.catalogue import MakeRefund
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ledger import LedgerAccount, LedgerEntry
from lumenpay.models.payments import Payment
from lumenpay.models.refunds import AccessAfterRefund, Refund
from lumenpay.models.subscriptions import Subscription, SubscriptionPeriod
from lumenpay.refunds.asking import RefundTerms, request_refund
from tenants_worker.tasks import refund_checks, refunds
from tests.support.market import Market
from tests.support.stall import Stall

ALICE = Actor("admin", new_uuid7())
KEEP, REVOKE = AccessAfterRefund.KEEP, AccessAfterRefund.REVOKE
LOST = {"method": "POST", "path": "/v3/refunds", "count": 1}


@dataclass
class Counter:
    market: Market
    stall: Stall

    async def asked(
        self, payment: Payment, amount_minor: int | None = None, *, access: AccessAfterRefund = KEEP, key: str = ""
    ) -> Refund:
        """A refund that somebody asked for; the workers have not looked at it yet."""
        async with self.market.tenant(self.stall.tenant_id) as session:
            return await request_refund(
                session, payment_id=payment.id, terms=RefundTerms(amount_minor, "Asked by mail", access),
                key=key or str(uuid4()), ring=self.market.ring, actor=ALICE, now=self.market.now(),
            )  # fmt: skip

    async def refunded(self, payment: Payment, amount_minor: int | None = None, **how: Any) -> Refund:
        """A refund that was asked for, made at the gateway and settled."""
        refund = await self.asked(payment, amount_minor, **how)
        await self.market.work()
        return await self.refund(refund.id)

    async def in_cabinet(self, payment: Payment, amount: str | None = None) -> str:
        """A refund that the merchant made at the gateway itself; return the gateway's id of it."""
        asked = {} if amount is None else {"amount": amount}
        path = f"/payments/{payment.provider_payment_id}/refund"
        return str((await self.market.yookassa("POST", path, **asked))["id"])

    async def refund(self, refund_id: UUID) -> Refund:
        return await self.market.get(self.stall.tenant_id, Refund, refund_id)

    async def only_refund(self) -> Refund:
        (refund,) = await self.market.rows(self.stall.tenant_id, Refund)
        return refund

    async def run(self, refund: Refund) -> None:
        await self.market.run(self.stall.tenant_id, MakeRefund(refund.id))

    async def poll(self, **skipped: float) -> None:
        await self.market.skip(**(skipped or {"seconds": 30}))
        await refunds.poll_due(self.market.worker, self.market.now())
        await self.market.work()

    async def sweep(self) -> None:
        """An hour later the shop has been asked for refunds that nobody told us of."""
        await self.market.skip(hours=1, minutes=1)
        await refund_checks.sweep_due(self.market.worker, self.market.now())
        await self.market.work()

    async def noticed(self, refund_id: str, **forged: Any) -> None:
        await self.stall.notice(refund_id, "refund.succeeded", **forged)
        await self.market.work()

    async def at_gateway(self) -> list[dict[str, Any]]:
        return list((await self.market.yookassa("GET", "/refunds"))["refunds"])

    async def created(self) -> int:
        """How often the gateway was asked to give money back."""
        return len((await self.market.yookassa("GET", "/requests?method=POST&path=/v3/refunds"))["requests"])

    async def books(self) -> tuple[int, int]:
        """What stands in the ledger for the gateway, and the sum of everything, which is always zero."""
        entries = await self.market.rows(self.stall.tenant_id, LedgerEntry)
        held = sum(entry.amount_minor for entry in entries if entry.account == LedgerAccount.GATEWAY)
        return held, sum(entry.amount_minor for entry in entries)

    async def subscription(self) -> Subscription:
        (subscription,) = await self.market.rows(self.stall.tenant_id, Subscription)
        return subscription

    async def paid_days(self, payment: Payment) -> float:
        """How many days the payment bought, after all that happened."""
        periods = await self.market.rows(
            self.stall.tenant_id, SubscriptionPeriod, SubscriptionPeriod.payment_id == payment.id
        )
        return sum((p.during.upper - p.during.lower).total_seconds() / 86400 for p in periods if not p.during.isempty)
