"""A process whose database role could see past the walls refuses to start (fault A1)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from control_plane.app import ControlPlane
from control_plane.services import open_services
from lumenpay.db.guard import UnsafeDatabaseRoleError, check_database_role
from lumenpay.db.session import Database

PASSWORD = "canary-password"


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


@pytest.fixture
async def make_role(superuser_url: str) -> AsyncIterator[Any]:
    """Make roles of the cluster that are gone after the test; return an address that logs in as one."""
    connection = await asyncpg.connect(superuser_url, timeout=10)
    made = []

    async def make(attributes: str, *groups: str) -> str:
        name = f"guard_{uuid4().hex[:12]}"
        await connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}' {attributes}")
        made.append(name)
        for group in groups:
            await connection.execute(f"GRANT {group} TO {name}")
        parts = urlsplit(superuser_url)
        return f"postgresql+asyncpg://{name}:{PASSWORD}@{parts.hostname}:{parts.port}{parts.path}"

    yield make
    for name in made:
        await connection.execute(f"DROP ROLE {name}")
    await connection.close()


async def _refusal(url: str) -> str:
    database = Database(url, pool_size=1)
    try:
        with pytest.raises(UnsafeDatabaseRoleError) as refused:
            await check_database_role(database)
    finally:
        await database.close()
    return str(refused.value)


async def test_the_application_role_may_run(database: Database) -> None:
    await check_database_role(database)


async def test_a_member_of_the_application_role_may_run(make_role: Any) -> None:
    database = Database(await make_role("", "lumenpay_app"), pool_size=1)
    await check_database_role(database)
    await database.close()


@pytest.mark.parametrize(
    ("attributes", "groups", "words"),
    [
        ("SUPERUSER", (), "it is a superuser"),
        ("BYPASSRLS", ("lumenpay_app",), "it has BYPASSRLS"),
        ("", ("lumenpay_app", "lumenpay_owner"), "it owns tables"),
        ("", ("lumenpay_app", "lumenpay_backup"), "it is a member of a role that sees past the walls"),
        ("", ("lumenpay_app", "lumenpay_dispatch"), "it is a member of lumenpay_dispatch or lumenpay_remover"),
    ],
)
async def test_a_role_that_sees_past_the_walls_is_refused(
    make_role: Any, attributes: str, groups: tuple[str, ...], words: str
) -> None:
    message = await _refusal(await make_role(attributes, *groups))
    assert words in message
    assert PASSWORD not in message


async def test_the_owner_of_the_tables_is_refused(postgres_urls: Any) -> None:
    assert "it owns tables" in await _refusal(postgres_urls.owner)


async def test_the_api_refuses_to_start_with_such_a_role(superuser_url: str, make_settings: Any) -> None:
    services = open_services(make_settings(database_url=_driver(superuser_url)))
    app, said = ControlPlane(services), []

    async def receive() -> dict[str, str]:
        return {"type": "lifespan.startup"}

    async def send(message: dict[str, str]) -> None:
        said.append(message)

    with pytest.raises(UnsafeDatabaseRoleError):
        await asyncio.wait_for(app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send), 20)
    assert said[0]["type"] == "lifespan.startup.failed"
    assert urlsplit(superuser_url).password not in str(said)
    await services.database.close()
