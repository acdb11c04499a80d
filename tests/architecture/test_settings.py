"""`.env.example` and the settings class say the same, and production refuses what development may leave out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError

from lumenpay.config import Settings

ROOT = Path(__file__).parents[2]
GOOD = {
    "environment": "production",
    "database_url": "postgresql://app:Zq8v-long-pass@db/lumenpay",
    "redis_url": "redis://:Zq8v-long-pass@redis/0",
    "public_url": "https://pay.lumen.test",
    "metrics_port": 9100,
    "smtp_url": "smtp://lumenpay:Zq8v-long-pass@mail.lumen.test:587",
}


def production(**changes: object) -> Settings:
    return Settings(_env_file=None, **{**GOOD, "secret_keys": Fernet.generate_key().decode(), **changes})


def test_env_example_names_every_setting_and_no_other():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#? ?LUMENPAY_([A-Z_]+)=", text, flags=re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}


def test_env_example_holds_no_secret():
    values = re.findall(r"^LUMENPAY_(?:SECRET_KEYS|\w*PASSWORD|\w*SECRET|SENTRY_DSN)=(.+)$",
                        (ROOT / ".env.example").read_text(encoding="utf-8"), flags=re.MULTILINE)  # fmt: skip
    assert not [value for value in values if value.strip()]


def test_complete_production_settings_are_accepted():
    assert production().is_production


@pytest.mark.parametrize(
    "changes",
    [
        {"database_url": ""},
        {"redis_url": ""},
        {"secret_keys": ""},
        {"secret_keys": "short"},
        {"secret_keys": "change-me"},
        {"public_url": "http://pay.lumen.test"},
        {"metrics_port": 0},
        {"smtp_url": ""},
        {"smtp_url": "file:///tmp/mail"},
        {"smtp_url": "smtp://lumenpay:change-me@mail.lumen.test:587"},
        {"database_url": "postgresql://app:change-me@db/lumenpay"},
        {"redis_url": "redis://:placeholder@redis/0"},
    ],
    ids=str,
)
def test_production_refuses_defaults_and_placeholders(changes: dict[str, object]):
    with pytest.raises(ValidationError) as caught:
        production(**changes)
    assert "Zq8v-long-pass" not in str(caught.value)


def test_secrets_do_not_show_in_the_representation():
    settings = production()
    assert "Zq8v-long-pass" not in repr(settings)
    assert "Zq8v-long-pass" not in str(settings.model_dump_json())
