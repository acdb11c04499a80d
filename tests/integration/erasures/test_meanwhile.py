"""While somebody waits to be forgotten: lists and given days pass them over, and money that is not read yet counts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from lumenpay.kit.ids import new_uuid7
from lumenpay.models.erasures import Obstacle
from lumenpay.models.imports import ImportRow
from lumenpay.models.promo_codes import DiscountKind, PromoCode
from lumenpay.models.subscriptions import Subscription, SubscriptionStatus
from lumenpay.models.users import User
from lumenpay.models.webhooks import WebhookEvent
from lumenpay.promo_codes.personal import REWARD_PREFIX, WELCOME_PREFIX, PersonalTerms, make_personal_code
from tests.integration.erasures.test_forgetting import forget, known, state_of, wish
from tests.integration.imports.test_imports import carried_out, date
from tests.support.desk import Desk, new_key
from tests.support.market import Market
from tests.support.stall import Stall


async def tell(stall: Stall, event_type: str, **facts: Any) -> UUID:
    """Store an event as it is told to a tenant's programs."""
    event_id, body = new_uuid7(), orjson.dumps({"type": event_type, "data": facts}, default=str)
    async with stall.market.tenant(stall.tenant_id) as session:
        session.add(
            WebhookEvent(
                tenant_id=stall.tenant_id, id=event_id, type=event_type, body=body, created_at=stall.market.now()
            )
        )  # fmt: skip
    return event_id


async def test_a_list_gives_nothing_to_who_is_being_forgotten_and_everybody_else_gets_theirs_o1(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna, boris = await stall.buyer(), await stall.buyer()
    await wish(desk, anna)
    lines = "".join(f"{user.telegram_id},{date(market, 10)},vip,old\n" for user in (anna, boris))
    done = await carried_out(market, desk, f"telegram_id,ends_at,tag,note\n{lines}")
    assert (done["status"], done["outcomes"]["wrong"], done["outcomes"]["created"]) == ("done", 1, 1)
    (row,) = await market.rows(stall.tenant_id, ImportRow, ImportRow.user_id == anna.id)
    assert row.problem == "person_forgotten"
    assert ((await known(stall, anna)).note, (await known(stall, boris)).note) == ("", "old")
    await forget(market)
    assert (await state_of(market, stall, anna)).erased_at is not None


async def test_days_for_a_whole_list_pass_over_who_is_being_forgotten_o1(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna, boris = await stall.buyer(), await stall.buyer()
    await stall.bought(boris)
    payment = await stall.ordered(anna)
    await wish(desk, anna)
    await stall.pay(payment)
    await stall.poll()
    running = Subscription.status == SubscriptionStatus.ACTIVE
    before = {row.user_id: row.ends_at for row in await market.rows(stall.tenant_id, Subscription, running)}
    assert before.keys() == {anna.id, boris.id}
    made = await desk.post("/extensions", days=7, idempotence_key=new_key())
    await market.work()
    done = await desk.get(f"/extensions/{made['id']}")
    assert (done["status"], done["done_count"], done["passed_count"]) == ("done", 1, 1)
    after = {row.user_id: row.ends_at for row in await market.rows(stall.tenant_id, Subscription, running)}
    assert [(after[user.id] - before[user.id]).days for user in (anna, boris)] == [0, 7]


async def test_no_code_of_their_own_is_good_any_more_whatever_it_was_made_for_o1(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna, boris = await stall.buyer(), await stall.buyer()
    async with market.tenant(stall.tenant_id) as session:
        for user in (anna, boris):
            for prefix in (WELCOME_PREFIX, REWARD_PREFIX, ""):
                terms = PersonalTerms(DiscountKind.PERCENT, 50, prefix=prefix)
                await make_personal_code(session, bot_id=user.bot_id, user_id=user.id, terms=terms, now=market.now())
    await wish(desk, anna)
    good = [row.user_id for row in await market.rows(stall.tenant_id, PromoCode, PromoCode.is_active)]
    assert good == [boris.id] * 3


async def test_stars_that_the_bot_has_not_read_of_are_waited_for_o1(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    paid = {"from": {"id": anna.telegram_id, "is_bot": False}, "successful_payment": {"currency": "XTR"}}
    values = {"raw": [orjson.dumps({"update_id": 5, "message": paid})], "now": market.now()}
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(
            text("SELECT ingest_updates(:t, :b, ARRAY[5::bigint], ARRAY[0::smallint], :raw, :now)"),
            {"t": [stall.tenant_id], "b": [stall.bot_id], **values},
        )
    await wish(desk, anna)
    await forget(market)
    row = await state_of(market, stall, anna)
    assert (row.waits_for, row.erased_at) == (Obstacle.PAYMENT, None)
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(text("UPDATE telegram_updates SET status = 'handled'"))
    await forget(market)
    assert (await state_of(market, stall, anna)).erased_at is not None


async def test_nothing_that_programs_were_told_of_a_person_stays_o1(market: Market, stall: Stall, desk: Desk) -> None:
    anna, boris = await stall.buyer(), await stall.buyer()
    payment = await stall.bought(anna)
    theirs: list[tuple[str, User]] = [("access.granted", anna), ("access.granted", boris)]
    for event_type, user in theirs:
        await tell(stall, event_type, user_id=user.id)
    for user in (anna, boris):
        await tell(stall, "member.joined", user_id=None, telegram_id=user.telegram_id, channel_id=stall.channel_id)
    await tell(stall, "refund.succeeded", payment_id=payment.id, reason="she asked")
    await wish(desk, anna)
    await forget(market)
    await market.skip(hours=2)
    await forget(market)
    assert (await state_of(market, stall, anna)).erased_at is not None
    left = [orjson.loads(row.body)["data"] for row in await market.rows(stall.tenant_id, WebhookEvent)]
    assert [facts.get("user_id") or facts["telegram_id"] for facts in left] == [str(boris.id), boris.telegram_id]


async def test_nothing_is_changed_about_who_is_being_forgotten_and_access_can_still_be_ended_o1(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer()
    payment = await stall.ordered(anna)
    assert (await desk.ask("PUT", f"/users/{anna.id}/tags/vip")).status == 200
    await wish(desk, anna)
    await stall.pay(payment)
    await stall.poll()
    (late,) = await market.rows(stall.tenant_id, Subscription, Subscription.user_id == anna.id)
    person, given, plan = f"/users/{anna.id}", f"/subscriptions/{late.id}", str(stall.plan_id)
    edits: list[tuple[str, str, dict[str, Any]]] = [
        ("PUT", f"{person}/note", {"note": "x"}),
        ("PUT", f"{person}/tags/new", {}),
        ("DELETE", f"{person}/tags/vip", {}),
        ("PATCH", person, {"is_whitelisted": True}),
        ("POST", f"{person}/links/resend", {}),
        ("POST", f"{person}/grants", {"plan_id": plan, "days": 3, "idempotence_key": new_key()}),
        ("POST", f"{given}/extend", {"days": 3, "idempotence_key": new_key()}),
        ("POST", f"{given}/pause", {"days": 3}),
        ("POST", f"{given}/change-plan", {"plan_id": plan, "time": "same_end", "idempotence_key": new_key()}),
    ]
    for method, path, body in edits:
        assert (path, *await desk.refused(path, method=method, **body)) == (path, 409, "user_forgotten")
    shown = await desk.get(person)
    assert (shown["tags"], shown["note"], shown["blocked_bot_at"]) == (["vip"], "", None)
    assert (await desk.post(f"{given}/revoke"))["status"] == "expired"
