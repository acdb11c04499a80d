"""What goes wrong: the person is told once, retries are quiet, junk is set aside, the future is ignored."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from sqlalchemy import BigInteger, LargeBinary, SmallInteger, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from lumenpay.models.inbox import NORMAL_LANE, TelegramUpdate
from lumenpay.telegram.errors import TelegramRejectedError, TelegramTokenRevokedError, TelegramUnavailableError
from tenants_worker.inbox_drain import UnreadableUpdateError
from tests.integration.bot.test_menu import callback
from tests.support.chat import Phone
from tests.support.stall import Stall


async def fail(stall: Stall, method: str, *, status: int, count: int = 1, **effect: Any) -> None:
    rule = {"match": {"method": method, "count": count}, "effect": {"kind": "status", "status": status, **effect}}
    await stall.market.telegram("POST", "/faults", **rule)


async def store(phone: Phone, update: dict[str, Any], *, attempts: int) -> None:
    stall = phone.stall
    market = stall.market
    async with market.tenant(stall.tenant_id) as session:
        await session.execute(
            text("SELECT ingest_updates(:t, :b, :u, :l, :r, :now)").bindparams(
                bindparam("t", type_=ARRAY(Uuid())), bindparam("b", type_=ARRAY(Uuid())),
                bindparam("u", type_=ARRAY(BigInteger())), bindparam("l", type_=ARRAY(SmallInteger())),
                bindparam("r", type_=ARRAY(LargeBinary())),
            ),
            {"t": [stall.tenant_id], "b": [stall.bot_id], "u": [update["update_id"]], "l": [NORMAL_LANE],
             "r": [orjson.dumps(update)], "now": market.now()},
        )  # fmt: skip
        stored = await session.get_one(TelegramUpdate, (stall.tenant_id, stall.bot_id, update["update_id"]))
        stored.attempts = attempts


async def test_a_failure_is_told_at_the_first_try_only_and_the_retry_works(phone: Phone, stall: Stall) -> None:
    await phone.write("/start")
    update = next(one for one in phone.seen if "message" in one)
    for attempts in (0, 1, 2):
        await store(phone, update, attempts=attempts)
        await fail(stall, "sendMessage", status=400, description="Bad Request: something new")
        with pytest.raises(TelegramRejectedError):
            await phone.feed(update)
    apologies = [one["text"] for one in await phone.messages() if "Что-то пошло не так" in one["text"]]
    assert len(apologies) == 1
    await phone.feed(update)
    assert (await phone.screen()).startswith("Здравствуйте")


async def test_a_failed_press_stops_its_spinner(phone: Phone, stall: Stall) -> None:
    await phone.write("/start")
    await fail(stall, "editMessageText", status=403, description="Forbidden: not enough rights to edit")
    [message] = await phone.messages()
    with pytest.raises(AssertionError):
        # The press itself is answered before the edit, and the failure goes up.
        await phone.press("Нет такой кнопки")
    pressed = await phone.stall.market.telegram(
        "POST", f"/users/{phone.id}/callbacks", bot_id=phone.bot.telegram_id, message_id=message["message_id"],
        data="buy",
    )  # fmt: skip
    for update in await phone.updates():
        with pytest.raises(Exception, match="not enough rights"):
            await phone.feed(update)
    shown = await stall.market.telegram("GET", f"/users/{phone.id}/callbacks/{pressed['callback_query_id']}")
    assert shown["is_answered"]


@pytest.mark.parametrize("status", [500, 502])
async def test_telegram_being_down_goes_up_for_a_retry_without_an_apology(
    phone: Phone, stall: Stall, status: int
) -> None:
    await phone.write("/start")
    await fail(stall, "sendMessage", status=status)
    with pytest.raises(TelegramUnavailableError):
        await phone.feed(next(one for one in phone.seen if "message" in one))
    assert len(await phone.messages()) == 1


async def test_a_revoked_token_goes_up(phone: Phone, stall: Stall) -> None:
    await phone.write("/start")
    await stall.market.telegram("POST", f"/bots/{phone.bot.telegram_id}/revoke-token")
    with pytest.raises(TelegramTokenRevokedError):
        await phone.feed(next(one for one in phone.seen if "message" in one))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"1",
        b'"x"',
        b"\xff\xfe",
        b'{"update_id": "x"}',
        b'{"message": {}}',
        b'{"update_id": 1, "message": {"message_id": 1}}',
        b'{"update_id": 1, "message": 5}',
        b'{"update_id": 1, "message": {"text": "\\ud800"}}',
        b'{"update_id": 1' + b', "a": [' * 2000 + b"]" * 2000 + b"}",
        b'{"update_id": 99999999999999999999999999}',
    ],
)
async def test_junk_is_unreadable_and_touches_nobody(phone: Phone, raw: bytes) -> None:
    with pytest.raises(UnreadableUpdateError):
        await phone.feed(raw)
    assert await phone.messages() == []


@pytest.mark.parametrize("identity", [2**63, 10**30, -(2**64)])
async def test_an_id_that_no_column_holds_is_unreadable(phone: Phone, identity: int) -> None:
    update = callback(phone, "buy")
    update["callback_query"]["from"]["id"] = identity
    with pytest.raises(UnreadableUpdateError):
        await phone.feed(repr(update).replace("'", '"').replace("False", "false").encode())


async def test_a_kind_from_the_future_is_done_at_once(phone: Phone) -> None:
    await phone.feed({"update_id": 1, "telepathy": {"from": {"id": 5}, "thought": "?"}})
    await phone.feed({"update_id": 2})
    await phone.feed(
        {
            "update_id": 3,
            "poll_answer": {"poll_id": "1", "option_ids": [0], "option_persistent_ids": ["0"]},
            "new_field": {"x": 1},
        }
    )
    assert await phone.messages() == []


async def test_fields_from_the_future_do_not_get_in_the_way(phone: Phone) -> None:
    await phone.write("/start")
    update = next(one for one in phone.seen if "message" in one)
    update["message"]["from"]["mood"] = "great"
    update["message"]["aura"] = {"colour": 7}
    await phone.feed(update)
    assert len(await phone.messages()) == 2


async def test_names_with_characters_that_cannot_be_stored_are_stored_without_them(phone: Phone) -> None:
    update = callback(phone, "buy")
    update["callback_query"]["from"] |= {"first_name": "a\x00b", "last_name": "\x00", "username": "u\x00"}
    await phone.write("/start")
    await phone.feed(orjson.dumps(update))
    assert (await phone.user()).first_name == "ab"


async def test_the_handlers_left_no_session_in_another_tenant(phone: Phone, stall: Stall) -> None:
    await phone.write("/start")
    async with stall.market.tenant(stall.tenant_id) as session:
        seen = (await session.execute(text("SELECT DISTINCT tenant_id FROM users"))).scalars().all()
    assert seen == [stall.tenant_id]
