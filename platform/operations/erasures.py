"""`lumenpay erasures …`: keeps the journal of the forgotten beside the backups, and tells a restored one of it."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError

from lumenpay.db.guard import check_database_role, check_staff_role
from lumenpay.db.session import Database
from lumenpay.db.staff import StaffDatabase
from lumenpay.erasures.journal import JournalLine, Replayed, read_erasures, read_lines, replay_line, write_line
from lumenpay.kit.clock import SystemClock
from operations.addresses import reached_roles
from operations.terminal import console, find_installation, load_settings

erasures_app = typer.Typer(no_args_is_help=True, help="People who were forgotten, and backups that know them.")
Journal = Annotated[Path, typer.Argument(help="File kept beside the backups; ids and moments, no personal data.")]
Kept = Annotated[Path, typer.Argument(help="The file that `erasures journal` keeps.", exists=True, dir_okay=False)]
_T = TypeVar("_T")


@erasures_app.callback()
def erasures() -> None:
    """Keep people forgotten whom a backup would bring back."""


@erasures_app.command("journal")
def journal(file: Journal) -> None:
    """Add to the file who asked to be forgotten, and who was, since it was written last; nothing in it is changed."""
    settings = load_settings()
    with reached_roles(settings, find_installation(settings)) as urls:
        if not urls.staff:
            console.print("[red]✗[/red] LUMENPAY_DATABASE_STAFF_URL is not set: no other role sees every tenant's")
            raise typer.Exit(2)
        added, total = _answered(append_journal(urls.staff, file))
    console.print(f"[green]✓[/green] {added} lines added; {file} knows {total} people")


@erasures_app.command("replay")
def replay(file: Kept) -> None:
    """Have everybody in the file forgotten whom a restored database knows again; run it before the workers."""
    settings = load_settings()
    with reached_roles(settings, find_installation(settings)) as urls:
        counted = _answered(replay_journal(urls.app, file))
    console.print(
        f"[green]✓[/green] {counted[Replayed.ASKED]} people to be forgotten again, {counted[Replayed.KNOWN]} known "
        f"already, {counted[Replayed.ABSENT]} not in this backup; the workers forget them within minutes"
    )


async def append_journal(staff_url: str, file: Path) -> tuple[int, int]:
    """Add what the file does not say yet; return how many lines, and of how many people it tells now.

    Raises:
        UnsafeDatabaseRoleError: The address is not that of the staff role.
        JournalUnreadableError: The file is no journal.
    """
    known = dict(_read(file))
    database = StaffDatabase(staff_url, pool_size=1, application_name="lumenpay-erasures")
    try:
        await check_staff_role(database)
        async with database.reading() as session:
            fresh = [line async for line in read_erasures(session) if known.get(line.id) != line]
    finally:
        await database.close()
    _append(file, fresh)
    return len(fresh), len({*known, *(line.id for line in fresh)})


async def replay_journal(app_url: str, file: Path) -> Counter[Replayed]:
    """Tell the database of everybody in the file; return what came of it.

    Raises:
        UnsafeDatabaseRoleError: The address is not that of the application's role.
        JournalUnreadableError: The file is no journal.
    """
    lines, clock = _read(file), SystemClock()
    database = Database(app_url, pool_size=1, application_name="lumenpay-erasures")
    counted: Counter[Replayed] = Counter()
    try:
        await check_database_role(database)
        for line in lines.values():
            async with database.tenant(line.tenant_id) as session:
                counted[await replay_line(session, line, now=clock.now())] += 1
    finally:
        await database.close()
    return counted


def _read(file: Path) -> dict[Any, JournalLine]:
    return dict(read_lines(file.read_text(encoding="utf-8").splitlines())) if file.exists() else {}


def _append(file: Path, lines: list[JournalLine]) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.writelines(f"{write_line(line)}\n" for line in lines)
        opened.flush()
        # A journal that a crash cuts short would bring people back.
        os.fsync(opened.fileno())


def _answered(work: Coroutine[Any, Any, _T]) -> _T:
    try:
        return asyncio.run(work)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        console.print(f"[red]✗[/red] the database or the file does not answer ({type(error).__name__}: {error})")
        raise typer.Exit(1) from error
