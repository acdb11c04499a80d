"""What every measurement stands on: own stores in a temporary folder, many tenants with a bot each, child processes."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from cryptography.fernet import Fernet

from lumenpay.bots import secrets as bot_secrets
from lumenpay.config import Settings
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.models.bots import Bot
from lumenpay.models.ids import BotId, TenantId
from operations.addresses import Stores, loopback_url, migrate_stores, process_environment, start_stores
from operations.child_process import ChildProcess, ChildSpec
from operations.embedded.ports import choose_port
from operations.readiness import accepts_connections

ROOT = Path(__file__).parents[2]
_TENANT_COLUMNS = ("id", "name", "created_at")
_BOT_COLUMNS = (
    "tenant_id", "id", "telegram_id", "username", "name", "token_sealed", "token_key_id", "webhook_sealed",
    "webhook_key_id", "webhook_key_hash", "webhook_secret_hash", "webhook_set_at", "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeededBot:
    """A connected bot, with what only Telegram knows."""

    tenant_id: UUID
    id: UUID
    telegram_id: int
    token: str
    key: str
    secret: str


@dataclass
class Ground:
    """Running stores and the environment of the product's processes on them."""

    folder: Path
    stores: Stores
    ring: KeyRing
    cleanup: ExitStack
    settings: Settings
    bots: list[SeededBot] = field(default_factory=list)
    _names: Iterator[int] = field(default_factory=itertools.count)

    def port(self, name: str) -> int:
        """Return the free port of a server."""
        return choose_port(self.folder / "ports" / name)

    def environment(self, **changes: str) -> dict[str, str]:
        """Return the whole environment of a process of the product."""
        return process_environment(self.settings, self.stores, self.folder, **changes)

    def start(self, spec: ChildSpec) -> ChildProcess:
        """Run a child process until it is stopped, at the end of the run at the latest."""
        child = ChildProcess(spec, folder=self.folder)
        self.cleanup.callback(child.stop)
        child.start()
        return child

    def start_module(self, name: str, *arguments: str, port: int, env: Mapping[str, str] | None = None) -> ChildProcess:
        """Run `python -m …` and wait until something listens on its port."""
        ready = accepts_connections("127.0.0.1", port)
        argv = [sys.executable, "-m", *arguments]
        return self.start(ChildSpec(name, argv, env or dict(os.environ), is_ready=ready, cwd=ROOT))

    async def connect(self) -> asyncpg.Connection[asyncpg.Record]:
        """Return a connection with the application's role."""
        return await asyncpg.connect(self.stores.database_url.replace("+asyncpg", ""))

    async def connect_superuser(self) -> asyncpg.Connection[asyncpg.Record]:
        """Return a connection that walls do not stop, for seeding and counting."""
        assert self.stores.postgres is not None
        return await asyncpg.connect(self.stores.postgres.superuser_url("lumenpay"))

    def seed(self, bots: Sequence[tuple[int, str]]) -> None:
        """Store a tenant for each (Telegram id, token), with that bot connected."""
        made = [_make_bot(self.ring, telegram_id, token) for telegram_id, token in bots]
        asyncio.run(self._store([row for row, _ in made]))
        self.bots = [bot for _, bot in made]

    async def _store(self, bots: list[Bot]) -> None:
        connection = await self.connect_superuser()
        tenants = [(bot.tenant_id, bot.name, bot.created_at) for bot in bots]
        rows = [tuple(getattr(bot, column) for column in _BOT_COLUMNS) for bot in bots]
        await connection.copy_records_to_table("tenants", columns=_TENANT_COLUMNS, records=tenants)
        await connection.copy_records_to_table("bots", columns=_BOT_COLUMNS, records=rows)
        await connection.execute("ANALYZE")
        await connection.close()


@contextmanager
def open_ground() -> Iterator[Ground]:
    """Yield migrated stores that end, with everything started on them, when the block does."""
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="lumenpay-bench-")))
        key = Fernet.generate_key().decode()
        ports = {name: loopback_url(choose_port(folder / "ports" / name)) for name in ("api", "telegram", "yookassa")}
        settings = Settings(
            _env_file=None, secret_keys=[key], public_url=ports["api"], telegram_api_url=ports["telegram"],
            yookassa_api_url=f"{ports['yookassa']}/v3", log_level="WARNING", database_url="", redis_url="",
            database_owner_url="",
        )  # fmt: skip
        stores = start_stores(settings, folder)
        for server in (stores.postgres, stores.valkey):
            assert server is not None
            cleanup.callback(server.destroy)
        migrate_stores(stores)
        yield Ground(folder, stores, KeyRing([key]), cleanup, settings)


def _make_bot(ring: KeyRing, telegram_id: int, token: str) -> tuple[Bot, SeededBot]:
    now = datetime.now(UTC)  # noqa: TID251 - the rows of a measurement
    bot = Bot(
        tenant_id=TenantId(new_uuid7()), id=BotId(new_uuid7()), telegram_id=telegram_id, name="Bench",
        username=f"bench_{telegram_id}_bot", webhook_set_at=now, created_at=now,
    )  # fmt: skip
    bot_secrets.seal_token(ring, bot, Secret(token))
    bot_secrets.renew_webhook(ring, bot)
    webhook = bot_secrets.open_webhook(ring, bot)
    seeded = SeededBot(bot.tenant_id, bot.id, telegram_id, token, webhook.key.reveal(), webhook.secret.reveal())
    return bot, seeded
