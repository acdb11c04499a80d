"""Whom one logs in to the demo with Telegram as is somebody in its chats, whom a bot can write to."""

from __future__ import annotations

import aiohttp

from operations.demo_people import bring_people_into_chats
from operations.stack import SANDBOX_CLIENT
from sandbox.oidc.app import create_app as create_oidc
from sandbox.oidc.provider import Client
from sandbox.telegram.app import create_app as create_telegram
from tests.support.web import serving


async def test_everybody_whom_one_can_log_in_as_is_in_the_chats_and_can_begin_one_with_a_bot() -> None:
    sites = {"telegram": [Client(*SANDBOX_CLIENT, ("http://127.0.0.1:8000/oidc/telegram",))]}
    async with (
        serving(create_oidc(sites)) as oidc_url,
        serving(create_telegram()) as telegram_url,
        aiohttp.ClientSession(raise_for_status=True) as http,
    ):
        people = await bring_people_into_chats(oidc_url=oidc_url, telegram_url=telegram_url)
        offered = (await (await http.get(f"{oidc_url}/sandbox/telegram/people")).json())["people"]
        chatting = await (await http.get(f"{telegram_url}/sandbox/users")).json()
        assert [(person.user_id, person.name) for person in people] == [(one["id"], one["name"]) for one in offered]
        assert [(one["id"], f"{one['first_name']} {one['last_name']}") for one in chatting] == [
            (one["id"], one["name"]) for one in offered
        ]
        assert {one["first_name"]: one["language_code"] for one in chatting} == {"Мария": "ru", "John": "en"}
        new = {"name": "Club", "username": "club_bot", "owner_user_id": people[0].user_id}
        bot = await (await http.post(f"{telegram_url}/sandbox/bots", json=new)).json()
        for person in people:
            start = {"bot_id": bot["id"], "text": "/start"}
            await http.post(f"{telegram_url}/sandbox/users/{person.user_id}/messages", json=start)
            said = {"chat_id": person.user_id, "text": "Hello"}
            answer = await http.post(f"{telegram_url}/bot{bot['token']}/sendMessage", json=said)
            assert (await answer.json())["result"]["chat"]["id"] == person.user_id
