"""Each order says on which words of the terms and with which consent it was made (fault O7)."""

from __future__ import annotations

from lumenpay.audit.service import SYSTEM
from lumenpay.messages.catalogue import MessageKey
from lumenpay.messages.consent import CONSENT_VERSION
from lumenpay.messages.service import change_text
from lumenpay.models.autopays import AutopayConsent
from lumenpay.models.messages import TermsVersion
from lumenpay.models.plans import Plan
from tests.support.market import Market
from tests.support.renewing import renewing
from tests.support.stall import Stall, open_stall


async def test_an_order_keeps_the_words_of_its_time_whatever_they_become_o7(market: Market) -> None:
    stall = await open_stall(market)
    first = await stall.order(await stall.buyer())
    same = await stall.order(await stall.buyer(first_name="Boris"))
    assert first.terms_version == same.terms_version
    await change_terms(stall, "Новые условия")
    later = await stall.order(await stall.buyer(first_name="Vera"))
    assert later.terms_version != first.terms_version
    words = {row.version: row.text for row in await market.rows(stall.tenant_id, TermsVersion)}
    assert set(words) == {first.terms_version, later.terms_version}
    assert words[str(later.terms_version)] == "Новые условия"
    assert "Вы покупаете доступ" in words[str(first.terms_version)]


async def change_terms(stall: Stall, text: str) -> None:
    async with stall.market.tenant(stall.tenant_id) as session:
        await change_text(
            session, bot_id=stall.bot_id, key=MessageKey.TERMS, locale="ru", text=text, actor=SYSTEM,
            now=stall.market.now(),
        )  # fmt: skip


async def test_an_order_with_autopay_keeps_the_consent_with_its_version_and_words_o7(market: Market) -> None:
    stall = await open_stall(market)
    await stall.change(Plan, stall.plan_id, is_recurring=True)
    await renewing(stall)
    (consent,) = await market.rows(stall.tenant_id, AutopayConsent)
    payment = await stall.payment(consent.payment_id)
    assert (consent.version, bool(consent.text), payment.terms_version is not None) == (CONSENT_VERSION, True, True)
