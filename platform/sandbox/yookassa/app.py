"""The server: API, payment page, shops' page and control API in one aiohttp application."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from sandbox.clock import Clock
from sandbox.icon import add_icon_route
from sandbox.yookassa.api import add_api_routes
from sandbox.yookassa.control import add_control_routes
from sandbox.yookassa.gateway import Gateway
from sandbox.yookassa.http import GATEWAY, answer_errors, apply_faults, record_requests
from sandbox.yookassa.notifications import RETRY_PAUSES_SECONDS
from sandbox.yookassa.pay_page import add_pay_page_routes
from sandbox.yookassa.payments import expire_payments
from sandbox.yookassa.receipt_control import add_receipt_routes
from sandbox.yookassa.refund_control import add_refund_routes
from sandbox.yookassa.shops_page import add_shops_page_routes

_TICK_SECONDS = 0.5


def create_app(
    *,
    clock: Clock | None = None,
    public_url: str | None = None,
    retry_pauses_seconds: Sequence[float] = RETRY_PAUSES_SECONDS,
) -> web.Application:
    """Build the server; its state is at `app[GATEWAY]`.

    Args:
        public_url: Where payers reach the payment page; by default the host that the API was called at.
        retry_pauses_seconds: Pauses between the attempts to deliver a notification; the last one goes on for ever.
    """
    app = web.Application(middlewares=[record_requests, apply_faults, answer_errors])
    app[GATEWAY] = Gateway(clock, public_url=public_url, retry_pauses_seconds=retry_pauses_seconds)
    add_api_routes(app)
    add_pay_page_routes(app)
    add_shops_page_routes(app)
    add_control_routes(app)
    add_refund_routes(app)
    add_receipt_routes(app)
    add_icon_route(app)
    app.cleanup_ctx.append(_run_gateway)
    return app


async def _run_gateway(app: web.Application) -> AsyncIterator[None]:
    gateway = app[GATEWAY]
    gateway.notifier.open()
    ticking = asyncio.get_running_loop().create_task(_expire_in_time(gateway))
    yield
    ticking.cancel()
    await gateway.notifier.close()


async def _expire_in_time(gateway: Gateway) -> None:
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        expire_payments(gateway)
