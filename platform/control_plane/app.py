"""The HTTP door as one ASGI application: webhooks go to the ingress, pages to the web app, the rest to FastAPI."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from prometheus_client import start_http_server
from starlette.routing import Router

from control_plane import errors, health
from control_plane.access import endpoints as access
from control_plane.analytics import endpoints as analytics
from control_plane.api_keys import endpoints as api_keys
from control_plane.audit import endpoints as audit_events
from control_plane.audit import impersonation_endpoints as impersonations
from control_plane.auth import endpoints as auth
from control_plane.auth import identity_endpoints as identities
from control_plane.auth import security_endpoints as security
from control_plane.billing import endpoints as billing
from control_plane.bots import endpoints as bots
from control_plane.bots import shop_endpoints as shops
from control_plane.broadcasts import endpoints as broadcasts
from control_plane.campaigns import endpoints as campaigns
from control_plane.channels import endpoints as channels
from control_plane.dependencies import PLAIN_COOKIE, SECURE_COOKIE
from control_plane.edge import Edge, Receive, Scope, Send
from control_plane.erasures import endpoints as erasures
from control_plane.erasures import rule_endpoints as forgetting_rules
from control_plane.events import endpoints as events
from control_plane.events.stopping import ending_streams
from control_plane.exports import endpoints as exports
from control_plane.fiscal_receipts import endpoints as fiscal_receipts
from control_plane.gifts import endpoints as gifts
from control_plane.imports import endpoints as imports
from control_plane.ingress.app import IngressApp
from control_plane.jobs import endpoints as jobs
from control_plane.membership_sweeps import endpoints as membership_sweeps
from control_plane.messages import endpoints as messages
from control_plane.onboarding import endpoints as onboarding
from control_plane.openapi import DescribedApi
from control_plane.payments import endpoints as payments
from control_plane.payments import notice_endpoints as notices
from control_plane.permissions import name_operation
from control_plane.plans import endpoints as plans
from control_plane.plans import leaving
from control_plane.promo_codes import endpoints as promo_codes
from control_plane.reconciliations import endpoints as reconciliations
from control_plane.referrals import endpoints as referrals
from control_plane.refunds import endpoints as refunds
from control_plane.runtime import fresh_queue_figures
from control_plane.search import endpoints as search
from control_plane.services import Services, close_services, open_services
from control_plane.staff import billing as staff_billing
from control_plane.staff import billing_refunds as staff_invoices
from control_plane.staff import features as staff_features
from control_plane.staff import impersonation as staff_impersonations
from control_plane.staff import platform as staff_platform
from control_plane.staff import set_aside as staff_quarantine
from control_plane.staff import tenants as staff_tenants
from control_plane.subscriptions import changes, extensions
from control_plane.subscriptions import endpoints as subscriptions
from control_plane.tenants import endpoints as tenants
from control_plane.tenants import invitation_endpoints as invitations
from control_plane.tenants import role_endpoints as roles
from control_plane.tenants import team_endpoints as team
from control_plane.test_drives import endpoints as test_drives
from control_plane.updates import endpoints as updates
from control_plane.users import endpoints as users
from control_plane.web_app import DIST, WebApp
from control_plane.webhooks import endpoints as webhooks
from control_plane.win_backs import endpoints as win_backs
from lumenpay.bots.resealing import check_sealing_keys
from lumenpay.config import Settings, get_settings
from lumenpay.db.guard import check_database_role, check_staff_role
from lumenpay.kit.crypto import Secret
from lumenpay.kit.logs import configure_logging
from lumenpay.kit.memory import settle_memory
from lumenpay.kit.sentry import configure_sentry

VERSION = "0.1.0"
_DESCRIPTION = """\
Programs of a tenant send one of its API keys, `Authorization: Bearer lpk_…`, which opens that tenant within its scopes;
`x-scope` names that of each operation, and those without one are for people only. Answers say in `RateLimit-*` how
often a key may be used yet. LumenPay's `docs/api.md` goes through all of this in steps, with a receiver of webhooks.

With the header `Idempotency-Key` (1 to 255 printable characters, a UUID for example) a request that changes something
inside a tenant is carried out once, and answered the same for a day, with `Idempotency-Replayed: true`.

Webhooks are signed by [Standard Webhooks](https://www.standardwebhooks.com/); a `webhook-id` that comes again is the
same event.
"""
_NOUNS = (
    auth, security, identities, tenants, team, invitations, roles, bots, shops, updates, channels, plans, leaving,
    promo_codes, users, subscriptions, changes, extensions, imports, notices, payments, access, jobs, messages, exports,
    search, analytics, events, onboarding, test_drives, audit_events, impersonations, staff_tenants, staff_quarantine,
    reconciliations, membership_sweeps, staff_platform, staff_billing, staff_invoices,
    staff_features, staff_impersonations, refunds, fiscal_receipts,
    win_backs, campaigns, referrals, gifts, broadcasts, billing, erasures, forgetting_rules, api_keys, webhooks,
)  # fmt: skip


def describe_api() -> dict[str, Any]:
    """Return the OpenAPI document without opening a connection."""
    return make_api().openapi()


@cache
def make_api(*, has_metrics: bool = False) -> FastAPI:
    """Return the operations as a FastAPI application; the connections come with each request (`get_services`).

    Building it reads the types of every operation, which takes as long as thousands of requests: once a process.
    """
    api = DescribedApi(
        title="LumenPay",
        version=VERSION,
        description=_DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        # A redirect would lead to whatever host the request names.
        redirect_slashes=False,
        generate_unique_id_function=name_operation,
    )
    errors.install(api)
    version_1 = APIRouter(prefix="/api/v1", responses=errors.documented())
    for noun in _NOUNS:
        version_1.include_router(noun.router)
    api.include_router(version_1)
    api.include_router(health.router, prefix="/api")
    if has_metrics:
        api.include_router(health.metrics_router)
    return api


class ControlPlane:
    """Sends each request to the ingress, the web app or the API; opens and closes the process's connections."""

    def __init__(self, services: Services, *, web_app: Path = DIST, api: FastAPI | None = None) -> None:
        """Take the connections, the folder of the built web app, and the operations if they are not ours."""
        self.services = services
        self._ingress = IngressApp(
            database=services.database, doorbell=services.doorbell, ring=services.ring, clock=services.clock,
            stripe_secret=_stripe_secret(services),
            is_stripe_live=services.stripe is not None and services.stripe.is_live,
        )  # fmt: skip
        self._life = Router(lifespan=self._lifespan)
        self._edge = Edge(
            WebApp.over(api or make_api(has_metrics=not services.settings.metrics_port), web_app),
            public_url=services.settings.public_url,
            cookie_names=(SECURE_COOKIE, PLAIN_COOKIE),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request, or the start and the end of the process."""
        if scope["type"] == "http" and self._ingress.handles(scope["path"]):
            await self._ingress(scope, receive, self._edge.guard(scope, send))
        elif scope["type"] == "lifespan":
            await self._life(scope, receive, send)
        else:
            scope.setdefault("state", {})["services"] = self.services
            await self._edge(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _api: Any) -> AsyncIterator[None]:  # noqa: ANN401 - the framework's signature
        await check_database_role(self.services.database)
        if self.services.staff is not None:
            await check_staff_role(self.services.staff)
        await check_sealing_keys(self.services.database, self.services.ring)
        await self._ingress.startup()
        async with fresh_queue_figures(self.services.database):
            settle_memory()
            with ending_streams(self.services.changes):
                yield
        await self._ingress.shutdown()
        await close_services(self.services)


def _stripe_secret(services: Services) -> Secret:
    # Without a key nobody can be asked whether an event is true: then there is no address for events either.
    return Secret(services.settings.stripe_webhook_secret.get_secret_value() if services.stripe is not None else "")


def create_app(settings: Settings | None = None) -> ControlPlane:
    """Return the application of this process; `uvicorn --factory` calls it."""
    chosen = settings or get_settings()
    configure_logging(level=chosen.log_level, is_json=True)
    configure_sentry(chosen.sentry_dsn.get_secret_value(), environment=chosen.environment.value, release=VERSION)
    if chosen.metrics_port:
        start_http_server(chosen.metrics_port)
    return ControlPlane(open_services(chosen))
