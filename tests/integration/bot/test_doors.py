"""Join requests, members, the bot's own rights, and groups that become supergroups."""

from __future__ import annotations

from typing import Any

from lumenpay.jobs.catalogue import AnswerJoinRequest
from lumenpay.models.access import AccessAction, AccessLog, Membership, WantedPlace
from lumenpay.models.channels import Channel, ChannelStatus
from lumenpay.models.payments import DeliveryState, Payment
from tests.support.chat import Phone, buttons_of, open_phone
from tests.support.stall import Stall


async def entry_link(phone: Phone, stall: Stall) -> str:
    await phone.write("/start")
    await stall.bought(await phone.user())
    return str(buttons_of((await phone.messages())[-1])[0]["url"])


async def knock(phone: Phone, link: str) -> str:
    joined = await phone.stall.market.telegram("POST", f"/users/{phone.id}/join", invite_link=link)
    # One round for the request, one for what the answer to it caused.
    await phone.let_bot_work()
    await phone.let_bot_work()
    return str(joined["outcome"])


async def test_the_payer_is_let_in_and_the_order_is_marked_joined(phone: Phone, stall: Stall) -> None:
    link = await entry_link(phone, stall)
    assert await knock(phone, link) == "requested"
    assert await stall.is_inside(phone.id)
    [payment] = await stall.market.rows(stall.tenant_id, Payment)
    assert payment.delivery_state == DeliveryState.JOINED


async def test_a_stranger_with_the_payers_link_is_refused_and_told_once_how_to_buy(phone: Phone, stall: Stall) -> None:
    link = await entry_link(phone, stall)
    stranger = await open_phone(stall, first_name="Eve", language_code="en")
    for _ in range(3):
        assert await knock(stranger, link) == "requested"
        assert not await stall.is_inside(stranger.id)
    told = [one for one in await stranger.messages() if "active subscription" in one["text"]]
    assert len(told) == 1
    assert [button["text"] for button in buttons_of(told[0])] == ["Buy access"]
    declined = AccessLog.action == AccessAction.REQUEST_DECLINED
    assert await stall.market.count(stall.tenant_id, AccessLog, declined) == 3


async def test_who_lapsed_is_told_once_after_each_end_how_to_come_back_e16(phone: Phone, stall: Stall) -> None:
    link = await entry_link(phone, stall)

    async def times_told() -> int:
        return len([one for one in await phone.messages() if "Вернуться можно в любой момент: выберите" in one["text"]])

    for rounds in (1, 2):
        await stall.market.skip(days=31)
        await stall.sweep()
        for _ in range(2):
            assert await knock(phone, link) == "requested"
        assert await times_told() == rounds
        await stall.bought(await phone.user())


async def test_a_request_that_telegram_could_not_be_told_about_is_answered_by_a_job(phone: Phone, stall: Stall) -> None:
    link = await entry_link(phone, stall)
    rule = {"match": {"method": "approveChatJoinRequest", "count": 1}, "effect": {"kind": "status", "status": 502}}
    await stall.market.telegram("POST", "/faults", **rule)
    await knock(phone, link)
    assert not await stall.is_inside(phone.id)
    assert len(await stall.market.jobs(stall.tenant_id, AnswerJoinRequest.kind)) == 1
    await stall.market.work()
    assert await stall.is_inside(phone.id)


async def test_a_request_in_a_group_that_has_another_id_by_now_is_answered_there_e13(
    phone: Phone, stall: Stall
) -> None:
    link = await entry_link(phone, stall)
    effect = {
        "kind": "status", "status": 400, "parameters": {"migrate_to_chat_id": stall.chat_id - 5},
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
    }  # fmt: skip
    rule = {"match": {"method": "approveChatJoinRequest", "count": 2}, "effect": effect}
    await stall.market.telegram("POST", "/faults", **rule)
    await knock(phone, link)
    await stall.market.work()
    channel = await stall.market.get(stall.tenant_id, Channel, stall.channel_id)
    assert channel.chat_id == stall.chat_id - 5
    answers = await calls_to(stall, "approveChatJoinRequest")
    assert {str(call["parameters"]["chat_id"]) for call in answers[2:]} == {str(stall.chat_id - 5)}


async def appoint(phone: Phone, stall: Stall) -> None:
    await stall.market.telegram("PATCH", f"/channels/{stall.chat_id}", guard_bot_id=phone.bot.telegram_id)


async def calls_to(stall: Stall, method: str) -> list[dict[str, Any]]:
    return [call for call in await stall.market.telegram("GET", "/calls") if call["method"] == method]


async def test_an_appointed_bot_lets_the_payer_in_and_a_stranger_not(phone: Phone, stall: Stall) -> None:
    link = await entry_link(phone, stall)
    await appoint(phone, stall)
    stranger = await open_phone(stall, first_name="Eve", language_code="en")
    for knocking, result in ((phone, "approve"), (stranger, "decline")):
        assert await knock(knocking, link) == "requested"
        answers = await calls_to(stall, "answerChatJoinRequestQuery")
        assert (answers[-1]["parameters"]["result"], answers[-1]["status"]) == (result, 200)
        assert await stall.is_inside(knocking.id) == (result == "approve")
    assert await stranger.captions() == ["Buy access"]
    assert not await calls_to(stall, "approveChatJoinRequest")


async def test_an_appointed_bot_that_was_asked_too_long_ago_answers_as_an_administrator(
    phone: Phone, stall: Stall
) -> None:
    link = await entry_link(phone, stall)
    await appoint(phone, stall)
    await stall.market.telegram("POST", f"/users/{phone.id}/join", invite_link=link)
    await stall.market.skip(seconds=11)
    await phone.let_bot_work()
    assert await stall.is_inside(phone.id)


async def test_requests_in_a_chat_that_is_not_ours_are_left_to_other_administrators(phone: Phone, stall: Stall) -> None:
    made = await stall.market.telegram("POST", "/channels", owner_user_id=stall.owner_id, title="X", type="channel")
    await stall.market.telegram("PUT", f"/channels/{made['id']}/admins/{phone.bot.telegram_id}")
    await phone.updates()
    await stall.market.telegram("PATCH", f"/channels/{made['id']}", guard_bot_id=phone.bot.telegram_id)
    token = phone.bot.token
    link = await stall.market.worker.telegram.create_entry_link(
        token, chat_id=made["id"], name="x", needs_approval=True, expires_at=None
    )
    await knock(phone, link)
    [answer] = await calls_to(stall, "answerChatJoinRequestQuery")
    assert answer["parameters"]["result"] == "queue"


async def test_who_comes_in_past_the_door_is_taken_out_and_admins_are_not(phone: Phone, stall: Stall) -> None:
    stranger, admin = await open_phone(stall), await open_phone(stall)
    await stall.market.telegram("POST", f"/channels/{stall.chat_id}/members", user_id=stranger.id)
    await stall.market.telegram("PUT", f"/channels/{stall.chat_id}/admins/{admin.id}")
    updates = await phone.updates()
    for update in updates:
        if update.get("chat_member", {}).get("new_chat_member", {}).get("user", {}).get("id") == stranger.id:
            # As if by a link of somebody else, not by the owner's hand.
            update["chat_member"]["from"] = update["chat_member"]["new_chat_member"]["user"]
        await phone.feed(update)
    await stall.market.work()
    assert not await stall.is_inside(stranger.id)
    assert await stall.is_inside(admin.id)
    [row] = await stall.market.rows(stall.tenant_id, Membership, Membership.telegram_id == admin.id)
    assert row.wanted == WantedPlace.UNMANAGED


async def test_a_channel_is_connected_when_the_bot_becomes_admin_and_paused_when_it_loses_rights(
    phone: Phone, stall: Stall
) -> None:
    market, bot_id = stall.market, phone.bot.telegram_id
    made = await market.telegram("POST", "/channels", owner_user_id=stall.owner_id, title="Новый <b>", type="channel")

    async def status() -> Channel:
        await phone.let_bot_work()
        [row] = await market.rows(stall.tenant_id, Channel, Channel.chat_id == made["id"])
        return row

    await market.telegram("PUT", f"/channels/{made['id']}/admins/{bot_id}")
    channel = await status()
    assert (channel.status, channel.title) == (ChannelStatus.ACTIVE, "Новый <b>")
    await market.telegram("PUT", f"/channels/{made['id']}/admins/{bot_id}", can_restrict_members=False)
    assert (await status()).status == ChannelStatus.RIGHTS_MISSING
    await market.telegram("DELETE", f"/channels/{made['id']}/admins/{bot_id}")
    assert (await status()).status == ChannelStatus.BOT_REMOVED
    await market.telegram("PUT", f"/channels/{made['id']}/admins/{bot_id}")
    assert (await status()).status == ChannelStatus.ACTIVE


async def test_a_group_that_becomes_a_supergroup_keeps_its_row_e13(phone: Phone, stall: Stall) -> None:
    await phone.feed(service_message(stall.chat_id, migrate_to_chat_id=stall.chat_id - 5))
    await phone.feed(service_message(stall.chat_id, migrate_to_chat_id=stall.chat_id - 5))
    channel = await stall.market.get(stall.tenant_id, Channel, stall.channel_id)
    assert channel.chat_id == stall.chat_id - 5


async def test_a_pre_checkout_query_is_answered_with_a_polite_no(phone: Phone, stall: Stall) -> None:
    await phone.write("/start")
    person = {"id": phone.id, "is_bot": False, "first_name": "A", "language_code": "ru"}
    query = {"id": "1", "from": person, "currency": "XTR", "total_amount": 5, "invoice_payload": "x"}
    await phone.feed({"update_id": 7, "pre_checkout_query": query})
    calls = await stall.market.http.get(f"{stall.market.telegram_url}/sandbox/calls?method=answerPreCheckoutQuery")
    [call] = await calls.json()
    assert call["parameters"]["ok"] in (False, "false", "False")


def service_message(chat_id: int, **fields: Any) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "group", "title": "G"}
    return {"update_id": 5, "message": {"message_id": 1, "date": 1_790_000_000, "chat": chat, **fields}}
