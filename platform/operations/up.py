"""`lumenpay up`: the product's processes on embedded or configured stores, until they are told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from lumenpay.bots.resealing import check_sealing_keys
from lumenpay.config import Settings
from lumenpay.db.session import Database
from lumenpay.kit.crypto import KeyRing
from operations.addresses import listening_port, loopback_port, migrate_stores, process_environment, start_stores
from operations.child_process import ChildSpec
from operations.stack import product_specs, shop_sandbox_specs, supervise
from operations.supervisor import Service


def run_up(settings: Settings, *, folder: Path, console: Console) -> int:
    """Run until a signal; return the exit code."""
    port = listening_port(settings.public_url)
    with console.status("Starting the database and the broker …"):
        stores = start_stores(settings, folder)
    servers: list[Service] = [server for server in (stores.postgres, stores.valkey) if server is not None]
    try:
        with console.status("Migrating the database …"):
            is_migrated = migrate_stores(stores)
        letters = _find_mail_folder(settings, folder)
        env = process_environment(settings, stores, folder, **letters)
        asyncio.run(_check_keys(env))
        supervisor = supervise(
            servers,
            [*_own_sandboxes(settings, env), *product_specs(env, port=port, folder=folder)],
            folder=folder,
            on_restart=lambda name: console.print(f"[yellow]↻[/yellow] {name} was started again"),
        )
    except BaseException:
        for server in reversed(servers):
            server.stop()
        raise
    if not is_migrated:
        console.print("[yellow]![/yellow] not migrated: LUMENPAY_DATABASE_OWNER_URL is not set")
    with console.status("Starting the processes …"):
        running = supervisor.running()
        running.__enter__()
    try:
        console.print(f"[green]✓[/green] LumenPay answers at {settings.public_url} (port {port}); Ctrl+C stops it")
        console.print(f"  logs in {folder / 'log'}")
        if letters:
            console.print(f"  no LUMENPAY_SMTP_URL: letters are written to {folder / 'mail'}")
        supervisor.run()
    finally:
        running.__exit__(None, None, None)
    return 0


def _own_sandboxes(settings: Settings, env: Mapping[str, str]) -> list[ChildSpec]:
    # Those of another machine, or of another container, are started there.
    ports = [loopback_port(url) for url in (settings.sandbox_telegram_url, settings.sandbox_yookassa_url)]
    if ports[0] is None or ports[1] is None:
        return []
    return shop_sandbox_specs(env, telegram_port=ports[0], yookassa_port=ports[1])


def _find_mail_folder(settings: Settings, folder: Path) -> dict[str, str]:
    """Return the setting that writes letters to files, where no mail server is set; production never comes so far."""
    if settings.smtp_url.get_secret_value():
        return {}
    return {"LUMENPAY_SMTP_URL": f"file://{(folder / 'mail').resolve()}"}


async def _check_keys(env: Mapping[str, str]) -> None:
    # Each process checks by itself too; said here, it is said once and in the terminal.
    database = Database(env["LUMENPAY_DATABASE_URL"], pool_size=1)
    try:
        await check_sealing_keys(database, KeyRing(env["LUMENPAY_SECRET_KEYS"].split(",")))
    finally:
        await database.close()
