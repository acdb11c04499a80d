"""The demo and a real installation on one machine keep out of each other's way."""

from __future__ import annotations

import io
import os
import re
from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from pydantic import SecretStr
from rich.console import Console

from lumenpay.config import Settings
from lumenpay.kit.clock import SystemClock
from operations.addresses import Stores, process_environment
from operations.demo import Countdown, make_demo_settings
from operations.terminal import DEMO_FOLDER, FOLDER

REAL = "https://real.lumen.test"
URLS = {
    name: f"http://127.0.0.1:{port}"
    for port, name in enumerate(("api", "telegram", "yookassa", "mail", "oidc", "stripe"), 5000)
}


def write_installation(folder: Path, keys: str) -> None:
    values = {
        name: REAL for name, field in Settings.model_fields.items() if field.annotation in (str, SecretStr)
    }  # fmt: skip
    values |= {
        "environment": "production",
        "smtp_url": "smtp://real.lumen.test",
        "secret_keys": keys,
        "metrics_port": "9100",
    }
    lines = [f"LUMENPAY_{name.upper()}={value}" for name, value in values.items()]
    (folder / ".env").write_text("\n".join(lines), encoding="utf-8")


def test_no_process_of_the_demo_is_told_of_a_server_of_the_installation_beside_it(tmp_path, monkeypatch):
    keys = Fernet.generate_key().decode()
    write_installation(tmp_path, keys)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LUMENPAY_DATABASE_OWNER_URL", REAL)
    monkeypatch.setenv("LUMENPAY_SENTRY_DSN", REAL)
    chosen = make_demo_settings(URLS, smtp_port=2525)
    assert not any(
        secret.get_secret_value() for secret in (chosen.database_url, chosen.database_owner_url, chosen.redis_url)
    )
    stores = Stores("postgresql://demo@127.0.0.1/demo", "postgresql://owner@127.0.0.1/demo", "redis://127.0.0.1/0")
    env = process_environment(chosen, stores, tmp_path / "demo")
    for name in os.environ:
        if name.upper().startswith("LUMENPAY_"):
            monkeypatch.delenv(name)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    found = Settings()  # as a child reads it: the environment first, then `.env` of the folder that it runs in
    shown = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in found
    }  # fmt: skip
    assert not [name for name, value in shown.items() if REAL in str(value)]
    assert not found.is_production
    assert found.metrics_port == 0
    assert [key.get_secret_value() for key in found.secret_keys] != [keys]
    assert found.database_owner_url.get_secret_value() == ""


def test_the_demo_has_a_folder_of_its_own():
    assert DEMO_FOLDER.is_relative_to(FOLDER)
    assert DEMO_FOLDER != FOLDER


def test_the_wait_for_a_reminder_shows_the_seconds_that_are_left():
    now = SystemClock().now()
    screen = Console(file=io.StringIO(), force_terminal=True, width=200)
    with screen.status(Countdown("The bot reminds", now + timedelta(seconds=40))) as status:
        screen.print(status.renderable)
    assert re.search(r"The bot reminds: waiting for the plan's minute to end … (40|39) s", screen.file.getvalue())
