"""The command line: `lumenpay …`."""

from __future__ import annotations

from typing import Annotated

import typer

from lumenpay.errors import LumenError
from lumenpay.kit.logs import configure_logging
from operations.audit import audit_app
from operations.billing import billing_app
from operations.embedded import EmbeddedServerError
from operations.erasures import erasures_app
from operations.keys import keys_app
from operations.staff import staff_app
from operations.terminal import DEMO_FOLDER, FOLDER, alone_in, console, load_settings
from operations.web.commands import web_app_commands

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Run and look after LumenPay.")
app.add_typer(keys_app, name="keys")
app.add_typer(web_app_commands, name="web")
app.add_typer(staff_app, name="staff")
app.add_typer(audit_app, name="audit")
app.add_typer(billing_app, name="billing")
app.add_typer(erasures_app, name="erasures")


@app.command()
def demo(*, walk: Annotated[bool, typer.Option("--walk", help="End after the story.")] = False) -> None:
    """Start everything with sandboxes, play the main story, then stay up."""
    from operations.demo import run_demo  # the story's imports are of no use to the other commands

    configure_logging(level="WARNING", is_json=False)
    with alone_in(DEMO_FOLDER.resolve()):
        raise typer.Exit(run_demo(folder=DEMO_FOLDER.resolve(), console=console, is_walk=walk))


@app.command()
def up() -> None:
    """Start the same processes without sandboxes, on the addresses that the environment names."""
    from operations.up import run_up

    settings = load_settings()
    with alone_in(FOLDER.resolve()):
        raise typer.Exit(run_up(settings, folder=FOLDER.resolve(), console=console))


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from operations.addresses import migrate_stores, start_stores

    settings = load_settings()
    stores = start_stores(settings, FOLDER.resolve())
    try:
        if not migrate_stores(stores):
            console.print("[red]✗[/red] LUMENPAY_DATABASE_OWNER_URL is not set: migrations need the owner's role.")
            raise typer.Exit(2)
        console.print("[green]✓[/green] the database has the newest schema")
    finally:
        for server in (stores.valkey, stores.postgres):
            if server is not None:
                server.stop()


@app.command()
def doctor() -> None:
    """Check settings, database, role, schema, broker and addresses, and say what to do about each problem."""
    from operations.doctor import run_doctor

    raise typer.Exit(run_doctor(load_settings(), console=console))


def main() -> None:
    """Run a command; an expected failure becomes one line that says what to do."""
    try:
        app()
    except (LumenError, EmbeddedServerError) as error:
        console.print(f"[red]✗[/red] {error}")
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
