"""Who logs in to the demo with Telegram is somebody whom its bots can write to: the same people are in the chats."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody with an account at Telegram: the stand-in for logging in and the one for the chats know the id."""

    user_id: int
    name: str


async def bring_people_into_chats(*, oidc_url: str, telegram_url: str) -> list[DemoPerson]:
    """Let everybody whom the stand-in for logging in with Telegram offers exist in the chats too, under the same id."""
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as http:
        async with http.get(f"{oidc_url}/sandbox/telegram/people") as answer:
            offered = (await answer.json())["people"]
        people = [DemoPerson(person["id"], person["name"]) for person in offered]
        for person in people:
            first_name, _, last_name = person.name.partition(" ")
            body = {
                "id": person.user_id, "first_name": first_name, "last_name": last_name or None,
                "language_code": "en" if person.name.isascii() else "ru",
            }  # fmt: skip
            await http.post(f"{telegram_url}/sandbox/users", json=body)
    return people
