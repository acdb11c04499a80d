"""`lumenpay demo`: everything on this machine with the sandboxes, the main story, then it stays up."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console

from lumenpay.config import Settings
from lumenpay.kit.clock import SystemClock
from operations.addresses import (
    Stores,
    choose_demo_port,
    loopback_url,
    migrate_stores,
    process_environment,
    start_stores,
)
from operations.child_process import ChildStartError
from operations.demo_people import DemoPerson, bring_people_into_chats
from operations.demo_prices import sell_demo_plans
from operations.stack import product_specs, sandbox_settings, sandbox_specs, supervise
from operations.story.doors import Addresses, Doors, StoryBrokenError
from operations.story.play import STEPS, WAITS, Story
from operations.supervisor import Service
from operations.web.build import build_web_app
from operations.web.commands import WEBAPP
from operations.web.node import WebBuildError

WANTED_PORTS = {
    "api": 8000, "telegram": 8081, "yookassa": 8082, "mail": 8083, "oidc": 8084, "stripe": 8085, "smtp": 2525,
}  # fmt: skip


def make_demo_settings(urls: Mapping[str, str], *, smtp_port: int) -> Settings:
    """Return settings that name the servers of the demo and no others.

    They are made from the defaults, whatever `.env` and the environment say: on a machine with a real installation, the
    sandboxes' addresses beside that installation's database would take its bots and shops away from it.
    """
    return Settings.model_construct(public_url=urls["api"], **sandbox_settings(urls, smtp_port=smtp_port))


def run_demo(*, folder: Path, console: Console, is_walk: bool) -> int:
    """Play the story; then stay up unless `is_walk`. Return 0 only if every step held.

    Args:
        folder: The demo's own; nothing of another installation may be in it.
    """
    ports = {name: choose_demo_port(port, folder / "ports" / name) for name, port in WANTED_PORTS.items()}
    urls = {name: loopback_url(port) for name, port in ports.items()}
    local = make_demo_settings(urls, smtp_port=ports["smtp"])
    with console.status("Starting the database and the broker …"):
        stores = start_stores(local, folder)
    servers: list[Service] = [server for server in (stores.postgres, stores.valkey) if server is not None]
    console.print("[green]✓[/green] PostgreSQL and Valkey run")
    try:
        has_web_app = prepare_web_app(folder, console)
        with console.status("Migrating the database …"):
            migrate_stores(stores)
        console.print("[green]✓[/green] the database has the newest schema")
        env = process_environment(local, stores, folder)
        specs = [
            *sandbox_specs(env, ports),
            *product_specs(env, port=ports["api"], folder=folder),
        ]
    except BaseException:
        for server in reversed(servers):
            server.stop()
        raise
    supervisor = supervise(servers, specs, folder=folder, on_restart=lambda name: console.print(f"  ↻ {name}"))
    try:
        with supervisor.running():
            console.print("[green]✓[/green] API, workers, beat and sandboxes run")
            people = asyncio.run(furnish(urls, stores, console))
            addresses = Addresses(urls["api"], urls["telegram"], urls["yookassa"], urls["mail"])
            _print_addresses(console, addresses, has_web_app=has_web_app)
            story = asyncio.run(play(addresses, console))
            if is_walk or story is None:
                if story is None:
                    console.print(f"  the logs are in {folder / 'log'}")
                return 0 if story is not None else 1
            _print_cast(console, addresses, story, people)
            supervisor.run()
    except ChildStartError as error:
        console.print(f"[red]✗[/red] {error}")
        return 1
    return 0


async def furnish(urls: Mapping[str, str], stores: Stores, console: Console) -> list[DemoPerson]:
    """Fill the stand-ins, which have forgotten the last start; return whom one can log in with Telegram as."""
    await sell_demo_plans(stripe_url=urls["stripe"], database_owner_url=stores.database_owner_url)
    console.print("[green]✓[/green] the platform's own plans are for sale at Stripe's stand-in")
    return await bring_people_into_chats(oidc_url=urls["oidc"], telegram_url=urls["telegram"])


def prepare_web_app(folder: Path, console: Console) -> bool:
    """Build the web app where that is possible; tell whether it is there. The story does not need it."""
    try:
        with console.status("The web app …") as status:
            build_web_app(WEBAPP, log=folder / "log" / "web-app.log", say=status.update)
    except WebBuildError as error:
        console.print(f"[yellow]![/yellow] without the web app: {error}", soft_wrap=True)
        return False
    console.print("[green]✓[/green] the web app is built")
    return True


@dataclass(frozen=True)
class Countdown:
    """What stands beside the spinner: the step, and how long it still waits; rich asks anew for every picture."""

    title: str
    ends_at: datetime | None

    def __rich__(self) -> str:
        """Return the line as it is now."""
        if self.ends_at is None:
            return f"{self.title} …"
        left = max(0, round((self.ends_at - SystemClock().now()).total_seconds()))
        return f"{self.title}: waiting for the plan's minute to end … {left} s"


def _no_wait(_story: Story) -> None:
    return None


async def play(addresses: Addresses, console: Console) -> Story | None:
    """Play every step; nothing when one did not hold."""
    console.print("\n[bold]The story[/bold]")
    begun_at = time.monotonic()
    async with Doors(addresses) as doors:
        story = Story(doors)
        for title, step in STEPS:
            try:
                ends_at = WAITS.get(title, _no_wait)(story)
                if ends_at and not console.is_terminal:
                    console.print(f"  waiting for the plan's minute to end, at {ends_at:%H:%M:%S} UTC …")
                with console.status(Countdown(title, ends_at)):
                    seen = await step(story)
            except (StoryBrokenError, OSError, KeyError, TimeoutError) as error:
                console.print(f"[red]✗[/red] {title}: {type(error).__name__}: {error}", markup=True)
                return None
            console.print(f"[green]✓[/green] {title} [dim]— {seen}[/dim]", soft_wrap=True)
    console.print(f"Every step held, in {time.monotonic() - begun_at:.0f} s.\n")
    return story


def _print_addresses(console: Console, addresses: Addresses, *, has_web_app: bool) -> None:
    for line in (
        *([f"The portal, where owners work: [bold]{addresses.product}/[/bold]"] if has_web_app else []),
        f"Chats, where you are any Telegram user and make bots and channels: [bold]{addresses.telegram}/[/bold]",
        f"The gateway's cabinet, where you make shops: [bold]{addresses.yookassa}/[/bold]",
        f"Letters, such as the one with the link of a sign-up: [bold]{addresses.mail}/[/bold]",
        f"The API: {addresses.product}/api/openapi.json",
    ):
        # Never wrapped: addresses and commands are copied.
        console.print(f"  {line}", soft_wrap=True)


def _print_cast(console: Console, addresses: Addresses, story: Story, people: list[DemoPerson]) -> None:
    log_in = json.dumps({"email": story.email, "password": story.password})
    for line in (
        f"Log in to the portal as the story's owner: [bold]{story.email}[/bold] with [bold]{story.password}[/bold]",
        "or by the API:",
        f"  curl -c cookies -H 'Content-Type: application/json' -d '{log_in}' {addresses.product}/api/v1/auth/log-in",
        f"Chat as the story's buyer: [bold]{addresses.telegram}/?you={story.buyer.user_id}[/bold]",
        "To get a broadcast's test yourself, link Telegram under Account in the portal, and write /start to the bot as",
        "the person whom you chose there:",
        *(f"  {person.name}: [bold]{addresses.telegram}/?you={person.user_id}[/bold]" for person in people),
        f"The staff's console, {addresses.product}/staff, opens after",
        f"  [bold].venv/bin/lumenpay staff add {story.email}[/bold]",
        "  it asks for a second factor, whose code .venv/bin/lumenpay staff code SECRET tells without a phone",
        "Ctrl+C stops everything.",
    ):
        console.print(line, soft_wrap=True)
