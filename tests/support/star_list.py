"""What Telegram lists of a stall's Stars, as tests make it differ from our books."""

from __future__ import annotations

from lumenpay.audit.service import SYSTEM
from lumenpay.models.payments import Payment
from lumenpay.models.reconciliations import Reconciliation
from lumenpay.reconciliations.service import start_star_run
from tests.support.chat import Phone
from tests.support.stall import Stall
from tests.support.stars import open_invoice, pay_stars


async def compare_stars(stall: Stall, *, days: int | None = 30) -> Reconciliation:
    """A run over a stall's Stars that has come to its end, a minute later."""
    await stall.market.skip(minutes=1)
    run = await start_stars(stall, days=days)
    await stall.market.work()
    found: Reconciliation = await stall.market.get(stall.tenant_id, Reconciliation, run.id)
    return found


async def start_stars(stall: Stall, *, days: int | None = 30) -> Reconciliation:
    async with stall.market.tenant(stall.tenant_id) as session:
        return await start_star_run(session, stall.bot_id, days=days, actor=SYSTEM, now=stall.market.now())


async def paid_unheard(phone: Phone) -> str:
    """Stars that were paid, and the bot never heard of it; return the charge's id."""
    paid = await pay_stars(phone, await open_invoice(phone), is_told=False)
    assert paid["outcome"] == "paid"
    return str(paid["telegram_payment_charge_id"])


async def give_back(phone: Phone, charge_id: str) -> None:
    """Have Stars go back by a call that is not ours; the bot does not hear of it."""
    market = phone.stall.market
    url = f"{market.telegram_url}/bot{phone.bot.token.reveal()}/refundStarPayment"
    async with market.http.post(url, json={"user_id": phone.id, "telegram_payment_charge_id": charge_id}) as answer:
        assert answer.status == 200
    await phone.updates()


def forget_at_telegram(stall: Stall, payment: Payment) -> None:
    """Have Telegram list a charge no more."""
    listed = stall.market.world.star_transactions
    kept = [one for one in listed if one.payment.charge_id != payment.provider_payment_id]
    listed[:] = kept
