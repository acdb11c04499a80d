"""Lists as files: complete, safe to open, in the tenant's time, and finished though workers are killed."""

from __future__ import annotations

import csv
import gc
import io
import tracemalloc
import zipfile
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from lumenpay.exports import rules, writing
from lumenpay.jobs.catalogue import WriteExport
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.exports import Export, ExportPart
from lumenpay.models.jobs import JobStatus
from lumenpay.models.users import User
from tenants_worker.tasks import exports as export_tasks
from tenants_worker.tasks.exports import remove_old
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =HYPERLINK(1)", "=cmd|' /C calc'!A0")


async def crowd(stall: Stall, count: int, *, first: int = 5_000_000, **values: Any) -> None:
    now = stall.market.now()
    async with stall.market.tenant(stall.tenant_id) as session:
        for at in range(0, count, 5_000):
            rows = [
                {
                    "tenant_id": stall.tenant_id, "id": new_uuid7(), "bot_id": stall.bot_id, "created_at": now,
                    "last_seen_at": now, "telegram_id": first + at + number, "first_name": f"Person {at + number}",
                    **values,
                }
                for number in range(min(5_000, count - at))
            ]  # fmt: skip
            await session.execute(insert(User), rows)


async def ordered(desk: Desk, **wanted: Any) -> dict[str, Any]:
    body = {"kind": "subscribers", "format": "csv", "columns": ["telegram_id", "first_name"]} | wanted
    return dict(await desk.post("/exports", **body))


async def taken(desk: Desk, **wanted: Any) -> bytes:
    export = await ordered(desk, **wanted)
    await desk.stall.market.work()
    done = await desk.get(f"/exports/{export['id']}")
    assert (done["status"], done["rows_done"]) == ("done", done["rows_total"])
    answer = await desk.ask("GET", f"/exports/{export['id']}/file")
    assert answer.status == 200
    assert len(answer.body) == done["size_bytes"]
    assert f'filename="{done["file_name"]}"' in (answer.header("content-disposition") or "")
    return answer.body


def read_csv(body: bytes, delimiter: str = ",") -> list[list[str]]:
    text = body.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=delimiter))


def read_xlsx(body: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{SPREADSHEET}f"))
    rows = []
    for row in sheet.iter(f"{SPREADSHEET}row"):
        cells = row.iter(f"{SPREADSHEET}c")
        rows.append(["".join(part.text or "" for part in cell.iter() if part.text) for cell in cells])
    return rows


async def test_every_person_is_in_the_file_once_in_either_format(market: Market, stall: Stall, desk: Desk) -> None:
    await crowd(stall, 2_345)
    expected = {str(5_000_000 + number) for number in range(2_345)}
    for file_format, read in (("csv", read_csv), ("xlsx", read_xlsx)):
        head, *rows = read(await taken(desk, format=file_format))
        assert head == ["Telegram ID", "Имя"]
        assert len(rows) == 2_345
        assert {row[0] for row in rows} == expected


async def test_no_cell_is_taken_for_a_formula_j10(market: Market, stall: Stall, desk: Desk) -> None:
    for number, name in enumerate(FORMULAS):
        await crowd(stall, 1, first_name=name, telegram_id=number)
    rows = read_csv(await taken(desk, columns=["first_name"]))[1:]
    assert sorted(row[0] for row in rows) == sorted(f"'{name}" for name in FORMULAS)
    assert {row[0] for row in read_xlsx(await taken(desk, format="xlsx", columns=["first_name"]))[1:]} >= {"=1+1", "-1"}


async def test_moments_and_sums_are_written_as_the_tenant_reads_them(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer()
    payment = await stall.bought(anna)
    columns = ["amount", "currency", "status", "settled_at", "method", "is_test"]
    body = await taken(desk, kind="payments", format="csv_semicolon", columns=columns, time_zone="Asia/Vladivostok")
    head, row = read_csv(body, ";")
    assert head[:2] == ["Сумма", "Валюта"]
    assert payment.settled_at is not None
    local = payment.settled_at.astimezone(ZoneInfo("Asia/Vladivostok")).strftime("%Y-%m-%d %H:%M:%S")
    assert row == ["990,00", "RUB", "succeeded", local, "bank_card", "да"]
    workbook = read_xlsx(await taken(desk, kind="payments", format="xlsx", columns=["amount"]))
    assert workbook[1:] == [["990"]]


async def test_the_file_has_the_rows_that_the_list_shows(market: Market, stall: Stall, desk: Desk) -> None:
    anna = await stall.buyer(first_name="Anna")
    await stall.buyer(first_name="Boris")
    await stall.bought(anna)
    rows = read_csv(await taken(desk, query="?state=active&sort=name&page=7", columns=["first_name", "state"]))
    assert rows[1:] == [["Anna", "active"]]
    payments = await taken(
        desk, kind="payments", query="delivery_state=link_sent&delivery_state=joined", columns=["first_name"]
    )  # fmt: skip
    assert read_csv(payments)[1:] == [["Anna"]]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"columns": ["password"]}, "columns"), ({"time_zone": "Moon/Base"}, "time_zone"),
        ({"query": "state=happy"}, "query"), ({"query": "nobody=1"}, "query"), ({"query": "plan_id=1"}, "query"),
    ],
    ids=str,
)  # fmt: skip
async def test_what_the_list_would_refuse_is_refused(desk: Desk, wanted: dict[str, Any], field: str) -> None:
    body = {"kind": "subscribers", "format": "csv", "columns": ["telegram_id"], **wanted}
    answer = await desk.ask("POST", "/exports", json=body)
    assert (answer.status, answer.json()["code"], list(answer.json()["fields"])) == (422, "export_invalid", [field])


async def test_who_comes_after_a_killed_worker_goes_on_after_the_last_page(
    market: Market, stall: Stall, desk: Desk
) -> None:
    await crowd(stall, 2_500)
    for file_format, read in (("csv", read_csv), ("xlsx", read_xlsx)):
        export = await ordered(desk, format=file_format)
        async with market.tenant(stall.tenant_id) as session:
            await writing.write_page(session, export["id"], now=market.now())
        half = await desk.get(f"/exports/{export['id']}")
        assert (half["status"], half["rows_done"], half["rows_total"]) == ("running", 1_000, 2_500)
        refused = await desk.ask("GET", f"/exports/{export['id']}/file")
        assert (refused.status, refused.json()["code"]) == (409, "export_not_ready")
        if file_format == "xlsx":
            # Killed while the workbook was being stored, too.
            async with market.tenant(stall.tenant_id) as session:
                session.add(
                    ExportPart(
                        tenant_id=stall.tenant_id, export_id=export["id"], is_file=True, position=0, body=b"half"
                    )
                )  # fmt: skip
        await market.work()
        body = (await desk.ask("GET", f"/exports/{export['id']}/file")).body
        rows = [row[0] for row in read(body)[1:]]
        assert len(rows) == len(set(rows)) == 2_500


async def test_a_canceled_export_stops_and_leaves_nothing(market: Market, stall: Stall, desk: Desk) -> None:
    await crowd(stall, 1_500)
    export = await ordered(desk)
    async with market.tenant(stall.tenant_id) as session:
        await writing.write_page(session, export["id"], now=market.now())
    for _ in range(2):
        assert (await desk.post(f"/exports/{export['id']}/cancel"))["status"] == "canceled"
    await market.work()
    assert (await desk.get(f"/exports/{export['id']}"))["rows_done"] == 1_000
    assert await market.count(stall.tenant_id, ExportPart) == 0
    assert not await market.jobs(stall.tenant_id, "exports.", status=JobStatus.DEAD)


async def test_a_file_is_gone_after_a_day_and_no_more_than_a_few_are_written_at_once(
    market: Market, stall: Stall, desk: Desk
) -> None:
    exports = [await ordered(desk) for _ in range(rules.MAX_UNFINISHED)]
    wanted = {"kind": "subscribers", "format": "csv", "columns": ["telegram_id"]}
    assert await desk.refused("/exports", **wanted) == (409, "too_many_exports")
    await market.work()
    assert (await desk.get("/exports"))["total"] == rules.MAX_UNFINISHED
    await market.skip(hours=25)
    answer = await desk.ask("GET", f"/exports/{exports[0]['id']}/file")
    assert (answer.status, answer.json()["code"]) == (404, "export_not_found")
    assert (await desk.get("/exports"))["total"] == 0
    await remove_old(market.worker, market.now())
    assert await market.count(stall.tenant_id, Export) == 0


async def test_memory_does_not_grow_with_the_number_of_rows(
    market: Market, stall: Stall, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Looked at this closely, a slow machine needs longer than a worker takes at once.
    monkeypatch.setattr(export_tasks, "LONGEST_SECONDS", 600)
    peaks = []
    for count in (1_000, 6_000):
        await crowd(stall, count - (1_000 if peaks else 0), first=9_000_000 * count, first_name="x" * 60)
        export = await ordered(desk, format="xlsx", columns=["telegram_id", "first_name", "last_name", "created_at"])
        gc.collect()
        tracemalloc.start()
        await market.run(stall.tenant_id, WriteExport(export["id"]))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert (await desk.get(f"/exports/{export['id']}"))["rows_done"] == count
    # Six times the rows; cycles that were not collected yet are a few megabytes of noise.
    assert peaks[1] < peaks[0] * 2, peaks
