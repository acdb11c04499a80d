"""Which column says what: guessed by its heading, shown to be corrected, or said by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.imports.columns import MAX_COLUMNS, Choice, DateHint
from lumenpay.imports.errors import ImportColumnsInvalidError, ImportFileInvalidError
from lumenpay.imports.lines import DateOrder
from lumenpay.imports.reading import Contents, read_file, read_layout
from lumenpay.models.imports import ImportField, ImportKind

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ID, NICK, NAME, END = ImportField.TELEGRAM_ID, ImportField.USERNAME, ImportField.NAME, ImportField.ENDS_AT
ODD = "Клиент №;Аккаунт;Кто;Кончается\n42;@Anna_K;Анна;12/31/2026\n43;;Вера;1/2/2027\n42;;Анна;1/2/2027\n"


def read(text: str, *fields: tuple[int, ImportField | None], order: DateOrder = DateOrder.DAY_FIRST,
         has_headings: bool = True) -> Contents:  # fmt: skip
    choice = Choice(fields, has_headings, order)
    return read_file(text.encode(), zone=ZoneInfo("UTC"), now=NOW, choice=choice)


def test_a_file_whose_headings_say_nothing_shows_its_columns_with_three_values_each() -> None:
    found = read_layout(ODD.encode())
    assert (found.kind, found.has_headings) == (ImportKind.CSV, True)
    assert [(each.number, each.heading, each.field, list(each.samples)) for each in found.columns] == [
        (1, "Клиент №", None, ["42", "43"]), (2, "Аккаунт", None, ["@Anna_K"]),
        (3, "Кто", None, ["Анна", "Вера"]), (4, "Кончается", None, ["12/31/2026", "1/2/2027"]),
    ]  # fmt: skip
    assert [each.date_hint for each in found.columns] == [None, None, None, DateHint.MONTH_FIRST]


def test_what_is_known_by_its_heading_is_guessed_once() -> None:
    found = read_layout(b"ID,Telegram,user_id,x\n1,a,2,b\n")
    assert [each.field for each in found.columns] == [ID, NICK, None, None]


@pytest.mark.parametrize(
    ("dates", "hint"),
    [
        ("2026-12-31\n2027-01-01", None), ("01.02.2027\n05.06.2027", DateHint.EITHER),
        ("01.02.2027\n31.12.26", DateHint.DAY_FIRST), ("1/2/2027\n2/28/2027", DateHint.MONTH_FIRST),
        ("31.12.2026\n30.12.2026\n12/31/2026", DateHint.DAY_FIRST), ("soon\n", None),
    ],
)  # fmt: skip
def test_dates_tell_whether_they_begin_with_the_day(dates: str, hint: DateHint | None) -> None:
    assert read_layout(f"Кончается\n{dates}\n".encode()).columns[0].date_hint is hint


@pytest.mark.parametrize("first", ["42424242;Анна", "@anna_k;Анна", "https://t.me/anna_k;Анна"])
def test_a_file_that_begins_with_a_person_does_not_lose_that_one(first: str) -> None:
    text = f"{first}\n43434343;Вера\n"
    assert not read_layout(text.encode()).has_headings
    person = ID if first[0].isdigit() else NICK
    found = read(text, (1, person), (2, NAME), has_headings=False)
    assert [line.name for line in found.lines] == ["Анна", "Вера"]
    assert [(each.number, each.heading) for each in found.columns] == [(1, ""), (2, "")]


def test_what_is_said_by_hand_counts_and_the_rest_is_passed_over() -> None:
    found = read(ODD, (1, ID), (2, NICK), (3, None), (4, END), order=DateOrder.MONTH_FIRST)
    anna, vera, again = found.lines
    assert (anna.telegram_id, anna.username, anna.name) == (42, "anna_k", "")
    assert (anna.until_at, vera.until_at) == (datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 1, 3, tzinfo=UTC))
    assert again.is_repeated
    assert [(each.number, each.heading, each.field) for each in found.columns] == [
        (1, "Клиент №", ID), (2, "Аккаунт", NICK), (4, "Кончается", END),
    ]  # fmt: skip


def test_a_wrong_guess_is_put_right() -> None:
    (line,) = read("Telegram,Name,Login\n42,@anna_k,Anna\n", (1, ID), (2, NICK), (3, NAME)).lines
    assert (line.telegram_id, line.username, line.name, line.problem) == (42, "anna_k", "Anna", "")


@pytest.mark.parametrize(
    ("text", "order", "until_at"),
    [
        ("02/03/2027", DateOrder.DAY_FIRST, datetime(2027, 3, 3, tzinfo=UTC)),
        ("02/03/2027", DateOrder.MONTH_FIRST, datetime(2027, 2, 4, tzinfo=UTC)),
        ("2-3-27", DateOrder.DAY_FIRST, datetime(2027, 3, 3, tzinfo=UTC)),
        ("2027-02-03", DateOrder.MONTH_FIRST, datetime(2027, 2, 4, tzinfo=UTC)),
        ("02/03/2027 11:59 PM", DateOrder.MONTH_FIRST, datetime(2027, 2, 3, 23, 59, tzinfo=UTC)),
        ("02/03/2027 12:05 am", DateOrder.MONTH_FIRST, datetime(2027, 2, 3, 0, 5, tzinfo=UTC)),
        ("31.12.2026 0:00:00", DateOrder.DAY_FIRST, datetime(2026, 12, 31, tzinfo=UTC)),
        ("12/31/2026", DateOrder.DAY_FIRST, None), ("02/03/2027 13:05 PM", DateOrder.MONTH_FIRST, None),
    ],
)  # fmt: skip
def test_a_date_is_read_in_the_order_that_was_said(text: str, order: DateOrder, until_at: datetime | None) -> None:
    (line,) = read(f"a,b\n42,{text}\n", (1, ID), (2, END), order=order).lines
    assert (line.until_at, line.problem) == (until_at, "" if until_at else "date_unreadable")


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        (((1, NAME), (2, None)), {"columns": "no_person_chosen"}),
        ((), {"columns": "no_person_chosen"}),
        (((1, ID), (3, ID)), {"columns.1.field": "field_chosen_twice"}),
        (((1, ID), (1, NAME)), {"columns.1.column": "column_chosen_twice"}),
        (((1, ID), (5, NAME)), {"columns.1.column": "no_such_column"}),
    ],
)
def test_what_cannot_be_meant_says_which_column_is_wrong(
    fields: tuple[tuple[int, ImportField | None], ...], problems: dict[str, str]
) -> None:
    with pytest.raises(ImportColumnsInvalidError) as caught:
        read(ODD, *fields)
    assert caught.value.fields == problems


def test_of_a_telegram_export_nothing_has_to_be_said_and_a_file_of_headings_holds_nobody() -> None:
    found = read_layout(b'{"messages": []}')
    assert (found.kind, found.columns) == (ImportKind.TELEGRAM, [])
    with pytest.raises(ImportFileInvalidError) as caught:
        read_layout(b"a,b\n")
    assert caught.value.fields == {"content": "no_people"}


def test_a_file_of_endless_columns_shows_the_first_hundred() -> None:
    text = ",".join(f"c{number}" for number in range(500)) + "\n" + ",".join(["x" * 500] * 500) + "\n"
    columns = read_layout(text.encode()).columns
    assert len(columns) == MAX_COLUMNS
    assert max(len(sample) for each in columns for sample in each.samples) <= 60


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"a,b\n{text}".encode("utf-8", "replace")))
def test_whatever_is_uploaded_shows_its_columns_or_is_refused(content: bytes) -> None:
    try:
        found = read_layout(content)
    except ImportFileInvalidError:
        return
    assert all(len(each.samples) <= 3 for each in found.columns)
