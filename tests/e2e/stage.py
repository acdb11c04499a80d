"""A whole installation on this machine for looking at the portal: sandboxes, API, one worker, a tenant that sells.

`python -m tests.e2e.stage` starts it, prints where it is and whom to log in as, and stays until Ctrl+C. What was
built in `webapp/dist` is served; `npm run dev` in `webapp`, with LUMENPAY_PUBLIC_URL set to the printed address, serves
the sources.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lumenpay.billing.price_list import PricedPlan
from lumenpay.models.billing import FREE_PLAN
from operations.addresses import loopback_url, migrate_stores, process_environment, start_stores
from operations.demo import WANTED_PORTS, make_demo_settings
from operations.demo_prices import sell_demo_plans
from operations.embedded.ports import choose_port
from operations.stack import WORKER_POOLS, WorkerPool, api_spec, beat_spec, sandbox_specs, supervise, worker_spec
from operations.story.doors import Addresses, Doors
from operations.story.play import STEPS, Story
from operations.supervisor import Service, Supervisor

ALL_QUEUES = WorkerPool("worker", tuple(queue for pool in WORKER_POOLS for queue in pool.queues), 2)
FREE = PricedPlan(code=FREE_PLAN, name="Start", currency="USD")
"""Nobody of the tests comes to a limit who does not look for one."""
STRIPE_DAYS_BEHIND = 26
"""So long ago somebody subscribes: a debt that is old enough to pause sales takes a trial and a week."""
SELLING = STEPS[:8]
"""Of the story so much as a portal has something to show: until the first subscriber is inside."""


@dataclass(frozen=True)
class Stage:
    """Where everything is, and the owner of a tenant that sells."""

    addresses: Addresses
    supervisor: Supervisor
    email: str
    password: str
    tenant_id: str
    oidc: str
    stripe: str
    environment: dict[str, str] = field(repr=False)
    """What `lumenpay …` has to know to work on the stage's database."""


@contextmanager
def running_stage(folder: Path) -> Iterator[Stage]:
    """Start everything, let one tenant sell something, and stop everything in the end."""
    ports = {name: choose_port(folder / "ports" / name) for name in WANTED_PORTS}
    urls = {name: loopback_url(port) for name, port in ports.items()}
    settings = make_demo_settings(urls, smtp_port=ports["smtp"])
    stores = start_stores(settings, folder)
    servers: list[Service] = [server for server in (stores.postgres, stores.valkey) if server is not None]
    try:
        migrate_stores(stores)
        env = process_environment(settings, stores, folder)
        specs = [
            *sandbox_specs(env, ports, stripe_days_behind=STRIPE_DAYS_BEHIND),
            api_spec(env, port=ports["api"]), worker_spec(env, ALL_QUEUES), beat_spec(env, folder),
        ]  # fmt: skip
    except BaseException:
        for server in reversed(servers):
            server.stop()
        raise
    supervisor = supervise(servers, specs, folder=folder)
    with supervisor.running():
        addresses = Addresses(urls["api"], urls["telegram"], urls["yookassa"], urls["mail"])
        asyncio.run(sell_demo_plans(stripe_url=urls["stripe"], database_owner_url=stores.database_owner_url, free=FREE))
        story = asyncio.run(sell(addresses))
        reach = {
            "LUMENPAY_DATABASE_URL": stores.database_url, "LUMENPAY_DATABASE_OWNER_URL": stores.database_owner_url,
        }  # fmt: skip
        yield Stage(
            addresses, supervisor, story.email, story.password, story.tenant, urls["oidc"], urls["stripe"], reach
        )


async def sell(addresses: Addresses) -> Story:
    """Play the story until the first subscriber is inside."""
    async with Doors(addresses) as doors:
        story = Story(doors)
        for _title, step in SELLING:
            await step(story)
    return story


def main() -> None:
    """Stay up for looking."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, default=Path(".lumenpay/stage"))
    parser.add_argument("--json", action="store_true", help="Say it in one line that a program reads.")
    chosen = parser.parse_args()
    with running_stage(chosen.folder.resolve()) as stage:
        facts = {
            "portal": stage.addresses.product, "tenantId": stage.tenant_id, "email": stage.email,
            "password": stage.password, "telegram": stage.addresses.telegram, "yookassa": stage.addresses.yookassa,
            "mail": stage.addresses.mail, "oidc": stage.oidc, "stripe": stage.stripe, "environment": stage.environment,
        }  # fmt: skip
        lines = (
            f"portal    {stage.addresses.product}/t/{stage.tenant_id}", f"log in    {stage.email} {stage.password}",
            f"telegram  {stage.addresses.telegram}/",
        )  # fmt: skip
        print(*([json.dumps(facts)] if chosen.json else lines), sep="\n", flush=True)
        stage.supervisor.run()


if __name__ == "__main__":
    main()
