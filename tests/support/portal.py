"""The control-plane API in this process, over the test database and the sandbox servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from control_plane.app import ControlPlane
from control_plane.dependencies import PLAIN_COOKIE
from control_plane.events.hub import ChangeHub
from control_plane.services import Services
from lumenpay.admins.limits import AttemptLimiter
from lumenpay.admins.oidc import IdentityProviders
from lumenpay.billing.stripe_gateway import StripeGateway
from lumenpay.config import Settings
from lumenpay.db.session import Database
from lumenpay.db.staff import StaffDatabase
from lumenpay.jobs.catalogue import Queue, SendInvitation
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.crypto import KeyRing, Secret
from lumenpay.letters.mailer import Mailer
from lumenpay.payments.providers.yookassa.client import YooKassaClient
from lumenpay.telegram.client import TelegramClient
from lumenpay.test_drives.sandbox import open_sandbox
from operations.embedded import DatabaseUrls
from sandbox.mail.app import MAILBOX, SMTP_PORT
from sandbox.mail.app import create_app as create_mail
from sandbox.mail.mailbox import Mailbox
from sandbox.oidc.app import PROVIDERS
from sandbox.oidc.app import create_app as create_oidc
from sandbox.oidc.provider import Client
from sandbox.stripe.app import create_app as create_stripe
from sandbox.stripe.app import open_first_account
from sandbox.telegram.app import WORLD
from sandbox.telegram.app import create_app as create_telegram
from sandbox.telegram.state.channels import Channel
from sandbox.telegram.state.members import DEFAULT_BOT_RIGHTS, Member
from sandbox.telegram.state.world import FIRST_CHANNEL_ID
from sandbox.yookassa.app import create_app as create_yookassa
from sandbox.yookassa.http import GATEWAY
from tenants_worker.context import WorkerContext
from tenants_worker.job_runner import JobRunner
from tenants_worker.leases import LeaseKeeper
from tenants_worker.tasks.letters import send_due, send_invitation
from tests.support.asgi import Answer, AsgiClient
from tests.support.clock import MovableClock
from tests.support.web import serving

ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery"
STRIPE_KEY = "sk_test_portal"
NO_COOKIES: Mapping[str, str] = {}
_numbers, _addresses = count(1), count(1)


@dataclass(frozen=True)
class Portal:
    """The API, and the worlds that it talks to."""

    app: ControlPlane
    clock: MovableClock
    world: Any
    gateway: Any
    worker: WorkerContext
    mailbox: Mailbox
    providers: Any
    providers_url: str
    owner_url: str
    """The database with the role that may write the platform's prices."""
    stripe_url: str

    def browser(
        self, token: str | None = None, *, cookies: Mapping[str, str] = NO_COOKIES, address: str = "", **headers: str
    ) -> AsgiClient:
        """Return a browser on our own pages, logged in with a session token or not at all, at an address of its own."""
        kept = {PLAIN_COOKIE: token, **cookies} if token else dict(cookies)
        cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in kept.items())} if kept else {}
        number = next(_addresses)
        own = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        return AsgiClient(
            self.app, {"origin": ORIGIN, "sec-fetch-site": "same-origin", **cookie, **headers}, address or own
        )

    async def letters(self, to: str) -> list[dict[str, Any]]:
        """Return what a mailbox has, the newest first, once everything that waits is sent."""
        await send_due(self.worker, self.clock.now())
        runner = JobRunner(self.worker, {SendInvitation: send_invitation})
        while await runner.run_due(Queue.HOUSEKEEPING):
            pass
        return [letter.as_json() for letter in reversed(self.mailbox.find(to))]

    async def mailed_token(self, to: str) -> str:
        """Return the token of the newest letter's link."""
        links = [link for letter in await self.letters(to) for link in letter["links"] if "#token=" in link]
        return str(links[0]).partition("#token=")[2]

    async def sign_up(self, email: str = "", *, password: str = PASSWORD, name: str = "Dora", **values: Any) -> Answer:
        """Sign somebody up and follow the letter's link; the answer carries the session."""
        email, browser = email or f"person-{next(_numbers)}@example.com", self.browser()
        account = {"email": email, "password": password, "name": name, **values}
        asked = await browser.request("POST", "/api/v1/auth/sign-up", json=account)
        assert asked.status == 202, asked.body
        proof = {"token": await self.mailed_token(email.strip().lower()), "password": password}
        return await browser.request("POST", "/api/v1/auth/verify-email", json=proof)

    def api_client(self, bearer: str) -> AsgiClient:
        """Return a program that carries a bearer token."""
        return AsgiClient(self.app, {"authorization": f"Bearer {bearer}"})

    def new_bot(self) -> Any:
        """Return a bot that Telegram knows, with its token."""
        number = next(_numbers)
        return self.world.add_bot(name=f"Shop {number}", username=f"portal_{number}_bot", owner_user_id=None)

    def new_channel(self, bot_token: str) -> int:
        """Return a channel in which the bot is an administrator, by Telegram's id."""
        owner = self.world.add_user(first_name="Owner")
        chat_id = self.world.new_id(FIRST_CHANNEL_ID, -1, self.world.channels)
        members = {
            owner.id: Member(owner.id, "creator"),
            (bot_id := int(bot_token.partition(":")[0])): Member(bot_id, "administrator", rights=DEFAULT_BOT_RIGHTS),
        }
        self.world.channels[chat_id] = Channel(
            id=chat_id, title="Club", kind="channel", owner_id=owner.id, username=None, members=members,
            known=set(members),
        )  # fmt: skip
        return int(chat_id)

    def new_shop(self, *, test: bool = True, answers_me: bool = False) -> Any:
        """Return a shop that YooKassa knows, with its secret key."""
        return self.gateway.store.add_shop(
            "Shop", test=test, recurring_enabled=False, fiscalization=False, answers_me=answers_me
        )


@pytest.fixture(scope="session")
async def portal(
    postgres_urls: DatabaseUrls, engine_of_tests: Database, secret_key: str, valkey_url: str
) -> AsyncIterator[Portal]:
    """One API for the whole run: building it takes a second, and it keeps nothing between requests."""
    telegram, yookassa, mail, stripe = create_telegram(), create_yookassa(), create_mail(), create_stripe()
    # A quick machine does the work of many owners in a second.
    open_first_account(stripe, secret_key=STRIPE_KEY, requests_per_second=10_000)
    sites = {name: [Client("lumenpay", "sandbox", (f"{ORIGIN}/oidc/{name}",))] for name in ("telegram", "google")}
    providers, clock = create_oidc(sites), MovableClock()
    async with AsyncExitStack() as stack:
        apps = (telegram, yookassa, mail, providers, stripe)
        urls = [await stack.enter_async_context(serving(app)) for app in apps]
        telegram_url, yookassa_url, _, oidc_url, stripe_url = urls
        settings = Settings(
            _env_file=None, environment="test", database_url=postgres_urls.app, secret_keys=[secret_key],
            public_url=ORIGIN, telegram_api_url=telegram_url, yookassa_api_url=f"{yookassa_url}/v3",
            sandbox_telegram_url=telegram_url, sandbox_yookassa_url=yookassa_url,
            redis_url=valkey_url, telegram_oidc_url=f"{oidc_url}/telegram", telegram_oidc_client_id="lumenpay",
            telegram_oidc_client_secret="sandbox", google_oidc_url=f"{oidc_url}/google",
            google_oidc_client_id="lumenpay", google_oidc_client_secret="sandbox",
            smtp_url=f"smtp://127.0.0.1:{mail[SMTP_PORT][0]}",
        )  # fmt: skip
        shared = {
            "settings": settings, "database": engine_of_tests, "doorbell": Doorbell(""), "ring": KeyRing([secret_key]),
            "telegram": TelegramClient(api_url=telegram_url, sandbox_url=telegram_url), "clock": clock,
            "yookassa": YooKassaClient(api_url=settings.yookassa_api_url, sandbox_url=yookassa_url),
            "sandbox": open_sandbox(settings), "stripe": StripeGateway(Secret(STRIPE_KEY), api_url=stripe_url),
        }  # fmt: skip
        services = Services(
            **shared, attempts=AttemptLimiter(valkey_url), providers=IdentityProviders(settings),
            changes=ChangeHub(postgres_urls.app), staff=StaffDatabase(postgres_urls.staff),
        )  # fmt: skip
        for provider in providers[PROVIDERS].values():
            provider.now = lambda: clock.now().timestamp()
        mailer = Mailer(Secret(settings.smtp_url.get_secret_value()), sender="LumenPay <no-reply@lumenpay.test>")
        worker = WorkerContext(**shared, leases=LeaseKeeper(engine_of_tests), mailer=mailer)
        for opened in (
            services.telegram, services.yookassa, services.sandbox, services.attempts, services.changes, services.staff,
            services.stripe,
        ):  # fmt: skip
            stack.push_async_callback(opened.close)
        yield Portal(
            ControlPlane(services), clock, telegram[WORLD], yookassa[GATEWAY], worker, mail[MAILBOX],
            providers[PROVIDERS], oidc_url, postgres_urls.owner, stripe_url,
        )  # fmt: skip
