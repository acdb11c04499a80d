"""The whole export of a tenant: something of each of its tables, nothing of its neighbour and no secret (fault O2)."""

from __future__ import annotations

import csv
import io
import zipfile

from lumenpay.audit.service import Actor
from lumenpay.db.session import Database
from lumenpay.exports.service import read_part, request_whole
from lumenpay.exports.whole.catalogue import FILES
from lumenpay.exports.whole.writing import MAX_FILE_ROWS, write_piece
from lumenpay.models.exports import Export, ExportFormat
from tests.isolation.cast import Side
from tests.isolation.conftest import Cast
from tests.support.clock import MovableClock


async def take_along(
    database: Database, side: Side, clock: MovableClock, *, max_file_rows: int = MAX_FILE_ROWS
) -> dict[str, str]:
    """Return the files of a whole export by their names."""
    async with database.tenant(side.tenant_id) as session:
        actor = Actor("admin", side.owner.admin_id)
        asked = await request_whole(session, ExportFormat.CSV, time_zone=None, actor=actor, now=clock.now())
        export_id = asked.id
    is_more = True
    while is_more:
        async with database.tenant(side.tenant_id) as session:
            export = await session.get_one(Export, (side.tenant_id, export_id))
            is_more = await write_piece(session, export, max_file_rows=max_file_rows)
    body, position = b"", 0
    async with database.tenant(side.tenant_id) as session:
        while (part := await read_part(session, export_id, position)) is not None:
            body, position = body + part, position + 1
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


async def test_each_table_is_there_nothing_of_the_neighbour_and_no_secret_o2(
    cast: Cast, database: Database, clock: MovableClock
) -> None:
    found = await take_along(database, cast.alpha, clock)
    assert found.keys() == {"README.txt", *(f"{file.name}.csv" for file in FILES)}
    for file in FILES:
        head, *rows = read(found[f"{file.name}.csv"])
        assert head == file.list_titles()
        assert rows, file.name
        assert {len(row) for row in rows} == {len(head)}, file.name
    everything = "\n".join(found.values())
    assert cast.alpha.mark in everything
    assert str(cast.alpha.ids["payment_id"]) in everything
    assert cast.beta.mark not in everything.lower()
    for noun, row_id in cast.beta.ids.items():
        assert str(row_id) not in everything, noun
    mark = cast.alpha.mark
    secrets = (
        cast.alpha.bot_token.partition(":")[2], f"live_{cast.alpha.ids['bot_id']}", f"{mark}-claim", f"{mark}-method",
        f"t.me/+{mark}", "gAAAA",
    )  # fmt: skip
    for secret in secrets:
        assert secret not in everything, secret


async def test_each_table_goes_on_after_its_last_row_whatever_its_key_is_o2(
    cast: Cast, database: Database, clock: MovableClock
) -> None:
    together = await take_along(database, cast.alpha, clock)
    apart = await take_along(database, cast.alpha, clock, max_file_rows=1)
    for file in FILES:
        head, *rows = read(together[f"{file.name}.csv"])
        parts = [f"{file.name}.csv", *(f"{file.name}-{number}.csv" for number in range(2, len(rows) + 1))]
        # Asking for the second archive is in the log too.
        further = 1 if file.name == "audit_events" else 0
        assert [read(apart[name]) for name in parts] == [[head, row] for row in rows], file.name
        assert (f"{file.name}-{len(rows) + 1}.csv" in apart) == bool(further), file.name
