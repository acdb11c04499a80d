"""Those who act against the stand-in: the official client of a shop, its endpoint, and whoever runs the sandbox."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import stripe

from sandbox.stripe.gateway import Gateway

VISA, DECLINED, FAILS_LATER, ASKS = "4242424242424242", "4000000000000002", "4000000000000341", "4000002760003184"
DAY = 86_400


@dataclass
class Answer:
    status: int
    body: Any
    headers: Any


@dataclass
class Listener:
    url: str
    secret: str = ""
    answers: list[int] = field(default_factory=list)
    received: list[tuple[bytes, str]] = field(default_factory=list)

    def events(self) -> list[stripe.Event]:
        return [stripe.Webhook.construct_event(body, header, self.secret) for body, header in self.received]

    def types(self) -> list[str]:
        return [event.type for event in self.events()]

    async def wait_for(self, number: int) -> None:
        await until(lambda: len(self.received) >= number)

    async def wait_for_type(self, event_type: str) -> stripe.Event:
        await until(lambda: event_type in self.types())
        return next(event for event in self.events() if event.type == event_type)


@dataclass
class Sandbox:
    url: str
    http: aiohttp.ClientSession
    gateway: Gateway
    account: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.account["secret_key"]

    @property
    def place(self) -> str:
        return f"/sandbox/accounts/{self.account['account_id']}"

    def client(self, key: str = "", **options: Any) -> stripe.StripeClient:
        return stripe.StripeClient(
            key or self.key, base_addresses={"api": self.url}, http_client=stripe.AIOHTTPClient(), **options
        )

    async def control(self, method: str, path: str, body: Any = None) -> Answer:
        return await self.send(method, path, json=body)

    async def api(
        self, method: str, path: str, fields: dict[str, str] | None = None, *, headers: dict[str, str] | None = None
    ) -> Answer:
        sent = {"data": fields} if method == "POST" else {"params": fields}
        return await self.send(
            method, f"/v1{path}", headers={"Authorization": f"Bearer {self.key}"} | (headers or {}), **sent
        )

    async def send(self, method: str, path: str, **options: Any) -> Answer:
        async with self.http.request(method, self.url + path, allow_redirects=False, **options) as response:
            text = await response.text()
            is_json = response.content_type == "application/json" and text
            return Answer(response.status, (await response.json()) if is_json else text, response.headers)

    async def skip(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> None:
        moved = days * DAY + hours * 3600 + seconds
        assert (await self.control("POST", "/sandbox/clock", {"advance_seconds": moved})).status == 200

    async def fault(self, match: dict[str, Any], effect: dict[str, Any], seed: int | None = None) -> None:
        answer = await self.control("POST", "/sandbox/faults", {"match": match, "effect": effect, "seed": seed})
        assert answer.status == 201, answer.body

    async def objects(self, kind: str, **query: str) -> list[dict[str, Any]]:
        answer = await self.send("GET", f"{self.place}/objects/{kind}", params=query)
        return answer.body["objects"]

    async def events(self) -> list[str]:
        return [event["type"] for event in reversed(await self.objects("event"))]

    async def complete(self, session_id: str, **form: str) -> Answer:
        return await self.control("POST", f"/sandbox/checkout/{session_id}/complete", form)


@dataclass
class Shop:
    """An account with a plan to sell, and the client that sells it."""

    sandbox: Sandbox
    stripe: stripe.StripeClient
    product: str
    monthly: str
    dear: str
    yearly: str

    async def customer(self, *, card: str | None = "pm_card_visa", **fields: Any) -> stripe.Customer:
        asked: Any = {"email": "alice@lumen.test", "name": "Alice"} | fields
        if card:
            asked |= {"payment_method": card, "invoice_settings": {"default_payment_method": card}}
        return await self.stripe.v1.customers.create_async(asked)

    async def subscribe(
        self, *, price: str = "", card: str | None = "pm_card_visa", **fields: Any
    ) -> stripe.Subscription:
        customer = fields.pop("customer", None) or (await self.customer(card=card)).id
        asked: Any = {"customer": customer, "items": [{"price": price or self.monthly}]} | fields
        return await self.stripe.v1.subscriptions.create_async(asked)

    async def session(self, **fields: Any) -> stripe.checkout.Session:
        asked: Any = {
            "mode": "subscription", "line_items": [{"price": self.monthly, "quantity": 1}],
            "success_url": "https://lumen.test/done?session_id={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://lumen.test/back",
        } | fields  # fmt: skip
        return await self.stripe.v1.checkout.sessions.create_async(asked)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the condition belongs to the server and has no event
            await asyncio.sleep(0.005)
