"""What tests of several folders share: servers, a database of real commits, a clock, keys, sandboxes, factories."""

from __future__ import annotations

import gc
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from cryptography.fernet import Fernet
from redis.asyncio import Redis

from lumenpay.config import Settings
from lumenpay.db.session import Database
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.kit.memory import settle_memory
from lumenpay.telegram.loading import load_aiogram
from operations.embedded import DatabaseUrls
from tests.factories.tenants import Factory
from tests.support.clock import MovableClock
from tests.support.services import Servers, Sweeper, database_name
from tests.support.web import serving

if TYPE_CHECKING:
    from tenants_worker.context import WorkerContext

_FOLDER = pytest.StashKey[Path]()
_VALKEY_DATABASES = 16


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", {}).get("services_folder")
    folder = Path(given) if given else Path(tempfile.mkdtemp(prefix="lumenpay-tests-"))
    config.stash[_FOLDER] = folder
    # structlog's own choice draws a frame with every variable around each traceback, which takes longer than a test.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])
    # What collecting the tests loads is no garbage; looking for some takes a fifth of the time.
    gc.disable()
    load_aiogram()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # In random order still, but those that were given more than the usual time begin first: at the end one of them
    # would keep a single core busy while the others have nothing to do.
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


def pytest_collection_finish() -> None:
    settle_memory()
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["services_folder"] = str(node.config.stash[_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and _FOLDER in config.stash:
        Servers(config.stash[_FOLDER]).destroy()


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Servers:
    """The run's servers, not started yet."""
    return Servers(pytestconfig.stash[_FOLDER])


@pytest.fixture(scope="session")
def postgres_urls(servers: Servers, worker_id: str) -> DatabaseUrls:
    """Addresses of this process's own migrated database: `.app` and `.owner`."""
    servers.start_postgres()
    return servers.clone_database(f"lumenpay_{worker_id}")


@pytest.fixture
def empty_database(servers: Servers, worker_id: str) -> Iterator[DatabaseUrls]:
    """Addresses of a database without a single table of ours, for migrations."""
    servers.start_postgres()
    name = f"lumenpay_empty_{worker_id}"
    yield servers.create_database(name)
    servers.drop_database(name)


@pytest.fixture(scope="session")
def superuser_url(servers: Servers, postgres_urls: DatabaseUrls) -> str:
    """Address with the role that sees every tenant's rows, to look at results and to break things."""
    return servers.superuser_url(database_name(postgres_urls.app))


@pytest.fixture(scope="session")
async def engine_of_tests(postgres_urls: DatabaseUrls) -> AsyncIterator[Database]:
    database = Database(postgres_urls.app, pool_size=20, application_name="lumenpay-tests")
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def sweeper(superuser_url: str) -> AsyncIterator[Sweeper]:
    sweeper = Sweeper(superuser_url)
    yield sweeper
    await sweeper.close()


@pytest.fixture
async def database(engine_of_tests: Database, sweeper: Sweeper) -> Database:
    """The database with the application's role, without a row in it; what a test writes is really committed."""
    await sweeper.sweep()
    return engine_of_tests


@pytest.fixture(scope="session")
def valkey_url(servers: Servers, worker_id: str) -> str:
    servers.start_valkey()
    number = int(worker_id[2:]) % _VALKEY_DATABASES if worker_id.startswith("gw") else 0
    return servers.valkey.url.rsplit("/", 1)[0] + f"/{number}"


@pytest.fixture
async def redis_url(valkey_url: str) -> str:
    """Address of an empty Valkey."""
    client = Redis.from_url(valkey_url)
    await client.flushdb()
    await client.aclose()
    return valkey_url


@pytest.fixture
async def doorbell(redis_url: str) -> AsyncIterator[Doorbell]:
    doorbell = Doorbell(redis_url)
    yield doorbell
    await doorbell.close()


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands still at the beginning of the test."""
    return MovableClock()


@pytest.fixture(scope="session")
def secret_key() -> str:
    """The Fernet key of the run, for processes that a test starts."""
    return Fernet.generate_key().decode()


@pytest.fixture(scope="session")
def ring(secret_key: str) -> KeyRing:
    return KeyRing([secret_key])


@pytest.fixture
def factory(database: Database, ring: KeyRing, clock: MovableClock) -> Factory:
    """Makes tenants, bots, channels, plans and subscribers."""
    return Factory(database, ring, clock)


@pytest.fixture
async def telegram_app() -> AsyncIterator[tuple[str, Any]]:
    """Address and world of a Telegram sandbox in this process."""
    from sandbox.telegram.app import WORLD, create_app

    app = create_app()
    async with serving(app) as url:
        yield url, app[WORLD]


@pytest.fixture
async def yookassa_app() -> AsyncIterator[tuple[str, Any]]:
    """Address and gateway of a YooKassa sandbox in this process."""
    from sandbox.yookassa.app import create_app
    from sandbox.yookassa.http import GATEWAY

    app = create_app()
    async with serving(app) as url:
        yield url, app[GATEWAY]


@pytest.fixture
def make_settings(postgres_urls: DatabaseUrls, secret_key: str) -> Iterator[Any]:
    """Build settings from nothing but arguments: neither the environment nor a file of this machine leaks in."""

    def make(**values: Any) -> Settings:
        chosen = {"environment": "test", "database_url": postgres_urls.app, "secret_keys": [secret_key], **values}
        return Settings(_env_file=None, **chosen)

    return make


@pytest.fixture(scope="session")
def authorities_read_once() -> None:
    """Let aiogram read the certificates of all authorities once, not for each session: it takes as long as a test."""
    from aiogram.client.session import aiohttp as sessions

    read_once = SimpleNamespace(create_default_context=cache(ssl.create_default_context))
    sessions.ssl = read_once  # type: ignore[attr-defined] - the module's own import, all that it uses of `ssl`


@pytest.fixture
async def worker_context(  # noqa: PLR0917 - fixtures
    database: Database, doorbell: Doorbell, ring: KeyRing, clock: MovableClock, make_settings: Any, redis_url: str,
    telegram_app: tuple[str, Any], yookassa_app: tuple[str, Any], authorities_read_once: None,
) -> AsyncIterator[WorkerContext]:  # fmt: skip
    """A worker's connections, against the sandboxes."""
    # Importing aiogram takes seconds: only tests that need it pay.
    from lumenpay.letters.mailer import Mailer
    from lumenpay.payments.providers.yookassa.client import YooKassaClient
    from lumenpay.telegram.client import TelegramClient
    from tenants_worker.context import WorkerContext
    from tenants_worker.leases import LeaseKeeper

    settings = make_settings(
        redis_url=redis_url, telegram_api_url=telegram_app[0], yookassa_api_url=f"{yookassa_app[0]}/v3"
    )
    telegram = TelegramClient(api_url=settings.telegram_api_url)
    yookassa = YooKassaClient(api_url=settings.yookassa_api_url)
    yield WorkerContext(
        settings=settings, database=database, doorbell=doorbell, ring=ring, telegram=telegram, yookassa=yookassa,
        clock=clock, leases=LeaseKeeper(database), mailer=Mailer(Secret(""), sender=""),
    )  # fmt: skip
    await telegram.close()
    await yookassa.close()
