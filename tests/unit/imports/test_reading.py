"""Reading files: separators, encodings, dates, and what is wrong with which line."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.imports.errors import ImportFileInvalidError
from lumenpay.imports.lines import Line
from lumenpay.imports.reading import MAX_BYTES, MAX_LINES, read_file
from lumenpay.models.imports import ImportKind

NOW = datetime(2026, 11, 1, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")


def read(content: bytes | str) -> list[Line]:
    body = content if isinstance(content, bytes) else content.encode()
    return read_file(body, zone=MOSCOW, now=NOW).lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators_are_found_out(encoding: str, separator: str) -> None:
    rows = [["ID", "Имя", "Ник", "Оплачено до", "Тег"], ["42", "Анна", "@Anna_K", "31.12.2026", "VIP"]]
    text = "\r\n".join(separator.join(row) for row in rows)
    (line,) = read(text.encode(encoding))
    assert (line.telegram_id, line.name, line.username, line.tag, line.number) == (42, "Анна", "anna_k", "vip", 2)
    # A day counts to its end, in Moscow.
    assert line.until_at == datetime(2026, 12, 31, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "until_at"),
    [
        ("2026-12-31", datetime(2026, 12, 31, 21, tzinfo=UTC)),
        ("31/12/2026", datetime(2026, 12, 31, 21, tzinfo=UTC)),
        ("31.12.2026 15:30", datetime(2026, 12, 31, 12, 30, tzinfo=UTC)),
        ("2026-12-31T15:30:00", datetime(2026, 12, 31, 12, 30, tzinfo=UTC)),
        ("2026-12-31T15:30:00+00:00", datetime(2026, 12, 31, 15, 30, tzinfo=UTC)),
        ("2026-12-31T15:30:00Z", datetime(2026, 12, 31, 15, 30, tzinfo=UTC)),
        ("", None),
    ],
)
def test_dates_mean_what_they_mean_to_the_tenant(text: str, until_at: datetime | None) -> None:
    (line,) = read(f"telegram_id,ends_at\n42,{text}\n")
    assert (line.until_at, line.problem) == (until_at, "")


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (",,", "nobody"), ("abc,,", "telegram_id_unreadable"), ("-5,,", "telegram_id_unreadable"),
        ("99999999999999999999,,", "telegram_id_unreadable"), (",ab,", "username_unreadable"),
        (",анна,", "username_unreadable"), ("42,,31.02.2026", "date_unreadable"), ("42,,soon", "date_unreadable"),
        ("42,,2060-01-01", "date_too_far"), ("42,,9999-12-31", "date_unreadable"), ("42,,0001-01-01", ""),
    ],
)  # fmt: skip
def test_a_wrong_line_says_why_and_the_others_stay_readable(cells: str, problem: str) -> None:
    lines = read(f"telegram_id,username,ends_at,name\n{cells},x\n7,,,y\n")
    assert [(line.number, line.problem) for line in lines] == [(2, problem), (3, "")]


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    lines = read('id;note\n\n1;"two\nlines"\n2;x\n')
    assert [(line.number, line.telegram_id) for line in lines] == [(3, 1), (5, 2)]
    assert lines[0].note == "two\nlines"


def test_a_person_further_up_makes_a_line_a_repetition_by_id_or_by_username() -> None:
    lines = read("telegram_id,username\n1,anna\n1,\n,Anna\n,https://t.me/boris\n2,@boris\nx,boris\n")
    assert [line.is_repeated for line in lines] == [False, True, True, False, True, False]


def test_what_our_own_export_guards_against_formulas_is_read() -> None:
    (line,) = read('"telegram_id","username","note"\n"42","\'@anna","\'=1+1"\n')
    assert (line.username, line.note) == ("anna", "=1+1")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"), (b"\xef\xbb\xbf \n", "empty"), (b"name,ends_at\nAnna,\n", "no_person_column"),
        (b"1,2,3\n", "no_person_column"), (b"id,telegram_id\n1,2\n", "column_twice"), (b"id\n", "no_people"),
        (b'id,note\n1,"open\n', "unreadable"), (b"id\x00\n1\n", "unreadable"), (b"{broken", "unreadable"),
        (b'{"chats": {"list": []}}', "several_chats"), (b'{"name": "x"}', "unreadable"), (b"[1]", "unreadable"),
        (b'{"messages": []}', "no_people"), (b"id\n" + b"1\n" * (MAX_LINES + 1), "too_many_lines"),
        (b"x" * (MAX_BYTES + 1), "too_large"), (b"\xff\xfe\x00", "unreadable"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_says_why(content: bytes, problem: str) -> None:
    with pytest.raises(ImportFileInvalidError) as caught:
        read(content)
    assert caught.value.fields == {"content": problem}


def test_of_a_telegram_export_those_are_read_who_wrote_or_came() -> None:
    export = {
        "name": "Club", "type": "private_supergroup", "id": 1,
        "messages": [
            {"type": "message", "from": "Anna", "from_id": "user42", "text": "hi"},
            {"type": "service", "action": "join_group_by_link", "actor": "Boris", "actor_id": "user43"},
            {"type": "message", "from": None, "from_id": "user44"}, {"from_id": "channel1", "from": "Club"},
            {"from": "Anna K", "from_id": "user42"}, {"from_id": 7}, "x", {"from_id": "userabc"},
        ],
    }  # fmt: skip
    found = read_file(orjson.dumps(export), zone=MOSCOW, now=NOW)
    assert found.kind is ImportKind.TELEGRAM
    assert [(line.telegram_id, line.name, line.problem) for line in found.lines] == [
        (42, "Anna K", ""), (43, "Boris", ""), (44, "", ""), (None, "", "telegram_id_unreadable"),
    ]  # fmt: skip


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: f"id,username,ends_at,tag\n{text}".encode("utf-8", "replace"))
)
def test_whatever_is_uploaded_is_read_or_refused(content: bytes) -> None:
    try:
        lines = read(content)
    except ImportFileInvalidError:
        return
    assert all(line.problem or line.telegram_id or line.username for line in lines)
