"""What of a tenant goes into the whole export is said for every table and column, and a ZIP made in pieces is one."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, LargeBinary, MetaData, String, Table

from lumenpay.exports.rules import file_name
from lumenpay.exports.whole.archive import Entry, add_to_entry, begin_entry, end_archive, end_entry
from lumenpay.exports.whole.catalogue import FILES, LEFT_OUT
from lumenpay.models.base import Base
from lumenpay.models.exports import ExportFormat, ExportKind

AT = datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)
BY_TABLE = {file.model.__tablename__: file for file in FILES}
SECRET = re.compile(r"sealed|hash|secret|token|(^|_)key_id|_key$|_ref$|confirmation_url|request_body|lease|cursor")


def tables_of_tenants() -> dict[str, Table]:
    return {name: table for name, table in Base.metadata.tables.items() if "tenant_id" in table.columns}


def unsaid(table: Table) -> set[str]:
    file = BY_TABLE[table.name]
    return {column.name for column in table.columns} - {"tenant_id", *file.columns.split(), *file.withheld.split()}


def test_each_table_of_a_tenant_is_in_the_export_or_left_out_for_a_reason_o2():
    assert set(tables_of_tenants()) == {*BY_TABLE, *LEFT_OUT}
    assert not BY_TABLE.keys() & LEFT_OUT.keys()
    assert all(LEFT_OUT.values())
    assert len({file.name for file in FILES}) == len(FILES) == len(BY_TABLE)


def test_each_column_is_given_or_withheld_and_none_is_there_that_is_not_o2():
    for name, file in BY_TABLE.items():
        table = tables_of_tenants()[name]
        assert unsaid(table) == set(), name
        listed = [*file.columns.split(), *file.withheld.split()]
        assert len(listed) == len(set(listed)), name
        assert set(listed) <= set(table.columns.keys()), name


def test_a_new_column_would_be_found_o2():
    table = Base.metadata.tables["users"].to_metadata(MetaData())
    table.append_column(Column("nickname", String(64)))
    assert unsaid(table) == {"nickname"}


def test_nothing_that_is_called_like_a_secret_is_given_o2():
    for file in FILES:
        secret = {column.name for column in file.list_columns() if SECRET.search(column.name)}
        # Which text of the bot it is: `welcome`.
        assert secret - ({"key"} if file.name == "bot_messages" else set()) == set(), file.name
        assert not [column.name for column in file.list_columns() if isinstance(column.type, LargeBinary)], file.name


def test_a_sum_never_goes_without_its_currency_o2():
    for file in FILES:
        if any(name.endswith("_minor") for name in file.columns.split()):
            assert "currency" in file.columns.split(), file.name


@given(st.lists(st.tuples(st.text(min_size=1, alphabet="abcё_"), st.lists(st.binary(max_size=2_000), max_size=4))))
def test_a_zip_made_in_pieces_holds_what_was_put_in(files: list[tuple[str, list[bytes]]]):
    out, entries = io.BytesIO(), []
    files = [(f"{number}{name}", pieces) for number, (name, pieces) in enumerate(files)]
    for name, pieces in files:
        entry = Entry(name, begins_at=out.tell())
        out.write(begin_entry(entry, moment=AT))
        for piece in pieces:
            out.write(add_to_entry(entry, piece))
        out.write(end_entry(entry))
        entries.append(entry)
    out.write(end_archive(entries, at=out.tell(), moment=AT))
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [name for name, _ in files]
        assert all(found.date_time == (2026, 1, 2, 3, 4, 6) for found in archive.infolist())
        for name, pieces in files:
            assert archive.read(name) == b"".join(pieces)


@pytest.mark.parametrize("file_format", [ExportFormat.CSV, ExportFormat.CSV_SEMICOLON])
def test_the_archive_is_called_one(file_format: ExportFormat):
    assert file_name(ExportKind.WHOLE, file_format, created_at=AT) == "project-2026-01-02-0304.zip"
