"""The processes of one machine: API, workers, beat, and on request the sandboxes, under one supervisor."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from operations.addresses import loopback_url
from operations.child_process import ChildProcess, ChildSpec
from operations.embedded.ports import LOOPBACK
from operations.readiness import answers_http
from operations.supervisor import RestartPolicy, Service, Supervisor


@dataclass(frozen=True)
class WorkerPool:
    """One Celery worker node: its queues and how many processes it has."""

    name: str
    queues: tuple[str, ...]
    processes: int


WORKER_POOLS = (
    WorkerPool("worker-money", ("money", "access"), 2),
    WorkerPool("worker-updates", ("updates",), 1),
    WorkerPool("worker-bulk", ("broadcasts", "housekeeping", "webhooks"), 1),
)


_NO_CONSOLE = {"LUMENPAY_DATABASE_STAFF_URL": ""}
"""Only the API reads across tenants: whoever handles what strangers send has no such password."""


def api_spec(env: Mapping[str, str], *, port: int) -> ChildSpec:
    """Return the HTTP door."""
    argv = [
        sys.executable, "-m", "uvicorn", "control_plane.app:create_app", "--factory", "--host", "127.0.0.1",
        "--port", str(port), "--no-access-log", "--no-server-header", "--timeout-keep-alive", "60",
        "--timeout-graceful-shutdown", "10", "--log-level", "warning",
    ]  # fmt: skip
    return ChildSpec("api", argv, env, is_ready=answers_http(f"{loopback_url(port)}/api/health"))


def worker_spec(env: Mapping[str, str], pool: WorkerPool) -> ChildSpec:
    """Return one Celery worker node."""
    argv = [
        sys.executable, "-m", "celery", "-A", "tenants_worker.app", "worker", "--queues", ",".join(pool.queues),
        "--concurrency", str(pool.processes), "--hostname", f"{pool.name}-{os.getpid()}@%h", "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip
    return ChildSpec(pool.name, argv, {**env, **_NO_CONSOLE, **_own_metrics_port(env, pool)})


def _own_metrics_port(env: Mapping[str, str], pool: WorkerPool) -> dict[str, str]:
    """Return the port of a node's figures: those of the nodes follow the API's, which has the one that is set."""
    port = int(env.get("LUMENPAY_METRICS_PORT") or 0)
    return (
        {"LUMENPAY_METRICS_PORT": str(port + 1 + [known.name for known in WORKER_POOLS].index(pool.name))}
        if port
        else {}
    )


def beat_spec(env: Mapping[str, str], folder: Path) -> ChildSpec:
    """Return the clock that rings for periodic work; two of them, or none, do no harm."""
    argv = [
        sys.executable, "-m", "celery", "-A", "tenants_worker.app", "beat", "--loglevel", "WARNING",
        "--schedule", str(folder / "run" / "beat-schedule"), "--pidfile", "",
    ]  # fmt: skip
    return ChildSpec("beat", argv, {**env, **_NO_CONSOLE})


SANDBOX_CLIENT = ("lumenpay", "sandbox")
"""What the stand-ins for logging in know us by."""
SANDBOX_STRIPE_KEYS = ("sk_test_sandbox", "whsec_sandbox")
"""The secret key of our account at the stand-in for Stripe, and what its events are signed with."""


def sandbox_specs(
    env: Mapping[str, str], ports: Mapping[str, int], *, stripe_days_behind: float = 0
) -> list[ChildSpec]:
    """Return the stand-in servers; they get no secret of ours in their environment.

    Args:
        ports: Of `telegram`, `yookassa`, `stripe`, `mail`, `smtp` and `oidc`, and of the `api` that people and events
            come back to.
        stripe_days_behind: How long the time of Stripe's stand-in is behind the machine's, as it begins.
    """
    mail = [
        sys.executable, "-m", "sandbox", "mail", "--port", str(ports["mail"]), "--smtp-port", str(ports["smtp"]),
    ]  # fmt: skip
    oidc = [
        sys.executable, "-m", "sandbox", "oidc", "--port", str(ports["oidc"]), "--site", loopback_url(ports["api"]),
        "--client", ":".join(SANDBOX_CLIENT),
    ]  # fmt: skip
    secret_key, webhook_secret = SANDBOX_STRIPE_KEYS
    stripe = [
        sys.executable, "-m", "sandbox", "stripe", "--port", str(ports["stripe"]), "--secret-key", secret_key,
        "--webhook-url", f"{loopback_url(ports['api'])}/webhooks/stripe", "--webhook-secret", webhook_secret,
        "--days-behind", str(stripe_days_behind),
    ]  # fmt: skip
    return [
        *shop_sandbox_specs(env, telegram_port=ports["telegram"], yookassa_port=ports["yookassa"]),
        ChildSpec("sandbox-stripe", stripe, _without_ours(env), is_ready=_answers(ports["stripe"])),
        ChildSpec("sandbox-mail", mail, _without_ours(env), is_ready=_answers(ports["mail"])),
        ChildSpec("sandbox-oidc", oidc, _without_ours(env), is_ready=_answers(ports["oidc"])),
    ]


def shop_sandbox_specs(env: Mapping[str, str], *, telegram_port: int, yookassa_port: int) -> list[ChildSpec]:
    """Return the stand-ins for Telegram and YooKassa, which test drives use too."""
    telegram = [
        sys.executable, "-m", "sandbox", "telegram", "--port", str(telegram_port),
        "--yookassa-url", loopback_url(yookassa_port),
    ]  # fmt: skip
    yookassa = [sys.executable, "-m", "sandbox", "yookassa", "--port", str(yookassa_port)]
    return [
        ChildSpec("sandbox-telegram", telegram, _without_ours(env), is_ready=_answers(telegram_port)),
        ChildSpec("sandbox-yookassa", yookassa, _without_ours(env), is_ready=_answers(yookassa_port)),
    ]


def _without_ours(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if not name.startswith("LUMENPAY_")}


def sandbox_settings(urls: Mapping[str, str], *, smtp_port: int) -> dict[str, Any]:
    """Return the settings that lead the product to the stand-ins."""
    name, secret = SANDBOX_CLIENT
    stripe_key, stripe_webhook_secret = SANDBOX_STRIPE_KEYS
    return {
        "telegram_api_url": urls["telegram"], "yookassa_api_url": f"{urls['yookassa']}/v3",
        "sandbox_telegram_url": urls["telegram"], "sandbox_yookassa_url": urls["yookassa"],
        "stripe_api_url": urls["stripe"], "stripe_secret_key": SecretStr(stripe_key),
        "stripe_webhook_secret": SecretStr(stripe_webhook_secret),
        "smtp_url": SecretStr(f"smtp://{LOOPBACK}:{smtp_port}"),
        "telegram_oidc_url": f"{urls['oidc']}/telegram", "telegram_oidc_client_id": name,
        "telegram_oidc_client_secret": SecretStr(secret),
        "google_oidc_url": f"{urls['oidc']}/google", "google_oidc_client_id": name,
        "google_oidc_client_secret": SecretStr(secret),
    }  # fmt: skip


def product_specs(env: Mapping[str, str], *, port: int, folder: Path) -> list[ChildSpec]:
    """Return every process of the product."""
    return [api_spec(env, port=port), *(worker_spec(env, pool) for pool in WORKER_POOLS), beat_spec(env, folder)]


def supervise(
    stores: list[Service], specs: list[ChildSpec], *, folder: Path, on_restart: Callable[[str], None] | None = None
) -> Supervisor:
    """Return a supervisor of embedded stores and child processes, in that order."""
    stopping = threading.Event()
    children: list[Service] = [ChildProcess(spec, folder=folder, cancelled=stopping) for spec in specs]
    policy = RestartPolicy(longest_delay_seconds=5.0)
    return Supervisor([*stores, *children], restart=policy, stopping=stopping, on_restart=on_restart)


def _answers(port: int) -> Callable[[], bool]:
    return answers_http(f"{loopback_url(port)}/sandbox/health")
