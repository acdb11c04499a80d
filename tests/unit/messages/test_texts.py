"""Texts: what a tenant may write, what a message can hold, and the defaults."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumenpay.kit.text import utf16_length
from lumenpay.messages.catalogue import DEFAULTS, VARIABLES, MessageKey
from lumenpay.messages.commands import COMMANDS
from lumenpay.messages.markup import cut_html, read_parts, visible_length, visible_text
from lumenpay.messages.rules import MESSAGE_LIMIT, NOTE_LIMIT, Html, check_text, escape, fill_in, plain_note
from sandbox.telegram.errors import ApiError
from sandbox.telegram.markup import read_text

PIECES = st.lists(
    st.sampled_from([
        "<b>", "</b>", "<i>", "</i>", '<a href="https://example.org/?a=1&amp;b=2">', "</a>", "<a>", "<code>",
        "</code>",
        "<", ">", "&", "&lt;", "&amp;", "&nbsp;", "&#128512;", "&#0;", "<blockquote expandable>",
        "</blockquote>", "</>",
        '<span class="tg-spoiler">', "<span>", "</span>", "<script>", "<b/>", "<!-- -->", "<3",
        '<tg-emoji emoji-id="5">',
        "</tg-emoji>", "<B>", "</B >", "< b>", "<b", "{name}", "{nobody}", "привет", "🙂", "a", " ", "\n", '"', "<b =>",
        "<pre language='x'>", "</pre>",
    ]) | st.text(max_size=3),
    max_size=12,
).map("".join)  # fmt: skip


def codes(text: str) -> set[str]:
    return {problem.code for problem in check_text(text, variables={"name"})}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Привет, {name}!", set()),
        ("<b>Жирно <i>и косо</i></b> & просто", set()),
        ('<a href="https://example.org">сюда</a> <tg-spoiler>секрет</tg-spoiler>', set()),
        ("", {"empty"}),
        (" \n<b> </b>", {"empty"}),
        ("<h1>Заголовок</h1>", {"tag_not_allowed"}),
        ("<br/>строка", {"tag_not_allowed"}),
        ("<b>не закрыт", {"tags_not_balanced"}),
        ("<b><i>крест-накрест</b></i>", {"tags_not_balanced"}),
        ("закрыт</b>", {"tags_not_balanced"}),
        ("я <3 тебя", {"stray_angle_bracket"}),
        ("<a>никуда</a>", {"link_without_address"}),
        ("<span>x</span>", {"tag_not_allowed"}),
        ("<tg-emoji>🙂</tg-emoji>", {"emoji_without_id"}),
        ("{nobody}", {"unknown_variable"}),
        ('<a href="{name}">x</a>', {"variable_in_tag"}),
        ("x\x00y", {"forbidden_character"}),
        ("\u202eтекст", {"forbidden_character"}),
        ("я" * 4097, {"too_long"}),
        ("🙂" * 2048, set()),
        ("🙂" * 2049, {"too_long"}),
        ("&lt;" * 4096, set()),
    ],
)
def test_a_text_is_refused_for_what_is_wrong_with_it(text: str, expected: set[str]) -> None:
    assert codes(text) == expected


@settings(max_examples=500, deadline=None)
@given(PIECES)
def test_telegram_takes_every_text_that_the_check_lets_through(text: str) -> None:
    if check_text(text, variables={"name", "nobody"}):
        return
    visible, _ = read_text(text, "HTML", None)
    assert visible == visible_text(text).strip()


@settings(max_examples=500, deadline=None)
@given(PIECES)
def test_the_check_refuses_every_text_that_telegram_refuses(text: str) -> None:
    try:
        visible, _ = read_text(text, "HTML", None)
    except ApiError:
        visible = ""
    if not visible:
        assert check_text(text, variables={"name", "nobody"})


@settings(max_examples=300, deadline=None)
@given(PIECES, st.integers(1, 30))
def test_a_cut_text_fits_and_is_still_well_formed(text: str, limit: int) -> None:
    if check_text(text, variables={"name", "nobody"}):
        return
    cut = cut_html(text, limit)
    read_text(cut, "HTML", None)
    assert visible_length(cut) <= limit
    assert "".join(part.source for part in read_parts(text)) == text


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_whatever_a_person_is_called_telegram_takes_the_text(name: str) -> None:
    text = fill_in("<b>Здравствуйте, {name}!</b>", {"name": name})
    visible, _ = read_text(text, "HTML", None)
    text.encode()
    assert visible.startswith("Здравствуйте")
    assert not set(name) & {"\u202e"} or "\u202e" not in text


def test_a_name_with_html_is_shown_as_it_is_written() -> None:
    assert fill_in("<b>{name}</b>", {"name": "<i>&'\""}) == "<b>&lt;i&gt;&amp;&#x27;&quot;</b>"
    assert fill_in("{links}", {"links": Html("<b>x</b>")}) == "<b>x</b>"


def test_a_long_description_gives_way_and_the_price_stays() -> None:
    text = fill_in("<b>{plan}</b>\n{description}\nЦена: {price}", {
        "plan": "Клуб", "description": "🙂<" * 4000, "price": "990 ₽",
    })  # fmt: skip
    assert text.endswith("…\nЦена: 990 ₽")
    assert MESSAGE_LIMIT - 3 <= visible_length(text) <= MESSAGE_LIMIT


def test_a_variable_that_stands_often_cannot_make_the_message_too_long() -> None:
    text = fill_in("{name}" * 50, {"name": "🙂" * 3000})
    assert 0 < visible_length(text) <= MESSAGE_LIMIT


def test_an_empty_description_leaves_no_gap() -> None:
    assert fill_in("a\n\n{description}\n\nb", {"description": ""}) == "a\n\nb"


def test_a_note_has_no_tags_and_fits() -> None:
    assert plain_note("<b>Ссылки</b> &amp; входы") == "Ссылки & входы"
    assert utf16_length(plain_note("<i>" + "🙂" * 300 + "</i>")) <= NOTE_LIMIT


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize("key", list(MessageKey))
def test_every_default_is_a_text_that_a_tenant_could_have_written(key: MessageKey, locale: str) -> None:
    text = DEFAULTS[locale][key.value]
    assert check_text(text, variables=VARIABLES[key]) == []
    filled = fill_in(text, dict.fromkeys(VARIABLES[key], "X"))
    assert "{" not in filled
    assert visible_length(filled) > 5


def test_no_default_is_for_an_unknown_key() -> None:
    keys = {key.value for key in MessageKey}
    assert set(DEFAULTS) == {"ru", "en"}
    assert all(set(texts) == keys for texts in DEFAULTS.values())
    assert set(VARIABLES) == set(MessageKey)


def test_both_languages_use_the_same_variables() -> None:
    for key in MessageKey:
        used = [
            {name for name in VARIABLES[key] if f"{{{name}}}" in DEFAULTS[locale][key.value]} for locale in DEFAULTS
        ]
        assert used[0] == used[1], key


def test_commands_keep_to_telegrams_limits() -> None:
    assert set(COMMANDS) == {"", "ru", "en"}
    for pairs in COMMANDS.values():
        assert [name for name, _ in pairs] == [name for name, _ in COMMANDS["ru"]]
        assert all(name.isalnum() and name.islower() and 3 <= len(text) <= 256 for name, text in pairs)


def test_escape_drops_what_turns_text_around_and_keeps_letters_of_every_script() -> None:
    assert escape("\u202eعلي\u2069 👨‍👩‍👧\ud800") == "علي 👨‍👩‍👧"
