"""From a fresh account to a plan on sale, through the API alone."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.integration.control_plane.conftest import Owner
from tests.support.portal import Portal


async def connect_bot(portal: Portal, owner: Owner) -> tuple[Any, dict[str, Any]]:
    made = portal.new_bot()
    pasted = f"Done! Congratulations on your new bot.\n\nUse this token:\n{made.token}\nKeep it secure."
    answer = await owner.browser.request("POST", owner.path("/bots"), json={"token": pasted})
    assert answer.status == 201, answer.body
    assert made.token.encode() not in answer.body
    return made, answer.json()


async def add_channel(portal: Portal, owner: Owner, made: Any, bot: dict[str, Any]) -> dict[str, Any]:
    chat = str(portal.new_channel(made.token))
    answer = await owner.browser.request("POST", owner.path("/channels"), json={"bot_id": bot["id"], "chat": chat})
    assert answer.status == 201, answer.body
    return answer.json()


def plan_of(bot: dict[str, Any], *channel_ids: str, **values: Any) -> dict[str, Any]:
    return {
        "bot_id": bot["id"], "title": "Month", "price_minor": 99_000, "period_unit": "month", "period_count": 1,
        "channel_ids": list(channel_ids), **values,
    }  # fmt: skip


async def test_a_tenant_gets_to_a_plan_on_sale(portal: Portal, owner: Owner):
    made, bot = await connect_bot(portal, owner)
    channel = await add_channel(portal, owner, made, bot)
    assert (channel["status"], channel["missing_rights"]) == ("active", [])
    plan = await owner.browser.request("POST", owner.path("/plans"), json=plan_of(bot, channel["id"]))
    assert plan.status == 201
    assert plan.json()["price"] == {"amount_minor": 99_000, "currency": "RUB"}
    assert plan.json()["deep_link"].startswith(f"https://t.me/{made.user.username}?start=plan_")
    listed = (await owner.browser.request("GET", owner.path("/plans"))).json()
    assert [item["id"] for item in listed["items"]] == [plan.json()["id"]]


async def test_a_bot_has_one_owner_and_the_token_is_never_shown_again_a18(portal: Portal, owner: Owner):
    made, _ = await connect_bot(portal, owner)
    again = await owner.browser.request("POST", owner.path("/bots"), json={"token": made.token})
    assert (again.status, again.json()["code"]) == (409, "bot_already_connected")
    bots = await owner.browser.request("GET", owner.path("/bots"))
    assert made.token.encode() not in bots.body


@pytest.mark.parametrize("text", ["", "hello", "123:short", "1234567890:" + "x" * 35])
async def test_a_text_without_a_working_token_is_refused_politely_c3(owner: Owner, text: str):
    answer = await owner.browser.request("POST", owner.path("/bots"), json={"token": text})
    assert (answer.status, answer.json()["code"]) == (422, "bot_token_invalid")
    assert not text or text.encode() not in answer.body


async def test_a_shop_is_tried_out_before_it_is_stored(portal: Portal, owner: Owner):
    _, bot = await connect_bot(portal, owner)
    shop = portal.new_shop()
    path = owner.path(f"/bots/{bot['id']}/shop")
    keys = {"shop_id": shop.shop_id, "secret_key": "test_wrongwrong"}
    wrong = await owner.browser.request("PUT", path, json=keys)
    assert (wrong.status, wrong.json()["code"]) == (422, "shop_keys_invalid")
    right = await owner.browser.request("PUT", path, json={**keys, "secret_key": shop.secret_key})
    assert right.status == 200
    assert shop.secret_key.encode() not in right.body
    assert right.json()["is_test"] is True
    assert right.json()["notification_url"].startswith("http://127.0.0.1:8000/webhooks/yookassa/")


@pytest.mark.parametrize("answers_me", [True, False], ids=["partner", "plain"])
@pytest.mark.parametrize("test", [True, False], ids=["test", "live"])
async def test_a_shop_connects_whether_or_not_the_gateway_tells_it_about_itself(portal, owner, test, answers_me):
    _, bot = await connect_bot(portal, owner)
    shop = portal.new_shop(test=test, answers_me=answers_me)
    keys = {"shop_id": shop.shop_id, "secret_key": shop.secret_key}
    connected = await owner.browser.request("PUT", owner.path(f"/bots/{bot['id']}/shop"), json=keys)
    assert connected.status == 200
    assert connected.json()["is_test"] is test


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price_minor": 0, "is_recurring": True}, "is_recurring"),
        ({"period_unit": "lifetime", "period_count": 2}, "period_count"),
        ({"channel_ids": []}, "channel_ids"), ({"period_unit": "year", "period_count": 5000}, "period_count"),
    ],
    ids=str,
)  # fmt: skip
async def test_a_plan_that_makes_no_sense_is_refused_with_its_field(portal: Portal, owner: Owner, change, field):
    made, bot = await connect_bot(portal, owner)
    channel = await add_channel(portal, owner, made, bot)
    body = plan_of(bot, **{"channel_ids": [channel["id"]], **change})
    answer = await owner.browser.request("POST", owner.path("/plans"), json=body)
    assert (answer.status, list(answer.json()["fields"])) == (422, [field])


async def test_a_plan_that_was_changed_meanwhile_is_not_put_back_by_another_window(portal: Portal, owner: Owner):
    made, bot = await connect_bot(portal, owner)
    channel = await add_channel(portal, owner, made, bot)
    read = (await owner.browser.request("POST", owner.path("/plans"), json=plan_of(bot, channel["id"]))).json()
    path, terms = owner.path(f"/plans/{read['id']}"), plan_of(bot, channel["id"])
    del terms["bot_id"]

    windows = [
        owner.browser.request("PUT", path, json={**terms, "price_minor": price, "version": read["version"]})
        for price in (149_000, 159_000)
    ]
    first, second = sorted(await asyncio.gather(*windows), key=lambda answer: answer.status)
    assert (first.status, second.status, second.json()["code"]) == (200, 409, "changed_meanwhile")
    now = (await owner.browser.request("GET", path)).json()
    assert (now["price"], now["version"]) == (first.json()["price"], first.json()["version"])
    again = {**terms, "title": "Renamed", "price_minor": now["price"]["amount_minor"], "version": now["version"]}
    assert (await owner.browser.request("PUT", path, json=again)).status == 200
    assert (await owner.browser.request("PUT", path, json=terms)).status == 200, "who names no version replaces"


async def test_texts_that_telegram_would_refuse_are_refused_and_good_ones_shown(portal: Portal, owner: Owner):
    _, bot = await connect_bot(portal, owner)
    path = owner.path(f"/bots/{bot['id']}/messages")
    bad = await owner.browser.request("PUT", f"{path}/welcome/ru", json={"text": "<b>Привет, {nobody}"})
    assert bad.status == 422
    good = await owner.browser.request("PUT", f"{path}/welcome/ru", json={"text": "<b>Привет</b>, {name}"})
    assert good.status == 200
    listed = (await owner.browser.request("GET", path)).json()
    mine = next(item for item in listed if item["key"] == "welcome" and item["locale"] == "ru")
    assert mine["text"] == "<b>Привет</b>, {name}"


async def test_a_deleted_bot_can_be_connected_again_once_its_secrets_are_gone(portal: Portal, owner: Owner):
    _, bot = await connect_bot(portal, owner)
    assert (await owner.browser.request("DELETE", owner.path(f"/bots/{bot['id']}"))).status == 204
    assert (await owner.browser.request("GET", owner.path(f"/bots/{bot['id']}"))).status == 404
