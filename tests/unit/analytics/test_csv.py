"""A table opens in a spreadsheet as what it is, and never runs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lumenpay.analytics.tables import write_csv


@pytest.mark.parametrize("text", ["=1+1", "+7", "-1", "@sum", "\t=1"])
def test_a_text_that_looks_like_a_formula_stays_a_text(text: str):
    assert write_csv([(text,)], is_russian=False).lstrip("\ufeff").strip('"\r\n').startswith("'")


def test_numbers_are_written_in_the_manner_of_the_language():
    row = (Decimal("-1.50"), 0.25, 3, None, "a;b")
    assert write_csv([row], is_russian=True) == '\ufeff-1,50;0,25;3;;"a;b"\r\n'
    assert write_csv([row], is_russian=False) == "\ufeff-1.50,0.25,3,,a;b\r\n"
