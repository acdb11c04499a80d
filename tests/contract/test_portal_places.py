"""Whoever is sent to a place of the portal finds it there under the name that its menu shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lumenpay.bots.health_words import WORDS

ROOT = Path(__file__).parents[2]


def texts(locale: str, name: str) -> dict[str, Any]:
    file = ROOT / "webapp" / "src" / "i18n" / "locales" / locale / f"{name}.json"
    return dict(json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("locale", WORDS)
def test_what_is_said_of_a_bot_that_is_unwell_names_the_place_as_the_menu_does(locale: str) -> None:
    places = {place for words in WORDS[locale].values() for place in re.findall("[«“]([^»”]+)[»”]", words.todo)}
    assert places == {texts(locale, "common")["nav"]["bots"]}


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_chat_page_says_where_the_portal_takes_a_token(locale: str) -> None:
    script = (ROOT / "platform" / "sandbox" / "chat" / "words.js").read_text(encoding="utf-8")
    block = re.search(rf"const {locale.upper()} = \{{(.*?)\n\}};", script, re.DOTALL)
    assert block
    [hint] = re.findall(r'tokenHint: "([^"]*)"', block.group(1))
    said = hint.replace("«", "").replace("»", "")
    assert f"{texts(locale, 'common')['nav']['bots']} → {texts(locale, 'bots')['connect']['open']}." in said
