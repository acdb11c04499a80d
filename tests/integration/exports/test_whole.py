"""Everything of a project as one archive: for its owner alone, whole, and finished though workers are killed (O2)."""

from __future__ import annotations

import csv
import gc
import io
import tracemalloc
import zipfile
from typing import Any
from zoneinfo import ZoneInfo

from lumenpay.exports import writing
from lumenpay.exports.whole.writing import write_piece
from lumenpay.jobs.catalogue import WriteExport
from lumenpay.models.exports import Export, ExportPart
from lumenpay.models.tenants import Role
from lumenpay.models.users import User
from tests.integration.erasures.test_forgetting import CANARIES, enter, forget, wish, write_canaries
from tests.integration.exports.test_exports import FORMULAS, crowd
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall


async def ordered(desk: Desk, **wanted: Any) -> dict[str, Any]:
    return dict(await desk.post("/exports/whole", **{"format": "csv"} | wanted))


async def taken(desk: Desk, export: dict[str, Any] | None = None, **wanted: Any) -> dict[str, str]:
    export = export or await ordered(desk, **wanted)
    await desk.stall.market.work()
    done = await desk.get(f"/exports/{export['id']}")
    assert (done["status"], done["rows_done"], done["kind"]) == ("done", done["rows_total"], "whole")
    answer = await desk.ask("GET", f"/exports/whole/{export['id']}/file")
    assert (answer.status, answer.header("content-type")) == (200, "application/zip")
    assert len(answer.body) == done["size_bytes"]
    assert f'filename="{done["file_name"]}"' in (answer.header("content-disposition") or "")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def rows_of(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=delimiter))


async def test_the_owner_takes_all_of_it_along_as_spreadsheets_read_it_o2(
    market: Market, stall: Stall, desk: Desk
) -> None:
    anna = await stall.buyer(first_name="Anna")
    payment = await stall.bought(anna)
    files = await taken(desk, format="csv_semicolon", time_zone="Asia/Vladivostok")
    (person,) = rows_of(files["subscribers.csv"], ";")
    assert (person["id"], person["first_name"], person["telegram_id"]) == (str(anna.id), "Anna", str(anna.telegram_id))
    (paid,) = rows_of(files["payments.csv"], ";")
    assert payment.settled_at is not None
    local = payment.settled_at.astimezone(ZoneInfo("Asia/Vladivostok")).strftime("%Y-%m-%d %H:%M:%S")
    assert (paid["user_id"], paid["amount"], paid["currency"]) == (str(anna.id), "990,00", "RUB")
    assert (paid["settled_at"], paid["is_test"]) == (local, "да")
    (period,) = rows_of(files["subscription_periods.csv"], ";")
    assert period["payment_id"] == str(payment.id)
    assert period["during_from"] < period["during_until"]
    assert {row["account"] for row in rows_of(files["ledger_entries.csv"], ";")} == {"gateway", "revenue"}
    assert {row["role"] for row in rows_of(files["team.csv"], ";")} == {role.value for role in Role}
    assert all("@example.com" in row["email"] for row in rows_of(files["team.csv"], ";"))
    assert "export.requested" in {row["action"] for row in rows_of(files["audit_events.csv"], ";")}
    assert set(files) >= {"bots.csv", "channels.csv", "plans.csv", "subscriptions.csv", "access_log.csv"}


async def test_a_readme_tells_in_the_projects_language_what_each_file_is_o2(
    market: Market, stall: Stall, desk: Desk
) -> None:
    await stall.buyer()
    readme = (await taken(desk))["README.txt"]
    assert "subscribers.csv (1): Подписчики" in readme
    assert "Пусто, поэтому файла нет:" in readme
    assert "refunds.csv: Возвраты" in readme
    assert "Europe/Moscow" in readme


async def test_nobody_but_the_owner_gets_it_in_any_way_o2(market: Market, stall: Stall, desk: Desk) -> None:
    await stall.buyer()
    for role in (Role.MANAGER, Role.SUPPORT, Role.ANALYST):
        refused = await desk.ask("POST", "/exports/whole", role=role, json={"format": "csv"})
        assert (refused.status, refused.json()["code"]) == (403, "role_not_allowed")
    export = await ordered(desk)
    early = await desk.ask("GET", f"/exports/whole/{export['id']}/file")
    assert (early.status, early.json()["code"]) == (409, "export_not_ready")
    await taken(desk, export)
    address = f"/exports/whole/{export['id']}/file"
    refused = await desk.ask("GET", address, role=Role.MANAGER)
    assert (refused.status, refused.json()["code"]) == (403, "role_not_allowed")
    # Nor by the address where a manager takes lists.
    around = await desk.ask("GET", f"/exports/{export['id']}/file", role=Role.MANAGER)
    assert (around.status, around.json()["code"]) == (404, "export_not_found")
    body = {"kind": "whole", "format": "csv", "columns": ["id"]}
    assert (await desk.ask("POST", "/exports", role=Role.MANAGER, json=body)).status == 422
    for wrong in ({"format": "xlsx"}, {"format": "csv", "time_zone": "Moon/Base"}):
        assert (await desk.ask("POST", "/exports/whole", json=wrong)).status == 422


async def test_nothing_that_was_erased_of_a_person_is_taken_along_o1(market: Market, stall: Stall, desk: Desk) -> None:
    zina = await stall.buyer(first_name="Zinaida")
    payment = await stall.bought(zina)
    await enter(stall, zina)
    await write_canaries(stall, desk, zina)
    before = "\n".join((await taken(desk)).values())
    assert str(zina.telegram_id) in before
    assert [canary for canary in CANARIES if canary in before]
    await wish(desk, zina)
    await forget(market)
    files = await taken(desk)
    everything = "\n".join(files.values())
    assert [canary for canary in CANARIES if canary in everything] == []
    assert str(zina.telegram_id) not in everything
    (person,) = rows_of(files["subscribers.csv"])
    assert (person["id"], person["telegram_id"], person["first_name"]) == (str(zina.id), "", "")
    assert str(payment.id) in everything


async def test_no_cell_of_it_is_taken_for_a_formula_j10(market: Market, stall: Stall, desk: Desk) -> None:
    for number, name in enumerate(FORMULAS):
        await crowd(stall, 1, first_name=name, telegram_id=number)
    people = rows_of((await taken(desk))["subscribers.csv"])
    assert sorted(row["first_name"] for row in people) == sorted(f"'{name}" for name in FORMULAS)


async def test_who_comes_after_a_killed_worker_goes_on_in_the_same_archive_o2(
    market: Market, stall: Stall, desk: Desk
) -> None:
    await crowd(stall, 2_500)
    export = await ordered(desk)
    async with market.tenant(stall.tenant_id) as session:
        await writing.write_page(session, export["id"], now=market.now())
    half = await desk.get(f"/exports/{export['id']}")
    assert (half["status"], half["rows_done"]) == ("running", 1_000)
    people = rows_of((await taken(desk, export))["subscribers.csv"])
    assert len(people) == len({row["id"] for row in people}) == 2_500
    assert {row["telegram_id"] for row in people} == {str(5_000_000 + number) for number in range(2_500)}


async def test_a_list_too_long_for_a_spreadsheet_goes_on_in_another_file_o2(
    market: Market, stall: Stall, desk: Desk
) -> None:
    await crowd(stall, 2_500)
    export_id = (await ordered(desk))["id"]
    is_more = True
    while is_more:
        async with market.tenant(stall.tenant_id) as session:
            export = await session.get_one(Export, (stall.tenant_id, export_id))
            is_more = await write_piece(session, export, max_file_rows=1_200)
    parts = await market.rows(stall.tenant_id, ExportPart)
    body = b"".join(part.body for part in sorted(parts, key=lambda part: part.position))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    people = [rows_of(files[name]) for name in ("subscribers.csv", "subscribers-2.csv", "subscribers-3.csv")]
    assert [len(rows) for rows in people] == [1_200, 1_200, 100]
    assert len({row["id"] for rows in people for row in rows}) == 2_500
    assert "subscribers-3.csv (100): Подписчики" in files["README.txt"]


async def test_its_memory_does_not_grow_with_the_number_of_rows(market: Market, stall: Stall, desk: Desk) -> None:
    peaks = []
    for count in (1_000, 6_000):
        await crowd(stall, count - (1_000 if peaks else 0), first=9_000_000 * count, first_name="x" * 60)
        export = await ordered(desk)
        gc.collect()
        tracemalloc.start()
        await market.run(stall.tenant_id, WriteExport(export["id"]))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert (await desk.get(f"/exports/{export['id']}"))["status"] == "done"
    assert peaks[1] < peaks[0] * 2, peaks
    assert await market.count(stall.tenant_id, User) == 6_000
