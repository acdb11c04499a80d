"""Refunds as the tenant's people see them: asked for by who may, shown with what is left, and part of the story."""

from __future__ import annotations

from typing import Any

from lumenpay.models.tenants import Role
from tests.integration.refunds.counter import Counter
from tests.support.desk import Desk, new_key
from tests.support.market import Market


async def test_a_refund_is_asked_for_listed_and_told_in_the_story(market: Market, counter: Counter, desk: Desk) -> None:
    anna = await counter.stall.buyer()
    payment = await counter.stall.bought(anna)
    path = f"/payments/{payment.id}/refunds"
    rub = {"currency": "RUB"}
    nothing_yet = {"items": [], "left": {"amount_minor": 99_000, **rub}, "gone_shop_id": None}
    assert await desk.get(path) == nothing_yet
    asked = await desk.post(path, amount_minor=40_000, reason="Ill", access="keep", idempotence_key=new_key())
    assert (asked["status"], asked["origin"], asked["amount"]) == ("created", "portal", {"amount_minor": 40_000, **rub})
    # What is on its way is not left, before the gateway has heard of it.
    assert (await desk.get(path))["left"] == {"amount_minor": 59_000, **rub}
    await market.work()
    listed = await desk.get(path)
    assert [(row["id"], row["status"], row["reason"]) for row in listed["items"]] == [(asked["id"], "succeeded", "Ill")]
    row = (await desk.get("/payments"))["items"][0]
    assert (row["status"], row["refunded"]) == ("succeeded", {"amount_minor": 40_000, **rub})
    for book in (f"/payments/{payment.id}/timeline", f"/users/{anna.id}/timeline"):
        told = [item["action"] for item in (await desk.get(book))["items"] if item["source"] == "refunds"]
        assert told == ["refunded", "asked"]
    assert market.gateway.store.refunds.by_id[listed["items"][0]["provider_refund_id"]].body["description"] == "Ill"


async def test_what_cannot_go_back_is_refused_and_says_why(counter: Counter, desk: Desk) -> None:
    payment = await counter.stall.bought(await counter.stall.buyer())
    path, terms = f"/payments/{payment.id}/refunds", {"access": "keep", "idempotence_key": new_key()}
    assert await desk.refused(path, **terms, amount_minor=99_001) == (409, "refund_too_large")
    unpaid = await counter.stall.ordered(await counter.stall.buyer())
    assert await desk.refused(f"/payments/{unpaid.id}/refunds", **terms) == (409, "payment_not_refundable")
    assert (await desk.get(f"/payments/{unpaid.id}/refunds"))["left"] is None
    for role in (Role.SUPPORT, Role.ANALYST):
        answer = await desk.ask("POST", path, role=role, json=terms)
        assert (answer.status, answer.json()["code"]) == (403, "role_not_allowed")


async def test_what_a_shop_took_that_is_gone_is_refunded_once_the_shop_is_connected_again(
    market: Market, counter: Counter, desk: Desk
) -> None:
    stall = counter.stall
    payment = await stall.bought(await stall.buyer())
    path, terms = f"/payments/{payment.id}/refunds", {"access": "keep", "idempotence_key": new_key()}

    async def connect(shop: dict[str, Any]) -> None:
        body = {"shop_id": shop["shop_id"], "secret_key": shop["secret_key"]}
        assert (await desk.ask("PUT", f"/bots/{stall.bot_id}/shop", json=body)).status == 200
        await market.skip(hours=2)
        await market.work()

    await connect(await market.yookassa("POST", "/shops", name="Another"))
    assert (await desk.get(path))["gone_shop_id"] == stall.shop["shop_id"]
    assert await desk.refused(path, **terms) == (409, "refund_shop_gone")
    assert (await desk.get(path))["items"] == []
    await connect(stall.shop)
    assert (await desk.get(path))["gone_shop_id"] is None
    await desk.post(path, **terms)
    await market.work()
    assert [row["status"] for row in (await desk.get(path))["items"]] == ["succeeded"]
