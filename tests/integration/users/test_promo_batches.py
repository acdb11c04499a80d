"""Many promo codes at once, as a list, as a file and as pictures."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from lumenpay.models.promo_codes import PromoCode
from tests.support.desk import Desk, new_key
from tests.support.market import Market
from tests.support.stall import Stall


def terms(stall: Stall, **values: Any) -> dict[str, Any]:
    return {
        "bot_id": str(stall.bot_id), "code": "may-", "count": 50, "discount_kind": "percent", "discount_value": 50,
        "max_uses": 1, "plan_ids": [str(stall.plan_id)], "idempotence_key": new_key(), **values,
    }  # fmt: skip


async def test_each_of_many_codes_works_once_for_its_plan(market: Market, stall: Stall, desk: Desk) -> None:
    made = (await desk.post("/promo-codes/generate", **terms(stall)))["items"]
    codes = [item["code"] for item in made]
    assert len(set(codes)) == 50
    assert all(code.startswith("MAY-") and len(code) == 12 for code in codes)
    assert all(item["plan_ids"] == [str(stall.plan_id)] and item["deep_link"].endswith(item["code"]) for item in made)
    anna = await stall.buyer()
    order = await stall.order(anna, promo_code=codes[7])
    assert order.amount_minor == 49_500
    uses = await desk.get(f"/promo-codes/{made[7]['id']}/uses")
    assert [use["payment_id"] for use in uses["items"]] == [str(order.id)]
    answer = await desk.ask("GET", f"/promo-codes/csv/{stall.bot_id}", query={"search": "may-"})
    assert (answer.status, answer.header("content-type")) == (200, "text/csv; charset=utf-8")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert {row["code"] for row in rows} == set(codes)
    assert {row["uses_count"] for row in rows} == {"0", "1"}


async def test_a_repeated_request_makes_its_codes_once_and_its_key_makes_no_others(
    market: Market, stall: Stall, desk: Desk
) -> None:
    body = terms(stall, count=3)
    answers = await asyncio.gather(*(desk.ask("POST", "/promo-codes/generate", json=body) for _ in range(4)))
    assert {answer.status for answer in answers} == {201}
    batches = [[item["id"] for item in answer.json()["items"]] for answer in answers]
    assert len(batches[0]) == 3
    assert batches == [batches[0]] * 4
    assert await market.count(stall.tenant_id, PromoCode) == 3
    assert await desk.refused("/promo-codes/generate", **{**body, "count": 4}) == (409, "idempotence_key_reused")
    assert await market.count(stall.tenant_id, PromoCode) == 3


async def test_a_code_that_begins_like_a_formula_is_none_in_the_file_j10(
    market: Market, stall: Stall, desk: Desk
) -> None:
    await desk.post("/promo-codes/generate", **terms(stall, code="-1", count=1))
    answer = await desk.ask("GET", f"/promo-codes/csv/{stall.bot_id}")
    (row,) = csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig")))
    assert row["code"].startswith("'-1")


async def test_a_code_can_be_printed_as_a_picture(market: Market, stall: Stall, desk: Desk) -> None:
    (made,) = (await desk.post("/promo-codes/generate", **terms(stall, count=1)))["items"]
    answer = await desk.ask("GET", f"/promo-codes/{made['id']}/qr")
    assert answer.header("content-type") == "image/svg+xml"
    picture = ET.fromstring(answer.body)
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert picture.attrib["width"] == picture.attrib["height"]
    assert b"<script" not in answer.body


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"discount_value": 101}, "discount_value"), ({"count": 0}, "count"), ({"count": 1_001}, "count"),
        ({"code": "M" * 17}, "code"), ({"length": 3}, "length"), ({"currency": "RUB"}, "currency"),
    ],
    ids=str,
)  # fmt: skip
async def test_terms_that_make_no_sense_make_no_codes(
    market: Market, stall: Stall, desk: Desk, values: dict[str, Any], field: str
) -> None:
    answer = await desk.ask("POST", "/promo-codes/generate", json=terms(stall, **values))
    assert (answer.status, list(answer.json()["fields"])) == (422, [field])
    assert await market.count(stall.tenant_id, PromoCode) == 0
