"""Runs over a stall's shop, and what they found."""

from __future__ import annotations

from typing import Any

from lumenpay.audit.service import SYSTEM
from lumenpay.models.payments import Payment
from lumenpay.models.reconciliations import FindingState, Reconciliation, ReconciliationFinding
from lumenpay.reconciliations.service import start_run
from sandbox.yookassa.store import Entry, new_id
from tests.support.stall import Stall

STATES = {state: state.value for state in FindingState}


async def start(stall: Stall, *, days: int | None = 30) -> Reconciliation:
    async with stall.market.tenant(stall.tenant_id) as session:
        return await start_run(session, stall.bot_id, days=days, actor=SYSTEM, now=stall.market.now())


async def reconcile(stall: Stall, *, days: int | None = 30) -> Reconciliation:
    """A run that has come to its end, a minute later: what came in since belongs to it."""
    await stall.market.skip(minutes=1)
    run = await start(stall, days=days)
    await stall.market.work()
    return await read(stall, run)


async def read(stall: Stall, run: Reconciliation) -> Reconciliation:
    found = await stall.market.get(stall.tenant_id, Reconciliation, run.id)
    assert isinstance(found, Reconciliation)
    return found


async def findings(stall: Stall) -> dict[tuple[str, str], str]:
    """What was found: the state by kind and subject."""
    rows = await stall.market.rows(stall.tenant_id, ReconciliationFinding)
    return {(row.kind, row.subject): row.state for row in rows}


def entry_of(stall: Stall, payment: Payment) -> Entry:
    """The gateway's own record of a payment."""
    return stall.market.gateway.store.payments.by_id[payment.provider_payment_id or ""]


def forget_at_gateway(stall: Stall, payment: Payment) -> Entry:
    """Have the gateway lose a payment."""
    shelf = stall.market.gateway.store.payments
    entry = shelf.by_id.pop(payment.provider_payment_id or "")
    kept = [other for other in shelf.by_shop[entry.shop.shop_id] if other is not entry]
    for position, other in enumerate(kept):
        other.position = position
    shelf.by_shop[entry.shop.shop_id] = kept
    return entry


def sell_elsewhere(stall: Stall, count: int, **changes: Any) -> None:
    """Have the shop's site take payments that are no business of ours."""
    gateway = stall.market.gateway
    shop = gateway.store.shops[stall.shop["shop_id"]]
    now = gateway.clock.now()
    for _ in range(count):
        body = {
            "id": new_id(), "status": "succeeded", "paid": True, "amount": {"value": "10.00", "currency": "RUB"},
            "created_at": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "refundable": True,
            "recipient": {"account_id": shop.shop_id, "gateway_id": shop.gateway_id}, "test": shop.test,
            "metadata": {"order_id": "1"},
        } | changes  # fmt: skip
        gateway.store.payments.add(Entry(shop, body, now))
