"""`lumenpay staff …`: who runs the platform. Nothing else can write it: it takes the owner's role of the database."""

from __future__ import annotations

import asyncio
import binascii
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar

import pyotp
import typer
from sqlalchemy.exc import SQLAlchemyError

from lumenpay.admins.staff import Colleague, add_staff, list_staff, remove_staff
from lumenpay.db.session import Database
from lumenpay.kit.clock import SystemClock
from operations.addresses import reached_roles
from operations.terminal import console, find_installation, load_settings

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


@staff_app.command("code")
def code(secret: Annotated[str, typer.Argument(help="What the portal shows beside the picture.")]) -> None:
    """Show the code of this half minute, as an authenticator would: for trying the console without a phone."""
    try:
        shown = pyotp.TOTP(secret.replace(" ", "").upper()).now()
    except binascii.Error as error:
        console.print("[red]✗[/red] this is not the secret of an authenticator: letters and the digits 2 to 7")
        raise typer.Exit(2) from error
    console.print(shown)


def _with_owner(work: Callable[[Database, datetime], Awaitable[_T]]) -> _T:
    settings = load_settings()
    with reached_roles(settings, find_installation(settings)) as urls:
        if not urls.owner:
            console.print("[red]✗[/red] LUMENPAY_DATABASE_OWNER_URL is not set: only the owner writes who is staff")
            raise typer.Exit(2)
        try:
            return asyncio.run(_run(urls.owner, work))
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            console.print(f"[red]✗[/red] the database does not answer, or has no schema yet ({type(error).__name__})")
            console.print("  lumenpay doctor says what is wrong; lumenpay migrate brings the schema")
            raise typer.Exit(1) from error


async def _run(url: str, work: Callable[[Database, datetime], Awaitable[_T]]) -> _T:
    database = Database(url, pool_size=1, application_name="lumenpay-staff")
    try:
        return await work(database, SystemClock().now())
    finally:
        await database.close()
