"""What every command shares: where state lies, how it prints, and its settings (or what is wrong with them)."""

from __future__ import annotations

from pathlib import Path

import typer
from pydantic import ValidationError
from rich.console import Console

from lumenpay.config import Settings, get_settings
from lumenpay.kit.logs import configure_logging

FOLDER = Path(".lumenpay")
DEMO_FOLDER = FOLDER / "demo"
"""Apart from `up`: the demo's sandboxes know nothing of the bots in another installation's database."""
console = Console(highlight=False)


def load_settings() -> Settings:
    """Return the settings, or end with the list of what is wrong with them."""
    configure_logging(level="WARNING", is_json=False)
    try:
        return get_settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            console.print(f"[red]✗[/red] {'LUMENPAY_' + name if name else 'Settings'}: {problem['msg']}")
        raise typer.Exit(2) from error
