"""Codes that are good for one person each are told by kind: there may be thousands, each used once."""

from __future__ import annotations

from lumenpay.models.plans import PeriodUnit
from tests.integration.analytics.conftest import Books

MARCH = {"first_day": "2026-03-01", "last_day": "2026-03-31"}


async def test_personal_codes_are_one_row_a_kind_on_the_page_and_in_the_file(books: Books) -> None:
    await books.plan("month", 30_000, PeriodUnit.MONTH)
    for number, (name, word) in enumerate(
        (("Anna", "HI-AAAA2222"), ("Boris", "HI-BBBB2222"), ("Vera", "DDDDDDDD222222"), ("Gleb", "SPRING"))
    ):
        await books.start(name, "2026-03-01 10:00")
        code = await books.code(word, of=None if word == "SPRING" else name)
        await books.pay(name, "month", "2026-03-02 12:00", amount_minor=10_000 - 1_000 * number, code=code)
    found = (await books.ask("sources", **MARCH))["promo_codes"]
    told = [(row["personal"], row["code"], row["promo_code_id"] is None, row["revenue_minor"]) for row in found]
    assert told == [
        ("welcome", None, True, 19_000), ("win_back", None, True, 8_000), (None, "SPRING", False, 7_000),
    ]  # fmt: skip
    file = (await books.get("export", table="promo_codes", **MARCH)).body.decode("utf-8-sig")
    assert "personal:welcome" in file
    assert "HI-AAAA2222" not in file
