"""The office of the platform beside the market: Stripe's stand-in, the door for its events, and plans with prices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import asyncpg
import pytest
from aiohttp import web

from control_plane.ingress.app import IngressApp
from lumenpay.audit.service import SYSTEM
from lumenpay.billing import service
from lumenpay.billing.repository import find_subscription
from lumenpay.billing.stripe_gateway import CheckoutOrder, StripeGateway
from lumenpay.db.session import Database
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.crypto import Secret
from lumenpay.models.admins import Admin
from lumenpay.models.billing import PlatformSubscription
from lumenpay.models.ids import TenantId
from lumenpay.models.tenants import Role, Tenant, TenantMember
from operations.embedded import DatabaseUrls
from sandbox.stripe.app import create_app, open_first_account
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.http import GATEWAY
from tenants_worker.tasks import billing
from tests.support.market import Market
from tests.support.web import serving

KEY, SECRET = "sk_test_office", "whsec_office"
VISA, FAILS_LATER = "4242424242424242", "4000000000000341"
PRICES = {"pro": 1000, "max": 3000}
PUT_PLAN = """
    INSERT INTO platform_plans (code, name, stripe_price_id, price_minor, currency, max_bots, max_channels,
                                max_subscribers, max_broadcasts, max_members, position, created_at)
    VALUES ($1, $1, $2, $3, 'USD', $4, $4, $4, $4, $4, 0, now())
"""


@dataclass
class Office:
    """Whoever runs the platform, and what its tenants do at Stripe."""

    market: Market
    stripe: Gateway
    url: str
    http: aiohttp.ClientSession
    ingress: IngressApp
    superuser: asyncpg.Connection[Any]
    statuses: list[int] = field(default_factory=list)
    """What the door answered to Stripe's deliveries."""

    @property
    def account(self) -> Any:
        return next(iter(self.stripe.store.accounts.values()))

    @property
    def gateway(self) -> StripeGateway:
        assert self.market.worker.stripe is not None
        return self.market.worker.stripe

    async def api(self, path: str, **fields: str) -> Any:
        headers = {"Authorization": f"Bearer {KEY}"}
        async with self.http.post(f"{self.url}/v1{path}", data=fields, headers=headers) as answer:
            body = await answer.json()
            assert answer.status == 200, body
            return body

    async def control(self, method: str, path: str, **body: Any) -> Any:
        async with self.http.request(method, f"{self.url}/sandbox{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.status != 204 else None

    async def sell_plans(self, *, free: int = 1, paid: int = 5) -> None:
        """Put a free plan and two paid ones on the list; `free` and `paid` are all their limits."""
        await self.superuser.execute(PUT_PLAN, "free", None, 0, free)
        product = (await self.api("/products", name="LumenPay"))["id"]
        for code, amount in PRICES.items():
            fields = {"currency": "usd", "unit_amount": str(amount), "recurring[interval]": "month"}
            price = await self.api("/prices", product=product, **fields)
            await self.superuser.execute(PUT_PLAN, code, price["id"], amount, paid)

    async def own(self, tenant_id: TenantId, email: str = "olga@example.com") -> Admin:
        """Give the tenant an owner who reads letters."""
        market = self.market
        async with market.tenant(tenant_id) as session:
            owner = Admin(email=email, name="Olga", locale="en", created_at=market.now())
            session.add(owner)
            await session.flush()
            session.add(TenantMember(tenant_id=tenant_id, admin_id=owner.id, role=Role.OWNER, created_at=market.now()))
        return owner

    async def page(self, tenant_id: TenantId, plan_code: str = "pro", *, trial_days: int = 0) -> str:
        """Open Stripe's page for a plan, as the portal does, and return its address."""
        async with self.market.tenant(tenant_id) as session:
            row, plan = await service.begin_checkout(session, plan_code=plan_code, now=self.market.now())
            customer_id, price_id = row.stripe_customer_id, plan.stripe_price_id or ""
        customer_id = customer_id or await self.gateway.create_customer(tenant_id)
        async with self.market.tenant(tenant_id) as session:
            customer_id = await service.store_customer(session, customer_id, actor=SYSTEM, now=self.market.now())
        order = CheckoutOrder(
            tenant_id=tenant_id, customer_id=customer_id, price_id=price_id, plan_code=plan_code,
            trial_days=trial_days, locale="en", success_url="https://lumen.test/", cancel_url="https://lumen.test/",
        )  # fmt: skip
        return await self.gateway.open_checkout(order, idempotency_key=f"{tenant_id}-{plan_code}")

    async def subscribe(self, tenant_id: TenantId, plan_code: str = "pro", *, card: str = VISA, **how: Any) -> None:
        """Subscribe on Stripe's page, and let the events come in."""
        session_id = (await self.page(tenant_id, plan_code, **how)).rpartition("/")[2]
        await self.control("POST", f"/checkout/{session_id}/complete", number=card, email="olga@example.com")
        await self.settle()

    async def change_card(self, number: str) -> None:
        """Let further charges of the saved card end as those of another one."""
        method = next(iter(self.account.newest_first("payment_method")))["id"]
        await self.control("PUT", f"/accounts/{self.account.account_id}/payment-methods/{method}/card", number=number)

    async def pay_invoice(self) -> None:
        """Pay the open invoice on its page with a good card."""
        [invoice] = [one for one in self.account.newest_first("invoice") if one["status"] == "open"]
        async with self.http.post(invoice["hosted_invoice_url"], data={"number": VISA}, allow_redirects=False) as paid:
            assert paid.status == 303, await paid.text()
        await self.settle()

    async def skip(self, **delta: float) -> None:
        """Move every clock, and do what came due: Stripe's events, the look of the hour, jobs."""
        before = self.market.clock.ahead
        await self.market.skip(**delta)
        seconds = (self.market.clock.ahead - before).total_seconds()
        await self.control("POST", "/clock", advance_seconds=seconds)
        await self.settle()
        await self.look()

    async def look(self) -> None:
        await billing.look_due(self.market.worker, self.market.now())
        await self.market.work()

    async def settle(self) -> None:
        """Wait until every event was handed over, then do the work it made."""
        async with asyncio.timeout(20):
            for delivery in [one for one in self.stripe.deliverer.log if one.status != "suppressed"]:
                await delivery.first_attempt.wait()
        await self.market.work()

    async def row(self, tenant_id: TenantId) -> PlatformSubscription:
        async with self.market.tenant(tenant_id) as session:
            row = await find_subscription(session)
            assert row is not None
            return row

    async def tenant(self, tenant_id: TenantId) -> Tenant:
        async with self.market.tenant(tenant_id) as session:
            return await session.get_one(Tenant, tenant_id)

    async def set_retries(self, after: str, *days: int) -> None:
        """Say what Stripe does about unpaid invoices: try again after so many days each, and then `after`."""
        place = f"/accounts/{self.account.account_id}/billing"
        await self.control("PUT", place, after_retries=after, retry_days=list(days))


class Mailbag:
    """Keeps letters instead of sending them."""

    def __init__(self) -> None:
        self.subjects: list[str] = []

    async def send(self, text: Any, *, to: str) -> None:
        assert to
        self.subjects.append(text.subject)


async def deliver(ingress: IngressApp, body: bytes, signature: bytes | None, *, path: str = "/webhooks/stripe") -> int:
    """Hand a body to the door for events, and return its status."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"stripe-signature", signature)] if signature is not None else []
    await ingress({"type": "http", "method": "POST", "path": path, "headers": headers}, receive, send)
    return int(sent[0]["status"])


@pytest.fixture
async def office(market: Market, postgres_urls: DatabaseUrls, superuser_url: str) -> AsyncIterator[Office]:
    """The office; the market's workers bill their tenants, and its letters are kept."""
    async with AsyncExitStack() as stack:
        database = Database(postgres_urls.app, pool_size=10, is_billed=True)
        stack.push_async_callback(database.close)
        ingress = IngressApp(
            database=database, doorbell=Doorbell(""), ring=market.ring, clock=market.clock,
            stripe_secret=Secret(SECRET),
        )  # fmt: skip
        await ingress.startup()
        stack.push_async_callback(ingress.shutdown)
        statuses: list[int] = []

        async def hear(request: web.Request) -> web.Response:
            signature = request.headers["Stripe-Signature"].encode()
            statuses.append(await deliver(ingress, await request.read(), signature))
            return web.Response(status=statuses[-1])

        door, app = web.Application(), create_app(retry_pauses_seconds=(0.05,))
        door.router.add_post("/webhooks/stripe", hear)
        door_url = await stack.enter_async_context(serving(door))
        url = await stack.enter_async_context(serving(app))
        open_first_account(app, secret_key=KEY, webhook_url=f"{door_url}/webhooks/stripe", webhook_secret=SECRET)
        gateway = StripeGateway(Secret(KEY), api_url=url)
        stack.push_async_callback(gateway.close)
        mailbag: Any = Mailbag()
        market.worker = replace(market.worker, database=database, stripe=gateway, mailer=mailbag)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        superuser = await asyncpg.connect(superuser_url, timeout=10)
        stack.push_async_callback(superuser.close)
        yield Office(market, app[GATEWAY], url, http, ingress, superuser, statuses)
