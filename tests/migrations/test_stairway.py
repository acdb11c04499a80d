"""Every revision goes up, down and up again; in the end the models and the migrations say the same."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from lumenpay.models import Base
from operations.migrate import MigrationRefusedError, downgrade_database, migration_config, upgrade_database


def revisions() -> list[str]:
    script = ScriptDirectory.from_config(migration_config("postgresql+asyncpg://unused"))
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def fetch(url: str, query: str) -> list[object]:
    async def run() -> list[object]:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            return [row[0] for row in await connection.fetch(query)]
        finally:
            await connection.close()

    return asyncio.run(run())


def test_each_revision_goes_up_down_and_up(empty_database):
    config = migration_config(empty_database.owner)
    for revision in revisions():
        command.upgrade(config, revision)
        command.downgrade(config, "-1")
        command.upgrade(config, revision)
    command.downgrade(config, "base")
    left = fetch(empty_database.owner, "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace")
    assert set(left) <= {"alembic_version", "alembic_version_pkc"}
    assert not fetch(
        empty_database.owner,
        "SELECT p.proname::text FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner "
        "WHERE p.pronamespace = 'public'::regnamespace AND r.rolname LIKE 'lumenpay%'",
    )


def test_models_and_migrations_agree(empty_database):
    upgrade_database(empty_database.owner, empty_database.app)

    async def differences() -> list[object]:
        engine = create_async_engine(empty_database.owner, poolclass=NullPool)
        async with engine.connect() as connection:
            found = await connection.run_sync(
                lambda sync: compare_metadata(
                    MigrationContext.configure(sync, opts={"compare_type": True, "compare_server_default": True}),
                    Base.metadata,
                )
            )
        await engine.dispose()
        return found

    assert asyncio.run(differences()) == []


def test_migrating_twice_changes_nothing(empty_database):
    upgrade_database(empty_database.owner, empty_database.app)
    upgrade_database(empty_database.owner, empty_database.app)
    assert fetch(empty_database.app, "SELECT version_num::text FROM alembic_version") == [revisions()[-1]]


def test_one_role_for_everything_is_refused(empty_database):
    with pytest.raises(MigrationRefusedError):
        upgrade_database(empty_database.owner, empty_database.owner)


def test_downgrade_to_base_and_back_leaves_a_working_database(empty_database):
    upgrade_database(empty_database.owner, empty_database.app)
    downgrade_database(empty_database.owner, "base")
    upgrade_database(empty_database.owner, empty_database.app)
    assert fetch(empty_database.app, "SELECT count(*) FROM tenants") == [0]
