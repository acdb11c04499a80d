"""`lumenpay keys …`: make Fernet keys."""

from __future__ import annotations

import typer
from cryptography.fernet import Fernet

keys_app = typer.Typer(no_args_is_help=True, help="Keys that seal stored secrets.")


@keys_app.callback()
def keys() -> None:
    """Look after the keys that seal stored secrets."""


@keys_app.command("new")
def new_key() -> None:
    """Print a fresh key for LUMENPAY_SECRET_KEYS; put it before the older ones."""
    print(Fernet.generate_key().decode())
