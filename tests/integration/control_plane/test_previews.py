"""A text is shown as the bot would send it, or refused for the reason for which it could not be stored."""

from __future__ import annotations

import pytest

from lumenpay.db.session import Database
from lumenpay.messages.catalogue import DEFAULTS, VARIABLES, MessageKey
from lumenpay.messages.examples import example_values
from lumenpay.messages.markup import visible_text
from lumenpay.messages.rules import MESSAGE_LIMIT, check_text
from lumenpay.messages.service import render
from tests.isolation.cast import Side
from tests.support.asgi import Answer
from tests.support.portal import Portal


async def preview(portal: Portal, side: Side, text: str, *, key: str = "reminder", locale: str = "ru") -> Answer:
    path = f"/api/v1/tenants/{side.tenant_id}/bots/{side.ids['bot_id']}/messages/preview"
    body = {"key": key, "locale": locale, "text": text}
    return await portal.browser(side.owner.token).request("POST", path, json=body)


async def test_a_preview_shows_examples_and_the_length_that_telegram_counts(portal: Portal, alpha: Side) -> None:
    answer = await preview(portal, alpha, "<b>🙂 {plan}</b> &lt;{left}&gt;\n\n\n\n")
    assert answer.json() == {
        "html": "<b>🙂 Клуб на месяц</b> &lt;3 дня&gt;",
        "length": len("🙂 Клуб на месяц <3 дня>") + 1,
        "max_length": MESSAGE_LIMIT,
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{nobody}", "unknown_variable nobody"), ("<b>x", "tags_not_balanced b"), ("<h1>x</h1>", "tag_not_allowed h1"),
        ("a < b", "stray_angle_bracket"), (" ", "empty"), ('<a href="{plan}">x</a>', "variable_in_tag a"),
        ("<a>x</a>", "link_without_address a"), ("x\u202ey", "forbidden_character U+202E"),
    ],
)  # fmt: skip
async def test_what_telegram_would_refuse_is_refused_in_the_preview_and_when_it_is_stored(
    portal: Portal, alpha: Side, text: str, problem: str
) -> None:
    shown = await preview(portal, alpha, text)
    path = f"/api/v1/tenants/{alpha.tenant_id}/bots/{alpha.ids['bot_id']}/messages/reminder/ru"
    stored = await portal.browser(alpha.owner.token).request("PUT", path, json={"text": text})
    assert (shown.status, shown.json()["code"]) == (422, "message_text_invalid")
    assert problem in shown.json()["fields"]["text"]
    assert (shown.status, shown.body) == (stored.status, stored.body)


async def test_a_preview_is_what_the_bot_sends_and_stores_nothing(
    portal: Portal, alpha: Side, database: Database
) -> None:
    text = "{name}, " + "очень длинно " * 400 + "{bot}" * 9
    assert not check_text(text[:MESSAGE_LIMIT], variables=VARIABLES[MessageKey.WELCOME])
    text = text[: MESSAGE_LIMIT - 1]
    shown = await preview(portal, alpha, text, key="welcome")
    values = example_values("ru", bot_username="alpha_bot")

    async def sent() -> str:
        async with database.tenant(alpha.tenant_id) as session:
            return await render(
                session, bot_id=alpha.ids["bot_id"], key=MessageKey.WELCOME, locale="ru", variables=values
            )

    assert await sent() == "alpha welcome"
    path = f"/api/v1/tenants/{alpha.tenant_id}/bots/{alpha.ids['bot_id']}/messages/welcome/ru"
    assert (await portal.browser(alpha.owner.token).request("PUT", path, json={"text": text})).status == 200
    assert await sent() == shown.json()["html"]


@pytest.mark.parametrize("locale", DEFAULTS)
async def test_every_default_can_be_previewed_with_an_example_for_every_variable(
    portal: Portal, alpha: Side, locale: str
) -> None:
    values = example_values(locale, bot_username="alpha_bot")
    assert values.keys() == frozenset().union(*VARIABLES.values())
    for key in MessageKey:
        answer = await preview(portal, alpha, DEFAULTS[locale][key.value], key=key.value, locale=locale)
        assert answer.status == 200, answer.body
        for name in VARIABLES[key]:
            if f"{{{name}}}" in DEFAULTS[locale][key.value]:
                assert visible_text(values[name]).strip() in visible_text(answer.json()["html"]), (key, name)
