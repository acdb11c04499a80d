"""Cells of exports."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.exports.rules import file_name, guard_formula, write_csv_cell
from lumenpay.models.exports import ExportFormat

FORMULA = "=+-@\t\r"


@given(st.text(alphabet=st.one_of(st.sampled_from(FORMULA + " \n'\";,"), st.characters(exclude_categories=["Cs"]))))
def test_no_text_reaches_a_spreadsheet_as_a_formula_j10(text: str):
    line = io.StringIO(newline="")
    cell = write_csv_cell(text, file_format=ExportFormat.CSV, locale="ru")
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow([cell, "next"])
    (read,) = csv.reader(io.StringIO(line.getvalue(), newline=""))
    assert read[1] == "next"
    assert read[0].lstrip()[:1] not in set(FORMULA)
    assert read[0] in {text, f"'{text}"}


@pytest.mark.parametrize("text", ["Anna", "a=1", "1-2", "", "'=1", "Ёлка"])
def test_a_text_that_is_no_formula_stays_as_it_is_j10(text: str):
    assert guard_formula(text) == text


@pytest.mark.parametrize(
    ("cell", "file_format", "written"),
    [
        (Decimal("990.50"), ExportFormat.CSV, "990.50"), (Decimal("990.50"), ExportFormat.CSV_SEMICOLON, "990,50"),
        (True, ExportFormat.CSV, "да"), (None, ExportFormat.CSV, ""), (-5, ExportFormat.CSV, "-5"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), ExportFormat.CSV, "2026-01-02 03:04:05"),
    ],
    ids=str,
)  # fmt: skip
def test_values_are_written_as_the_reader_reads_them(cell, file_format, written):
    assert write_csv_cell(cell, file_format=file_format, locale="ru") == written


def test_a_file_is_named_by_what_is_in_it():
    at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    assert file_name("payments", ExportFormat.XLSX, created_at=at) == "payments-2026-01-02-0304.xlsx"
