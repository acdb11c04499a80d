"""`lumenpay staff …`: who runs the platform. Nothing else can write it: it takes the owner's role of the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar

import typer

from lumenpay.admins.staff import Colleague, add_staff, list_staff, remove_staff
from lumenpay.db.session import Database
from lumenpay.kit.clock import SystemClock
from operations.addresses import reached_roles
from operations.terminal import FOLDER, console, load_settings

staff_app = typer.Typer(no_args_is_help=True, help="People who run the platform.")
Email = Annotated[str, typer.Argument(help="E-mail of an account of the portal.")]
_T = TypeVar("_T")


@staff_app.callback()
def staff() -> None:
    """Look after who runs the platform."""


@staff_app.command("add")
def add(email: Email) -> None:
    """Let a person with an account use the console, once they show a second factor."""
    is_added = _with_owner(lambda owner, now: add_staff(owner, email=email, now=now))
    said = "is staff now; the console asks for a second factor" if is_added else "is staff already"
    console.print(f"[green]✓[/green] {email} {said}")


@staff_app.command("remove")
def remove(email: Email) -> None:
    """Take the console away from a person, at once."""
    is_removed = _with_owner(lambda owner, now: remove_staff(owner, email=email, now=now))
    console.print(f"[green]✓[/green] {email} {'is staff no more' if is_removed else 'was not staff'}")


@staff_app.command("list")
def list_() -> None:
    """Show who runs the platform."""

    async def read(owner: Database, _now: datetime) -> list[Colleague]:
        return await list_staff(owner)

    for colleague in _with_owner(read):
        console.print(f"  {colleague.email} ({colleague.name}), since {colleague.since:%Y-%m-%d}")


def _with_owner(work: Callable[[Database, datetime], Awaitable[_T]]) -> _T:
    with reached_roles(load_settings(), FOLDER.resolve()) as urls:
        if not urls.owner:
            console.print("[red]✗[/red] LUMENPAY_DATABASE_OWNER_URL is not set: only the owner writes who is staff")
            raise typer.Exit(2)
        return asyncio.run(_run(urls.owner, work))


async def _run(url: str, work: Callable[[Database, datetime], Awaitable[_T]]) -> _T:
    database = Database(url, pool_size=1, application_name="lumenpay-staff")
    try:
        return await work(database, SystemClock().now())
    finally:
        await database.close()
