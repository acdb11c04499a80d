"""What every command shares: where state lies, how it prints, and its settings (or what is wrong with them)."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from pydantic import ValidationError
from rich.console import Console

from lumenpay.config import Settings, get_settings
from lumenpay.kit.logs import configure_logging
from operations.addresses import find_running_folder

FOLDER = Path(".lumenpay")
DEMO_FOLDER = FOLDER / "demo"
"""Apart from `up`: the demo's sandboxes know nothing of the bots in another installation's database."""
console = Console(highlight=False)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Be the only run whose state lies in a folder: a second one would take the first one's processes for leftovers.

    The lock goes with the process, however it ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "running.lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.print(f"[red]✗[/red] another run uses {folder} already: stop it with Ctrl+C in its terminal first")
            raise typer.Exit(2) from None
        yield


def find_installation(settings: Settings) -> Path:
    """Return the folder of the installation that runs here, `up` before the demo.

    Raises:
        EmbeddedServerError: None runs, and no database is configured.
    """
    return find_running_folder(settings, [FOLDER.resolve(), DEMO_FOLDER.resolve()])


def load_settings() -> Settings:
    """Return the settings, or end with the list of what is wrong with them."""
    configure_logging(level="WARNING", is_json=False)
    try:
        return get_settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            console.print(f"[red]✗[/red] {'LUMENPAY_' + name if name else 'Settings'}: {problem['msg']}")
        console.print("  .env.example names every setting, docs/operations.md explains them")
        raise typer.Exit(2) from error
