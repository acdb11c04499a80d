"""`lumenpay keys …`: make Fernet keys, move stored secrets to the newest one, and see what opens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer
from cryptography.fernet import Fernet
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import SQLAlchemyError

from lumenpay.admins.rules import TOKEN_LIFETIME
from lumenpay.db.guard import check_database_role
from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing
from operations.addresses import ensure_secret_keys, reached_database
from operations.key_rotation import PARALLEL_ROWS, Advance, Inspection, Rotation, inspect_keys, rotate_keys
from operations.terminal import console, find_installation, load_settings

keys_app = typer.Typer(no_args_is_help=True, help="Keys that seal stored secrets.")
_T = TypeVar("_T")
_SHOWN_FAULTS = 20


@keys_app.callback()
def keys() -> None:
    """Look after the keys that seal stored secrets."""


@keys_app.command("new")
def new_key() -> None:
    """Print a fresh key for LUMENPAY_SECRET_KEYS; docs/operations.md says in which steps to bring it in."""
    print(Fernet.generate_key().decode())


@keys_app.command("rotate")
def rotate() -> None:
    """Seal every stored secret with the newest key. Can be stopped at any time and run again."""
    ring, rotation = _walk("Re-sealing", rotate_keys)
    raise typer.Exit(_report_rotation(ring, rotation))


@keys_app.command("check")
def check() -> None:
    """Open every stored secret, and say how many bots each key serves."""
    ring, inspection = _walk("Opening", inspect_keys)
    raise typer.Exit(_report_inspection(ring, inspection))


def _walk(title: str, work: Callable[..., Awaitable[_T]]) -> tuple[KeyRing, _T]:
    settings = load_settings()
    folder = find_installation(settings)
    ring = KeyRing(ensure_secret_keys(settings, folder).split(","))

    async def run(url: str, advance: Advance) -> _T:
        database = Database(url, pool_size=PARALLEL_ROWS, application_name="lumenpay-keys")
        try:
            await check_database_role(database)
            return await work(database, ring, advance=advance)
        finally:
            await database.close()

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with reached_database(settings, folder) as url, Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task(title, total=None)
        try:
            done = asyncio.run(run(url, lambda looked_at, of: progress.update(bar, completed=looked_at, total=of)))
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            console.print(f"[red]✗[/red] the database does not answer ({type(error).__name__}): run it again to go on")
            raise typer.Exit(1) from error
    return ring, done


def _report_rotation(ring: KeyRing, rotation: Rotation) -> int:
    newest = ring.key_ids[0]
    for row in rotation.unopened[:_SHOWN_FAULTS]:
        console.print(f"[red]✗[/red] bot {row.id} of tenant {row.tenant_id} does not open: see `lumenpay keys check`")
    mark = "[red]✗[/red]" if rotation.left else "[green]✓[/green]"
    console.print(f"{mark} {rotation.resealed} bots were sealed with the key {newest}, {rotation.left} are left")
    if rotation.authenticators:
        console.print(f"  {rotation.authenticators} authenticators of people too")
    if rotation.unopened_authenticators:
        console.print(f"[red]✗[/red] {rotation.unopened_authenticators} authenticators of people do not open")
    if rotation.webhooks:
        console.print(f"  {rotation.webhooks} webhooks of tenants too")
    for row in rotation.unopened_webhooks[:_SHOWN_FAULTS]:
        console.print(f"[red]✗[/red] webhook {row.id} of tenant {row.tenant_id} does not open")
    if rotation.left > len(rotation.unopened):
        console.print("  run it again for those that were being worked on, or that an older process sealed meanwhile")
    if rotation.removable:
        minutes = int(TOKEN_LIFETIME.total_seconds() // 60)
        console.print(f"  nothing is sealed any more with {', '.join(rotation.removable)}: remove what has these ids")
        console.print(f"  from LUMENPAY_SECRET_KEYS, once every process has had {newest} first for {minutes} minutes")
    return 1 if rotation.left or rotation.unopened_authenticators or rotation.unopened_webhooks else 0


def _report_inspection(ring: KeyRing, inspection: Inspection) -> int:
    for key_id in [*ring.key_ids, *sorted(set(inspection.rows_by_key) - set(ring.key_ids))]:
        place = "newest" if key_id == ring.key_ids[0] else "older" if key_id in ring.key_ids else "not in the ring"
        console.print(f"  {key_id} ({place}): {inspection.rows_by_key[key_id]} bots")
    for row, slot, fault in inspection.faults[:_SHOWN_FAULTS]:
        console.print(f"[red]✗[/red] {slot} of bot {row.id} of tenant {row.tenant_id}: {fault}")
    for row, fault in inspection.webhook_faults[:_SHOWN_FAULTS]:
        console.print(f"[red]✗[/red] secret of webhook {row.id} of tenant {row.tenant_id}: {fault}")
    if inspection.webhook_faults:
        console.print("  bring the key back, or have these webhooks given another secret in the portal")
    if inspection.faults:
        console.print(f"[red]✗[/red] {len(inspection.faults)} secrets do not open: bring the key back, or have the")
        console.print("  bots' owners give their token or shop keys anew")
        return 1
    if inspection.webhook_faults:
        return 1
    console.print("[green]✓[/green] every stored secret opens with the key that it names")
    return 0
