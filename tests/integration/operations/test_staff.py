"""Commands about staff, keys and the audit log take the installation that runs, and say what to do where none does."""

from __future__ import annotations

import pyotp
import pytest
from typer.testing import CliRunner

from lumenpay.config import Settings, get_settings
from operations.addresses import find_running_folder
from operations.embedded import EmbeddedPostgres, EmbeddedServerError
from operations.main import app


def test_where_nothing_runs_no_second_database_is_made(tmp_path):
    with pytest.raises(EmbeddedServerError, match="make demo"):
        find_running_folder(Settings.model_construct(), [tmp_path / "up", tmp_path / "demo"])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["staff list", "keys check", "keys rotate", "audit verify"])
def test_a_command_about_what_runs_starts_nothing_where_nothing_runs(command, tmp_path, monkeypatch, request):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LUMENPAY_DATABASE_URL", raising=False)
    get_settings.cache_clear()
    request.addfinalizer(get_settings.cache_clear)
    told = CliRunner().invoke(app, command.split())
    assert isinstance(told.exception, EmbeddedServerError)
    assert not list(tmp_path.iterdir())


def test_the_demo_is_found_where_only_it_runs(tmp_path, request):
    server = EmbeddedPostgres(tmp_path / "demo")
    request.addfinalizer(server.destroy)
    server.start()
    assert find_running_folder(Settings.model_construct(), [tmp_path / "up", tmp_path / "demo"]) == tmp_path / "demo"


def test_a_code_is_that_of_an_authenticator():
    secret = pyotp.random_base32()
    told = CliRunner().invoke(app, ["staff", "code", secret])
    assert pyotp.TOTP(secret).verify(told.stdout.strip(), valid_window=1)
    assert CliRunner().invoke(app, ["staff", "code", "not one"]).exit_code == 2
