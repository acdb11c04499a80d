"""The real product on this machine: its processes and the sandboxes, revived by a supervisor in a thread of its own."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from lumenpay.config import Settings
from operations.addresses import Stores, loopback_url, migrate_stores, process_environment, start_stores
from operations.child_process import ChildProcess
from operations.demo import WANTED_PORTS
from operations.embedded import EmbeddedPostgres, EmbeddedValkey
from operations.embedded.ports import choose_port
from operations.stack import WORKER_POOLS, api_spec, sandbox_settings, sandbox_specs, worker_spec
from operations.story.doors import Addresses
from operations.supervisor import RestartPolicy, Service, Supervisor
from tests.support.services import database_name
from tests.support.waiting import until


@dataclass
class Stage:
    """What runs, and where."""

    folder: Path
    addresses: Addresses
    superuser_url: str
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey | None
    api: ChildProcess
    workers: list[ChildProcess]
    supervisor: Supervisor

    def read_logs(self) -> str:
        """Return everything that the product's processes have written."""
        files = [self.api.log_path, *(worker.log_path for worker in self.workers)]
        return "".join(file.read_text(errors="replace") for file in files if file.exists())


@asynccontextmanager
async def raised_stage(*, has_valkey: bool = True, **environment: str) -> AsyncIterator[Stage]:
    """Start everything but beat, and leave nothing behind; without Valkey its address leads nowhere."""
    folder = Path(tempfile.mkdtemp(prefix="lumenpay-stage-"))
    try:
        stage = await asyncio.to_thread(_build, folder, has_valkey, environment)
        watching = threading.Thread(target=stage.supervisor.run, name="supervisor")
        try:
            await asyncio.to_thread(stage.supervisor.start)
            watching.start()
            await _await_workers(stage)
            yield stage
        finally:
            stage.supervisor.request_stop()
            if watching.is_alive():
                await asyncio.to_thread(watching.join)
            await asyncio.to_thread(_end, stage)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _await_workers(stage: Stage) -> None:
    # The parents are up at once; their children still import, which takes long on a busy machine.
    connection = await asyncpg.connect(stage.superuser_url, timeout=10)
    query = (
        "SELECT count(DISTINCT application_name) FROM pg_stat_activity WHERE application_name LIKE 'lumenpay-worker%'"
    )
    try:
        await until(lambda: connection.fetchval(query), seconds=120, what="a worker to be connected")
    finally:
        await connection.close()


def _build(folder: Path, has_valkey: bool, environment: dict[str, str]) -> Stage:
    ports = {name: choose_port(folder / "ports" / name) for name in (*WANTED_PORTS, "nowhere")}
    urls = {name: loopback_url(port) for name, port in ports.items()}
    settings = Settings(
        _env_file=None, environment="test", database_url="", database_owner_url="", secret_keys=[],
        redis_url="" if has_valkey else f"redis://127.0.0.1:{ports['nowhere']}/0",
        public_url=urls["api"], log_level="INFO", **sandbox_settings(urls, smtp_port=ports["smtp"]),
    )  # fmt: skip
    stores = start_stores(settings, folder)
    try:
        migrate_stores(stores)
        env = process_environment(settings, stores, folder, **environment)
        return _assemble(folder, stores, env, ports)
    except BaseException:
        for server in (stores.postgres, stores.valkey):
            if server is not None:
                server.destroy()
        raise


def _assemble(folder: Path, stores: Stores, env: dict[str, str], ports: dict[str, int]) -> Stage:
    stopping = threading.Event()

    def child(spec):
        return ChildProcess(spec, folder=folder, cancelled=stopping)

    postgres = stores.postgres
    assert postgres is not None
    sandboxes = [child(spec) for spec in sandbox_specs(env, ports)]
    api, workers = child(api_spec(env, port=ports["api"])), [child(worker_spec(env, pool)) for pool in WORKER_POOLS]
    servers: list[Service] = [server for server in (postgres, stores.valkey) if server is not None]
    policy = RestartPolicy(longest_delay_seconds=1.0)
    supervisor = Supervisor([*servers, *sandboxes, api, *workers], restart=policy, stopping=stopping)
    addresses = Addresses(*(loopback_url(ports[name]) for name in ("api", "telegram", "yookassa", "mail")))
    superuser_url = postgres.superuser_url(database_name(stores.database_url))
    return Stage(folder, addresses, superuser_url, postgres, stores.valkey, api, workers, supervisor)


def _end(stage: Stage) -> None:
    stage.supervisor.stop()
    stage.postgres.destroy()
    if stage.valkey is not None:
        stage.valkey.destroy()
