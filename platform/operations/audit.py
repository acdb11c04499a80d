"""`lumenpay audit …`: whether what was written about changes is still what was written."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from lumenpay.audit.rules import Head
from lumenpay.audit.verification import Verdict, verify_chains
from lumenpay.db.guard import check_staff_role
from lumenpay.db.staff import StaffDatabase
from operations.addresses import reached_roles
from operations.terminal import console, find_installation, load_settings

audit_app = typer.Typer(no_args_is_help=True, help="The chained audit logs.")
_SHOWN = 50


@audit_app.callback()
def audit() -> None:
    """Look into the chained audit logs."""


@audit_app.command("verify")
def verify(
    heads: Annotated[
        Path | None,
        typer.Option(help="File with the newest hashes of the last run, kept elsewhere: a cut end shows against it."),
    ] = None,
) -> None:
    """Check every chain, of tenants and of the platform, and name the first broken row of each."""
    settings = load_settings()
    with reached_roles(settings, find_installation(settings)) as urls:
        if not urls.staff:
            console.print("[red]✗[/red] LUMENPAY_DATABASE_STAFF_URL is not set: no other role reads every tenant's log")
            raise typer.Exit(2)
        try:
            verdict = asyncio.run(verify_database(urls.staff, read_heads(heads)))
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            console.print(f"[red]✗[/red] the database does not answer ({type(error).__name__})")
            raise typer.Exit(1) from error
    raise typer.Exit(report(verdict, heads))


async def verify_database(staff_url: str, known: dict[str, Head]) -> Verdict:
    """Return what is wrong with the chains of a database.

    Raises:
        UnsafeDatabaseRoleError: The address is not that of the staff role.
    """
    database = StaffDatabase(staff_url, pool_size=1, application_name="lumenpay-audit")
    try:
        await check_staff_role(database)
        async with database.reading() as session:
            return await verify_chains(session, known)
    finally:
        await database.close()


def read_heads(file: Path | None) -> dict[str, Head]:
    """Return the heads that an earlier run wrote; none when it is the first."""
    if file is None or not file.exists():
        return {}
    found = json.loads(file.read_text(encoding="utf-8"))
    return {chain: Head(int(head["position"]), str(head["hash"])) for chain, head in found.items()}


def report(verdict: Verdict, heads: Path | None) -> int:
    """Print what was found and keep the heads if all is well; return the exit code."""
    for found in verdict.breaks[:_SHOWN]:
        event = f" (event {found.event_id})" if found.event_id else ""
        console.print(f"[red]✗[/red] chain {found.chain}, row {found.position}{event}: {found.fault}")
    if verdict.breaks:
        console.print(f"[red]✗[/red] {len(verdict.breaks)} faults in {len(verdict.heads)} chains")
        return 1
    console.print(f"[green]✓[/green] {len(verdict.heads)} chains with {verdict.links} events are what was written")
    if heads is not None:
        text = json.dumps({chain: asdict(head) for chain, head in sorted(verdict.heads.items())}, indent=1)
        heads.write_text(text + "\n", encoding="utf-8")
    return 0
