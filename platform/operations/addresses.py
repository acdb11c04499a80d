"""Where the processes of one machine listen and what their environment says."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import SecretStr

from lumenpay.config import Settings
from operations.embedded import (
    DatabaseUrls,
    EmbeddedPostgres,
    EmbeddedServerError,
    EmbeddedValkey,
    bootstrap_database,
    ensure_secret,
)
from operations.embedded.ports import LOOPBACK, choose_port, is_free
from operations.embedded.secrets import write_private
from operations.migrate import upgrade_database

DATABASE_NAME = "lumenpay"
_LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")


@dataclass
class Stores:
    """The database and the broker that a stack works on, embedded where no address is configured."""

    database_url: str = field(repr=False)
    database_owner_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    database_staff_url: str = field(default="", repr=False)
    postgres: EmbeddedPostgres | None = None
    valkey: EmbeddedValkey | None = None


def start_stores(settings: Settings, folder: Path) -> Stores:
    """Return running stores: the configured ones, or embedded ones under `folder`."""
    stores = Stores(
        settings.database_url.get_secret_value(),
        settings.database_owner_url.get_secret_value(),
        settings.redis_url.get_secret_value(),
        settings.database_staff_url.get_secret_value(),
    )
    if not stores.database_url:
        stores.postgres = EmbeddedPostgres(folder)
        urls = _start_postgres(stores.postgres, folder)
        stores.database_url, stores.database_owner_url, stores.database_staff_url = urls.app, urls.owner, urls.staff
    if not stores.redis_url:
        stores.valkey = EmbeddedValkey(folder)
        stores.valkey.start()
        stores.redis_url = stores.valkey.url
    return stores


@contextmanager
def reached_database(settings: Settings, folder: Path) -> Iterator[str]:
    """Yield the application's address of a running database; an embedded one is left running only if it was."""
    with reached_roles(settings, folder) as urls:
        yield urls.app


@contextmanager
def reached_roles(settings: Settings, folder: Path) -> Iterator[DatabaseUrls]:
    """Yield the addresses of a running database by role; those that nobody configured are empty."""
    configured = settings.database_url.get_secret_value()
    if configured:
        yield DatabaseUrls(
            app=configured,
            owner=settings.database_owner_url.get_secret_value(),
            staff=settings.database_staff_url.get_secret_value(),
            backup="",
        )
        return
    postgres = EmbeddedPostgres(folder)
    was_running = postgres.is_running()
    try:
        yield _start_postgres(postgres, folder)
    finally:
        if not was_running:
            postgres.stop()


def find_running_folder(settings: Settings, folders: Sequence[Path]) -> Path:
    """Return the first of the folders whose embedded database runs; with a configured database, the first.

    Raises:
        EmbeddedServerError: None runs. Starting one here would make a second, empty installation.
    """
    if settings.database_url.get_secret_value():
        return folders[0]
    for folder in folders:
        if EmbeddedPostgres(folder).is_running():
            return folder
    raise EmbeddedServerError("nothing runs here: start it with make up or make demo, or set LUMENPAY_DATABASE_URL")


def _start_postgres(postgres: EmbeddedPostgres, folder: Path) -> DatabaseUrls:
    postgres.start()
    return bootstrap_database(
        postgres.superuser_url("postgres"),
        name=DATABASE_NAME,
        owner_password=ensure_secret(folder / "secrets" / "database-owner"),
        app_password=ensure_secret(folder / "secrets" / "database-app"),
        backup_password=ensure_secret(folder / "secrets" / "database-backup"),
        staff_password=ensure_secret(folder / "secrets" / "database-staff"),
    )


def migrate_stores(stores: Stores) -> bool:
    """Migrate if the owner's address is known; tell whether it was."""
    if not stores.database_owner_url:
        return False
    upgrade_database(stores.database_owner_url, stores.database_url, stores.database_staff_url)
    return True


def ensure_secret_keys(settings: Settings, folder: Path) -> str:
    """Return the configured Fernet keys, or one that is made once and kept under `folder` (development only)."""
    if settings.secret_keys:
        return ",".join(key.get_secret_value() for key in settings.secret_keys)
    file = folder / "secrets" / "fernet"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_private(file, Fernet.generate_key().decode())
    return file.read_text(encoding="ascii").strip()


def process_environment(settings: Settings, stores: Stores, folder: Path, **changes: str) -> dict[str, str]:
    """Return the whole environment of a child process; the owner's address is not in it.

    Every setting is in it, the empty ones too: a child that looked into `.env` would find what was left out.
    """
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("LUMENPAY_")}
    values = {f"LUMENPAY_{name.upper()}": _write(getattr(settings, name)) for name in Settings.model_fields}
    return {
        **kept,
        **values,
        "LUMENPAY_DATABASE_URL": stores.database_url,
        "LUMENPAY_DATABASE_OWNER_URL": "",
        "LUMENPAY_DATABASE_STAFF_URL": stores.database_staff_url,
        "LUMENPAY_REDIS_URL": stores.redis_url,
        "LUMENPAY_SECRET_KEYS": ensure_secret_keys(settings, folder),
        **changes,
    }


def _write(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, list):
        return ",".join(_write(part) for part in value)
    return str(value)


def listening_port(public_url: str) -> int:
    """Return the port that the API listens on: that of a loopback public address, else 8000 behind a proxy."""
    return loopback_port(public_url) or 8000


def loopback_port(url: str) -> int | None:
    """Return the port of a server of this machine; None for another machine's, and for no address at all."""
    parts = urlsplit(url)
    return parts.port if parts.hostname in _LOOPBACK_NAMES else None


def choose_demo_port(wanted: int, file: Path) -> int:
    """Return the wanted port if it is free, else one that stays the same across restarts."""
    return wanted if is_free(wanted) else choose_port(file)


def loopback_url(port: int) -> str:
    """Return the address of a server of this machine."""
    return f"http://{LOOPBACK}:{port}"
