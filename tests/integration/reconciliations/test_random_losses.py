"""Rows that disappear by chance, at the gateway and in the database: each is repaired or shown (D19)."""

from __future__ import annotations

import random
from typing import Any

import asyncpg

from lumenpay.models.ledger import LedgerEntry
from lumenpay.models.payments import Payment, PaymentStatus
from lumenpay.models.reconciliations import ReconciliationFinding
from lumenpay.models.subscriptions import Grant, Subscription
from tests.integration.reconciliations.runs import findings, forget_at_gateway, reconcile, sell_elsewhere
from tests.support.market import Market
from tests.support.stall import Stall

ORDERS = 24
_FATES = ("paid", "open", "declined")
_LOSSES = ("none", "gateway", "database", "moment")


async def make_orders(stall: Stall, dice: random.Random) -> dict[str, list[tuple[str, Payment]]]:
    """Orders of every fate, by what is going to be lost of each."""
    users = [await stall.buyer() for _ in range(ORDERS)]
    orders = [await stall.order(user) for user in users]
    await stall.market.work()
    made: dict[str, list[tuple[str, Payment]]] = {loss: [] for loss in _LOSSES}
    for order in orders:
        fate, loss = dice.choice(_FATES), dice.choice(_LOSSES)
        payment = await stall.payment(order.id)
        if fate != "open":
            await stall.pay(payment, **({} if fate == "paid" else {"decline": True}))
        if loss == "moment":
            # Whatever happened to it was never noticed, and nobody asks any more.
            await stall.change(Payment, payment.id, next_check_at=None)
        made[loss].append((fate, payment))
    await stall.poll()
    return made


async def test_whatever_disappears_is_repaired_or_shown_and_nothing_else_d19(
    market: Market, stall: Stall, superuser: asyncpg.Connection[Any]
) -> None:
    dice = random.Random(19)
    made = await make_orders(stall, dice)
    sell_elsewhere(stall, 5)
    assert all(made.values())
    access = await market.count(stall.tenant_id, Subscription, Subscription.status == "active")
    expected: dict[tuple[str, str], str] = {}
    for _, payment in made["gateway"]:
        forget_at_gateway(stall, payment)
        expected["not_listed", payment.provider_payment_id or ""] = "open"
    for _, payment in made["database"]:
        await superuser.execute("SELECT set_config('session_replication_role', 'replica', false)")
        for table in ("grants", "ledger_entries", "subscription_periods", "access_logs"):
            await superuser.execute(f"DELETE FROM {table} WHERE payment_id = $1", payment.id)
        await superuser.execute("DELETE FROM payments WHERE id = $1", payment.id)
        expected["unknown_payment", payment.provider_payment_id or ""] = "open"
    for fate, payment in made["moment"]:
        if fate != "open":
            kind = "paid_unnoticed" if fate == "paid" else "closed_unnoticed"
            expected[kind, payment.provider_payment_id or ""] = "repaired"
    run = await reconcile(stall)
    assert (run.status, run.foreign_count) == ("done", 5)
    assert await findings(stall) == expected
    repaired = [payment for fate, payment in made["moment"] if fate == "paid"]
    for payment in repaired:
        assert (await stall.payment(payment.id)).status == PaymentStatus.SUCCEEDED
    # Nobody loses access by what was lost, and who had paid unnoticed has it now.
    now_inside = await market.count(stall.tenant_id, Subscription, Subscription.status == "active")
    assert now_inside == access + len(repaired)
    before = {row.id: row.state for row in await market.rows(stall.tenant_id, ReconciliationFinding)}
    grants = await market.count(stall.tenant_id, Grant)
    assert (await reconcile(stall)).repaired_count == 0
    assert {row.id: row.state for row in await market.rows(stall.tenant_id, ReconciliationFinding)} == before
    assert await market.count(stall.tenant_id, Grant) == grants
    assert sum(row.amount_minor for row in await market.rows(stall.tenant_id, LedgerEntry)) == 0
