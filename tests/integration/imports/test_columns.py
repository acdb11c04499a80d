"""A file whose headings say nothing: shown first, then said by hand, and its report names the columns."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from lumenpay.models.imports import Import
from lumenpay.models.tenants import Role
from tenants_worker.tasks.ticks import purge
from tests.support.desk import Desk, new_key
from tests.support.market import Market
from tests.support.stall import Stall

ODD = "Клиент №;Аккаунт;Кончается\n7001;;12/31/2026\nнет;@Anna_K;1/2/2027\n;@Boris_K;soon\n7002;;13/13/2027\n"
BY_HAND: list[dict[str, Any]] = [
    {"column": 1, "field": "telegram_id"}, {"column": 2, "field": "username"}, {"column": 3, "field": "ends_at"},
]  # fmt: skip


def body_of(desk: Desk, text: str, **more: Any) -> dict[str, Any]:
    content = b64encode(text.encode()).decode()
    return {"content": content, "plan_id": str(desk.stall.plan_id), "idempotence_key": new_key(), **more}


@pytest.mark.usefixtures("market")
async def test_a_file_with_odd_headings_is_shown_said_by_hand_and_carried_out(
    market: Market, stall: Stall, desk: Desk
) -> None:
    shown = await desk.post("/imports/columns", content=b64encode(ODD.encode()).decode())
    assert (shown["kind"], shown["has_headings"]) == ("csv", True)
    assert shown["columns"][2] == {
        "column": 3, "heading": "Кончается", "samples": ["12/31/2026", "1/2/2027", "soon"], "field": None,
        "date_hint": "month_first",
    }  # fmt: skip
    assert await market.count(stall.tenant_id, Import) == 0
    answer = await desk.ask("POST", "/imports", json=body_of(desk, ODD))
    assert (answer.status, answer.json()["fields"]) == (422, {"content": "no_person_column"})
    found = await desk.post("/imports", **body_of(desk, ODD, columns=BY_HAND, date_order="month_first"))
    assert [(each["heading"], each["field"], each["wrong"]) for each in found["columns"]] == [
        ("Клиент №", "telegram_id", 1), ("Аккаунт", "username", 0), ("Кончается", "ends_at", 2),
    ]  # fmt: skip
    rows = (await desk.get(f"/imports/{found['id']}/rows"))["items"]
    assert [(row["outcome"], row["problem_field"], row["until_at"]) for row in rows] == [
        ("created", None, "2026-12-31T21:00:00Z"), ("wrong", "telegram_id", None), ("wrong", "ends_at", None),
        ("wrong", "ends_at", None),
    ]  # fmt: skip
    told = (await desk.ask("GET", f"/imports/{found['id']}/report")).body.decode("utf-8-sig").splitlines()
    assert "столбец «Клиент №»: Telegram ID не число" in told[2]
    assert "столбец «Кончается»: дата не читается" in told[3]
    await desk.post(f"/imports/{found['id']}/start")
    await market.work()
    assert (await desk.get(f"/imports/{found['id']}"))["outcomes"]["created"] == 1


async def test_the_same_file_is_looked_at_again_with_other_columns_and_the_key_tells_them_apart(desk: Desk) -> None:
    first = body_of(desk, ODD, columns=BY_HAND)
    found = await desk.post("/imports", **first)
    assert found["outcomes"]["wrong"] == 4
    assert (await desk.post("/imports", **first))["id"] == found["id"]
    other = {**first, "columns": [{"column": 2, "field": "username"}], "grace_days": 0}
    assert await desk.refused("/imports", **other) == (409, "idempotence_key_reused")
    again = await desk.post("/imports", **{**other, "idempotence_key": new_key(), "grace_days": 7})
    assert (again["outcomes"]["claim"], again["outcomes"]["wrong"]) == (2, 2)


async def test_columns_that_cannot_be_meant_are_refused_by_name_and_nothing_is_kept(
    market: Market, stall: Stall, desk: Desk
) -> None:
    twice = [*BY_HAND, {"column": 3, "field": "telegram_id"}]
    answer = await desk.ask("POST", "/imports", json=body_of(desk, ODD, columns=twice))
    assert (answer.status, answer.json()["code"], answer.json()["fields"]) == (
        422, "import_columns_invalid", {"columns.3.column": "column_chosen_twice"},
    )  # fmt: skip
    assert await market.count(stall.tenant_id, Import) == 0
    content = b64encode(ODD.encode()).decode()
    assert (await desk.ask("POST", "/imports/columns", role=Role.SUPPORT, json={"content": content})).status == 403


async def test_a_file_without_headings_loses_nobody_and_is_forgotten_with_its_columns(
    market: Market, stall: Stall, desk: Desk
) -> None:
    text = "42424242;31.12.2026\n43434343;31.12.2026\n"
    columns = [{"column": 1, "field": "telegram_id"}, {"column": 2, "field": "ends_at"}]
    found = await desk.post("/imports", **body_of(desk, text, columns=columns, has_headings=False))
    assert (found["outcomes"]["created"], [each["heading"] for each in found["columns"]]) == (2, ["", ""])
    odd = await desk.post("/imports", **body_of(desk, text, columns=columns))
    assert [each["heading"] for each in odd["columns"]] == ["42424242", "31.12.2026"]
    await market.skip(days=200)
    await purge(market.worker, market.now())
    assert (await desk.get(f"/imports/{odd['id']}"))["columns"] == []
