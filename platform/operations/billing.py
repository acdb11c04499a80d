"""`lumenpay billing …`: what the platform asks of its tenants."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from sqlalchemy.exc import SQLAlchemyError

from lumenpay.billing.price_list import PricedPlan, read_price_list, store_price_list
from lumenpay.db.session import Database
from lumenpay.kit.clock import SystemClock
from operations.addresses import reached_roles
from operations.terminal import console, find_installation, load_settings

billing_app = typer.Typer(no_args_is_help=True, help="Plans that tenants pay the platform for.")


@billing_app.callback()
def billing() -> None:
    """Plans that tenants pay the platform for."""


@billing_app.command("plans")
def plans(
    file: Annotated[Path, typer.Argument(help="JSON: a list of plans, as docs/operations.md describes.")],
) -> None:
    """Make a file the platform's price list; what is not in it is not sold any more."""
    try:
        priced = read_price_list(file.read_bytes())
    except (OSError, ValueError) as error:
        console.print(f"[red]✗[/red] this is no price list: {escape(str(error))}")
        raise typer.Exit(2) from error
    settings = load_settings()
    with reached_roles(settings, find_installation(settings)) as urls:
        if not urls.owner:
            console.print("[red]✗[/red] LUMENPAY_DATABASE_OWNER_URL is not set: only the owner writes prices")
            raise typer.Exit(2)
        try:
            asyncio.run(_store(urls.owner, priced))
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            console.print(f"[red]✗[/red] the database does not answer, or has no schema yet ({type(error).__name__})")
            raise typer.Exit(1) from error
    console.print(f"[green]✓[/green] {len(priced)} plans are sold: {', '.join(plan.code for plan in priced)}")
    if not settings.has_billing:
        console.print("  LUMENPAY_STRIPE_SECRET_KEY is not set: until it is, nobody is billed and no limit holds")


async def _store(url: str, priced: list[PricedPlan]) -> None:
    owner = Database(url, pool_size=1, application_name="lumenpay-billing")
    try:
        await store_price_list(owner, priced, now=SystemClock().now())
    finally:
        await owner.close()
