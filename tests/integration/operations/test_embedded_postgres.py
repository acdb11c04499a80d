"""The embedded PostgreSQL through its public face, with real processes."""

import asyncio
import os
import socket
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from operations.embedded import EmbeddedPostgres, EmbeddedServerError, bootstrap_database

MakePostgres = Callable[[Path], EmbeddedPostgres]
Connection = Any  # asyncpg ships no types.
AWKWARD = "p'a\"s/s@1"


def on_server(url: str, work: Callable[[Connection], Awaitable[object]]) -> object:
    async def run() -> object:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=5)
        try:
            return await work(connection)
        finally:
            await connection.close()

    return asyncio.run(run())


def value(url: str, query: str) -> object:
    return on_server(url, lambda connection: connection.fetchval(query))


def execute(url: str, statement: str) -> None:
    on_server(url, lambda connection: connection.execute(statement))


def test_committed_rows_survive_a_power_cut_and_the_address_stays(tmp_path: Path, make_postgres: MakePostgres) -> None:
    server = make_postgres(tmp_path)
    server.start()
    url = server.superuser_url("postgres")
    execute(url, "CREATE TABLE kept AS SELECT 42 AS answer")

    server.kill()
    assert not server.is_running()
    assert (server.data / "postmaster.pid").exists()
    server.start()

    assert server.superuser_url("postgres") == url
    assert value(url, "SELECT answer FROM kept") == 42


def test_stale_pid_file_that_names_a_living_stranger_does_not_stop_the_start(
    tmp_path: Path, make_postgres: MakePostgres
) -> None:
    server = make_postgres(tmp_path)
    server.start()
    server.kill()
    pid_file = server.data / "postmaster.pid"
    lines = pid_file.read_text(encoding="utf-8").splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n", encoding="utf-8")

    assert not server.is_running()
    server.start()

    assert server.is_running()


def test_second_object_adopts_the_running_server_and_can_stop_it(tmp_path: Path, make_postgres: MakePostgres) -> None:
    first = make_postgres(tmp_path)
    first.start()
    second = make_postgres(tmp_path)

    second.start()

    assert second.pid == first.pid
    second.stop()
    assert not first.is_running()
    assert not (first.data / "postmaster.pid").exists()


def test_two_installations_run_side_by_side_and_do_not_share_passwords(
    tmp_path: Path, make_postgres: MakePostgres
) -> None:
    alpha, beta = make_postgres(tmp_path / "alpha"), make_postgres(tmp_path / "beta")
    alpha.start()
    beta.start()

    assert alpha.port != beta.port
    execute(alpha.superuser_url("postgres"), "CREATE TABLE only_alpha ()")
    assert value(beta.superuser_url("postgres"), "SELECT to_regclass('only_alpha')") is None
    with pytest.raises(asyncpg.InvalidPasswordError):
        value(alpha.superuser_url("postgres").replace(str(alpha.port), str(beta.port)), "SELECT 1")


def test_start_moves_to_another_port_when_a_stranger_took_ours(tmp_path: Path, make_postgres: MakePostgres) -> None:
    server = make_postgres(tmp_path)
    server.start()
    old_port = server.port
    server.stop()

    with socket.create_server(("127.0.0.1", old_port)):
        server.start()
        assert server.port != old_port
        assert value(server.superuser_url("postgres"), "SELECT 1") == 1


def test_settings_are_durable_and_nobody_gets_in_without_a_password(
    tmp_path: Path, make_postgres: MakePostgres
) -> None:
    server = make_postgres(tmp_path)
    server.start()
    url = server.superuser_url("postgres")

    settings = {name: value(url, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")}
    assert settings == dict.fromkeys(settings, "on")
    assert value(url, "SHOW listen_addresses") == "127.0.0.1"
    assert value(url, "SHOW data_checksums") == "on"
    assert value(url, "SELECT lower('ПОДПИСКА')") == "подписка"
    methods = "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules"
    assert value(url, methods) == ["scram-sha-256"]
    secret = tmp_path / "secrets" / "postgres_superuser"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_server_process_is_never_root_and_its_data_is_private(tmp_path: Path, make_postgres: MakePostgres) -> None:
    server = make_postgres(tmp_path)
    server.start()

    status = server.data.stat()
    assert status.st_uid != 0
    assert stat.S_IMODE(status.st_mode) == 0o700
    assert Path(f"/proc/{server.pid}").stat().st_uid == status.st_uid


def test_failed_start_shows_the_end_of_the_servers_log(
    tmp_path: Path, make_postgres: MakePostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = make_postgres(tmp_path)
    server.start()
    server.stop()
    (server.data / "postgresql.conf").write_text("no_such_setting = 1\n", encoding="utf-8")
    monkeypatch.setattr("operations.embedded.server._START_SECONDS", 1.0)

    with pytest.raises(EmbeddedServerError, match="no_such_setting"):
        server.start()


def bootstrapped(server: EmbeddedPostgres, *, name: str = "lumenpay", password: str = AWKWARD) -> tuple[str, str]:
    urls = bootstrap_database(
        server.superuser_url("postgres"), name=name, owner_password=password, app_password=f"{password}-app",
        backup_password=f"{password}-backup", staff_password=f"{password}-staff",
    )  # fmt: skip
    assert password not in repr(urls)
    return urls.app.replace("+asyncpg", ""), urls.owner.replace("+asyncpg", "")


def test_owner_can_migrate_and_the_application_role_can_only_use_what_it_is_granted(
    tmp_path: Path, make_postgres: MakePostgres
) -> None:
    server = make_postgres(tmp_path)
    server.start()
    app, owner = bootstrapped(server)

    execute(owner, "CREATE EXTENSION btree_gist; CREATE TABLE plans (title text); CREATE ROLE lumenpay_guest")
    attributes = "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    assert on_server(app, lambda connection: connection.fetchrow(attributes)) == (False, False, False, False)
    assert on_server(owner, lambda connection: connection.fetchrow(attributes)) == (False, False, False, True)
    for forbidden in ("SELECT * FROM plans", "CREATE TABLE mine ()", "CREATE ROLE mine", "SET ROLE lumenpay_owner"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            execute(app, forbidden)
    execute(owner, "GRANT SELECT ON plans TO lumenpay_app")
    execute(app, "SELECT * FROM plans")


def test_bootstrap_is_repeatable_keeps_the_data_and_changes_the_passwords(
    tmp_path: Path, make_postgres: MakePostgres
) -> None:
    server = make_postgres(tmp_path)
    server.start()
    _, old_owner = bootstrapped(server)
    execute(old_owner, "CREATE TABLE kept ()")

    _, owner = bootstrapped(server, password="another")
    bootstrapped(server, name="second", password="another")

    assert value(owner, "SELECT to_regclass('kept')::text") == "kept"
    with pytest.raises(asyncpg.InvalidPasswordError):
        value(old_owner, "SELECT 1")
    assert "another" not in server.log_path.read_text(encoding="utf-8")
