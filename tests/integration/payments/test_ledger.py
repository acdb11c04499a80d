"""The ledger: every event of money sums to zero, whoever writes it."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.ledger import LedgerAccount, LedgerEntry
from lumenpay.payments.ledger import post_payment
from tests.support.market import Market
from tests.support.stall import Stall


async def test_a_payment_is_posted_once_and_sums_to_zero(market: Market, stall: Stall) -> None:
    payment = await stall.bought(await stall.buyer())
    async with market.tenant(stall.tenant_id) as session:
        await post_payment(session, payment, now=market.now())
    entries = await market.rows(stall.tenant_id, LedgerEntry)
    lines = {(entry.account, entry.amount_minor, entry.currency) for entry in entries}
    assert lines == {(LedgerAccount.GATEWAY, 99_000, "RUB"), (LedgerAccount.REVENUE, -99_000, "RUB")}
    assert len(entries) == 2


async def test_the_database_refuses_a_transaction_that_does_not_sum_to_zero(market: Market, stall: Stall) -> None:
    payment = await stall.ordered(await stall.buyer())
    lopsided = LedgerEntry(
        tenant_id=stall.tenant_id, id=new_uuid7(), transaction_id=new_uuid7(), payment_id=payment.id, kind="payment",
        account=LedgerAccount.GATEWAY, amount_minor=1, currency="RUB", created_at=market.now(),
    )  # fmt: skip
    with pytest.raises(DBAPIError, match="sum to zero"):
        async with market.tenant(stall.tenant_id) as session:
            session.add(lopsided)
    assert await market.count(stall.tenant_id, LedgerEntry) == 0
