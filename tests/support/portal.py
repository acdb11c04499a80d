"""The control-plane API in this process, over the test database and the sandbox servers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from control_plane.app import ControlPlane
from control_plane.dependencies import PLAIN_COOKIE
from control_plane.events.hub import ChangeHub
from control_plane.services import Services
from lumenpay.config import Settings
from lumenpay.db.session import Database
from lumenpay.db.staff import StaffDatabase
from lumenpay.jobs.doorbell import Doorbell
from lumenpay.kit.crypto import KeyRing
from lumenpay.payments.providers.yookassa.client import YooKassaClient
from lumenpay.telegram.client import TelegramClient
from lumenpay.test_drives.sandbox import open_sandbox
from operations.embedded import DatabaseUrls
from sandbox.telegram.app import WORLD
from sandbox.telegram.app import create_app as create_telegram
from sandbox.telegram.state.channels import Channel
from sandbox.telegram.state.members import DEFAULT_BOT_RIGHTS, Member
from sandbox.telegram.state.world import FIRST_CHANNEL_ID
from sandbox.yookassa.app import create_app as create_yookassa
from sandbox.yookassa.http import GATEWAY
from tests.support.asgi import AsgiClient
from tests.support.clock import MovableClock
from tests.support.web import serving

ORIGIN = "http://127.0.0.1:8000"
_numbers = count(1)


@dataclass(frozen=True)
class Portal:
    """The API, and the worlds that it talks to."""

    app: ControlPlane
    clock: MovableClock
    world: Any
    gateway: Any

    def browser(self, token: str | None = None, **headers: str) -> AsgiClient:
        """Return a browser on our own pages, logged in with a session token or not at all."""
        cookie = {"cookie": f"{PLAIN_COOKIE}={token}"} if token else {}
        return AsgiClient(self.app, {"origin": ORIGIN, "sec-fetch-site": "same-origin", **cookie, **headers})

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
async def portal(postgres_urls: DatabaseUrls, engine_of_tests: Database, secret_key: str) -> AsyncIterator[Portal]:
    """One API for the whole run: building it takes a second, and it keeps nothing between requests."""
    telegram, yookassa, clock = create_telegram(), create_yookassa(), MovableClock()
    async with AsyncExitStack() as stack:
        telegram_url, yookassa_url = [await stack.enter_async_context(serving(app)) for app in (telegram, yookassa)]
        settings = Settings(
            _env_file=None, environment="test", database_url=postgres_urls.app, secret_keys=[secret_key],
            public_url=ORIGIN, telegram_api_url=telegram_url, yookassa_api_url=f"{yookassa_url}/v3",
            sandbox_telegram_url=telegram_url, sandbox_yookassa_url=yookassa_url,
        )  # fmt: skip
        services = Services(
            settings=settings, database=engine_of_tests, doorbell=Doorbell(""), ring=KeyRing([secret_key]),
            telegram=TelegramClient(api_url=telegram_url, sandbox_url=telegram_url),
            yookassa=YooKassaClient(api_url=settings.yookassa_api_url, sandbox_url=yookassa_url),
            clock=clock, changes=ChangeHub(postgres_urls.app), sandbox=open_sandbox(settings),
            staff=StaffDatabase(postgres_urls.staff),
        )  # fmt: skip
        stack.push_async_callback(services.changes.close)
        stack.push_async_callback(services.staff.close)
        stack.push_async_callback(services.telegram.close)
        stack.push_async_callback(services.yookassa.close)
        assert services.sandbox is not None
        stack.push_async_callback(services.sandbox.close)
        yield Portal(ControlPlane(services), clock, telegram[WORLD], yookassa[GATEWAY])
