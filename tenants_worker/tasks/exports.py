"""Writing the files that people asked for: page by page, so that a killed worker's successor goes on."""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import datetime
from pathlib import Path

import orjson

from lumenpay.db.purging import purge_exports
from lumenpay.exports.columns import list_titles
from lumenpay.exports.service import drop_parts, read_part
from lumenpay.exports.workbook import Workbook
from lumenpay.exports.writing import Step, finish_workbook, write_page
from lumenpay.jobs.catalogue import WriteExport
from lumenpay.jobs.outbox import enqueue
from lumenpay.models.exports import Export, ExportKind, ExportPart, ExportStatus
from tenants_worker.context import JobContext, WorkerContext

LONGEST_SECONDS = 20
"""After so long the rest is left to a further job, which gets a lease of its own."""
PURGE_LIMIT = 100


async def write_export(ctx: JobContext, job: WriteExport) -> None:
    """Write the next pages of an export; what is left when the time is over goes on in a further job."""
    began_at, step = time.monotonic(), Step.MORE
    while step is Step.MORE:
        if time.monotonic() - began_at > LONGEST_SECONDS:
            await _go_on_later(ctx, job)
            return
        async with ctx.unit() as session:
            step = await write_page(session, job.export_id, now=ctx.worker.clock.now())
    if step is Step.PUT_TOGETHER and time.monotonic() - began_at > LONGEST_SECONDS / 4:
        await _go_on_later(ctx, job)
    elif step is Step.PUT_TOGETHER:
        await _put_together(ctx, job)


async def remove_old(ctx: WorkerContext, now: datetime) -> None:
    """Remove the files whose day is over."""
    while await purge_exports(ctx.database, now=now, limit=PURGE_LIMIT) >= PURGE_LIMIT:
        pass


async def _go_on_later(ctx: JobContext, job: WriteExport) -> None:
    async with ctx.unit() as session:
        await enqueue(session, job, now=ctx.worker.clock.now(), dedupe_key=str(job.export_id))


async def _put_together(ctx: JobContext, job: WriteExport) -> None:
    async with ctx.unit() as session:
        export = await session.get(Export, (ctx.tenant_id, job.export_id))
        # A try before this one may have stored a part of a workbook.
        await drop_parts(session, job.export_id, is_file=True)
    if export is None:
        return
    with tempfile.TemporaryDirectory(prefix="lumenpay-export-") as folder:
        titles = list_titles(ExportKind(export.kind), export.columns, locale=export.locale)
        book = await asyncio.to_thread(Workbook, Path(folder) / "export.xlsx", titles)
        position = 0
        while (rows := await _read_rows(ctx, job, position)) is not None:
            await asyncio.to_thread(book.add_rows, orjson.loads(rows))
            position += 1
        size_bytes = await asyncio.to_thread(book.close)
        for position, body in enumerate(book.read_parts()):
            async with ctx.unit() as session:
                part = ExportPart(
                    tenant_id=ctx.tenant_id, export_id=job.export_id, is_file=True, position=position, body=body
                )  # fmt: skip
                session.add(part)
    async with ctx.unit() as session:
        await finish_workbook(session, job.export_id, size_bytes=size_bytes, now=ctx.worker.clock.now())


async def _read_rows(ctx: JobContext, job: WriteExport, position: int) -> bytes | None:
    async with ctx.unit() as session:
        export = await session.get(Export, (ctx.tenant_id, job.export_id))
        if export is None or export.status != ExportStatus.RUNNING:
            return None  # Canceled: its parts are gone, and nobody waits for the rest.
        return await read_part(session, job.export_id, position, is_file=False)
