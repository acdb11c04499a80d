"""The server: API, hosted pages and control API in one aiohttp application."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from sandbox.clock import Clock
from sandbox.icon import add_icon_route
from sandbox.stripe.api import add_api_routes
from sandbox.stripe.control import add_control_routes
from sandbox.stripe.endpoints import create_endpoint
from sandbox.stripe.gateway import Gateway
from sandbox.stripe.http import GATEWAY, answer_errors, apply_faults, record_requests
from sandbox.stripe.pages.checkout_page import add_checkout_routes
from sandbox.stripe.pages.invoice_page import add_invoice_routes
from sandbox.stripe.pages.portal_page import add_portal_routes
from sandbox.stripe.webhook_control import add_webhook_control_routes
from sandbox.stripe.webhooks import RETRY_PAUSES_SECONDS

_TICK_SECONDS = 0.5


def create_app(
    *,
    clock: Clock | None = None,
    public_url: str = "",
    retry_pauses_seconds: Sequence[float] = RETRY_PAUSES_SECONDS,
) -> web.Application:
    """Build the server; its state is at `app[GATEWAY]`.

    Args:
        public_url: Where browsers reach the hosted pages; by default the host that the API was first called at.
        retry_pauses_seconds: Pauses between the attempts to deliver an event; the last one goes on for three days.
    """
    app = web.Application(middlewares=[record_requests, apply_faults, answer_errors])
    app[GATEWAY] = Gateway(clock, public_url=public_url, retry_pauses_seconds=retry_pauses_seconds)
    add_api_routes(app)
    add_checkout_routes(app)
    add_portal_routes(app)
    add_invoice_routes(app)
    add_control_routes(app)
    add_webhook_control_routes(app)
    add_icon_route(app)
    app.cleanup_ctx.append(_run_gateway)
    return app


def open_first_account(
    app: web.Application, *, secret_key: str, webhook_url: str = "", webhook_secret: str = "",
    requests_per_second: int = 100,
) -> None:  # fmt: skip
    """An account with a known key is there before the first request, with an endpoint that hears all events if wanted."""
    gateway = app[GATEWAY]
    account = gateway.store.open_account("Sandbox", secret_key=secret_key, requests_per_second=requests_per_second)
    if webhook_url:
        create_endpoint(gateway, account, {"url": webhook_url, "enabled_events": ["*"]}, secret=webhook_secret)


async def _run_gateway(app: web.Application) -> AsyncIterator[None]:
    gateway = app[GATEWAY]
    gateway.deliverer.open()
    ticking = asyncio.get_running_loop().create_task(_run_due_in_time(gateway))
    yield
    ticking.cancel()
    await gateway.deliverer.close()


async def _run_due_in_time(gateway: Gateway) -> None:
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        gateway.run_due()
