"""The platform's account at Stripe: the only module that knows the SDK. One client an instance, nothing global.

What is read is small: which subscription of a customer counts, since when something is owed, and the papers of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import stripe

from lumenpay.billing.errors import StripeRefusedError, StripeUnavailableError
from lumenpay.billing.papers import NO_PAPERS, Papers, read_papers
from lumenpay.billing.refund_rules import RefundSeen
from lumenpay.billing.rules import Seen, choose_subscription
from lumenpay.kit.crypto import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from lumenpay.config import Settings
    from lumenpay.models.ids import TenantId

ANSWER_SECONDS = 20.0
INVOICES = 24
"""How many invoices are shown, the newest ones: two years of months."""
_PAGE = 100
_REFUND_MARK: Final = "lumenpay_refund_id"
_LIVE_KEYS: Final = ("sk_live_", "rk_live_")
_SAME_LATER: Final = frozenset({None, 409, 429})
"""Statuses after which the same question may be asked again, besides those of 500 and above; none: no answer came."""


@dataclass(frozen=True, slots=True)
class CheckoutOrder:
    """What somebody is about to subscribe to; addresses are where Stripe sends them back to."""

    tenant_id: TenantId
    customer_id: str
    price_id: str
    plan_code: str
    trial_days: int
    locale: str
    success_url: str
    cancel_url: str


class StripeGateway:
    """Asks Stripe, and opens its pages; every failure becomes one of ours, without a word of keys or people."""

    def __init__(self, secret_key: Secret, *, api_url: str) -> None:
        """Take the account's secret key; nothing connects yet."""
        self._http = stripe.AIOHTTPClient(timeout=ANSWER_SECONDS)
        self._client = stripe.StripeClient(
            secret_key.reveal(), base_addresses={"api": api_url}, http_client=self._http, max_network_retries=1
        )
        self.is_live = secret_key.reveal().startswith(_LIVE_KEYS)
        """Whether the key moves real money: events of the other mode are not ours."""

    async def close(self) -> None:
        """Close the connections."""
        http: Any = self._http  # The SDK leaves this one method without types.
        await http.close_async()

    async def create_customer(self, tenant_id: TenantId) -> str:
        """Make the customer that stands for a tenant, and return its id; a repeated call finds the same one."""
        order: Any = {"metadata": {"tenant_id": str(tenant_id)}}
        with _translated():
            made = await self._client.v1.customers.create_async(order, {"idempotency_key": f"customer-{tenant_id}"})
        return made.id

    async def find_subscription(self, customer_id: str) -> Seen | None:
        """Return the subscription of a customer that counts; nothing where there never was one."""
        try:
            with _translated():
                found = await self._client.v1.subscriptions.list_async(
                    {"customer": customer_id, "status": "all", "limit": _PAGE}
                )
        except StripeRefusedError as error:
            if error.fields.get("stripe") == "resource_missing":
                return None  # The customer was removed in the dashboard.
            raise
        return choose_subscription([_read_subscription(one.to_dict()) for one in found.data])

    async def find_debt(self, customer_id: str, subscription_id: str) -> datetime | None:
        """Return when the oldest invoice of a subscription that is still to be paid was made."""
        with _translated():
            found = await self._client.v1.invoices.list_async(
                {"customer": customer_id, "subscription": subscription_id, "status": "open", "limit": _PAGE}
            )
        return min((datetime.fromtimestamp(one.created, UTC) for one in found.data), default=None)

    async def open_checkout(self, order: CheckoutOrder, *, idempotency_key: str) -> str:
        """Return the address of a page to subscribe on; there is one open page a customer, so nobody pays twice."""
        wanted: Any = {"customer": order.customer_id, "status": "open", "limit": _PAGE}
        with _translated():
            known = await self._client.v1.checkout.sessions.list_async(wanted)
            for session in known.data:
                told = (session.metadata.to_dict() if session.metadata else {}).get("plan_code")
                if told == order.plan_code and session.url:
                    return session.url
                await self._client.v1.checkout.sessions.expire_async(session.id)
            made = await self._client.v1.checkout.sessions.create_async(
                _write_session(order), {"idempotency_key": idempotency_key}
            )
        if made.url is None:
            raise StripeRefusedError("a session without an address")
        return made.url

    async def read_papers(self, customer_id: str) -> Papers:
        """Return the newest invoices of a customer, what went back of them, and whom they are made out to."""
        clients, wanted = self._client.v1, {"customer": customer_id}
        try:
            with _translated():
                customer = await clients.customers.retrieve_async(customer_id, {"expand": ["tax_ids"]})
                invoices: Any = {**wanted, "limit": INVOICES, "expand": ["data.payments"]}
                found = await clients.invoices.list_async(invoices)
                order: Any = {**wanted, "limit": _PAGE}
                charges = await clients.charges.list_async(order)
        except StripeRefusedError as error:
            if error.fields.get("stripe") == "resource_missing":
                return NO_PAPERS
            raise
        return read_papers(
            customer.to_dict(), [one.to_dict() for one in found.data], [one.to_dict() for one in charges.data]
        )

    async def refund(self, refund_id: UUID, *, payment_intent_id: str, amount_minor: int) -> RefundSeen:
        """Give money of an invoice back, and return what Stripe says of it; a repeated call finds the same refund.

        Stripe may have forgotten the key of a call that was made days ago, so the refund is looked for first.
        """
        mark = {_REFUND_MARK: str(refund_id)}
        order: Any = {
            "payment_intent": payment_intent_id, "amount": amount_minor, "reason": "requested_by_customer",
            "metadata": mark,
        }  # fmt: skip
        with _translated():
            wanted: Any = {"payment_intent": payment_intent_id, "limit": _PAGE}
            known = [one.to_dict() for one in (await self._client.v1.refunds.list_async(wanted)).data]
            made = next((one for one in known if (one.get("metadata") or {}).items() >= mark.items()), None)
            if made is None:
                key = {"idempotency_key": f"refund-{refund_id}"}
                # The SDK's options are a TypedDict that a plain dict is not taken for.
                made = (await self._client.v1.refunds.create_async(order, key)).to_dict()  # type: ignore[arg-type]
        return _read_refund(made)

    async def find_refund(self, stripe_refund_id: str) -> RefundSeen:
        """Return what became of a refund: a bank may send one back days later."""
        with _translated():
            found = await self._client.v1.refunds.retrieve_async(stripe_refund_id)
        return _read_refund(found.to_dict())

    async def open_portal(self, customer_id: str, *, return_url: str, locale: str) -> str:
        """Return the address of Stripe's customer portal: cards, invoices, another plan, cancelling."""
        order: Any = {"customer": customer_id, "return_url": return_url, "locale": locale}
        with _translated():
            return (await self._client.v1.billing_portal.sessions.create_async(order)).url


def open_stripe(settings: Settings) -> StripeGateway | None:
    """Return the platform's account; nothing where the installation bills nobody."""
    key = settings.stripe_secret_key.get_secret_value()
    return StripeGateway(Secret(key), api_url=settings.stripe_api_url) if key else None


def _write_session(order: CheckoutOrder) -> Any:  # noqa: ANN401 - the SDK's own dictionary types
    marks = {"tenant_id": str(order.tenant_id), "plan_code": order.plan_code}
    subscription: dict[str, Any] = {"metadata": marks}
    if order.trial_days:
        subscription["trial_period_days"] = order.trial_days
    return {
        "mode": "subscription", "customer": order.customer_id, "client_reference_id": str(order.tenant_id),
        "line_items": [{"price": order.price_id, "quantity": 1}], "metadata": marks,
        "subscription_data": subscription, "success_url": order.success_url, "cancel_url": order.cancel_url,
        "locale": order.locale,
        # A tax id is of a business, whose name Stripe then wants to be the customer's.
        "tax_id_collection": {"enabled": True}, "customer_update": {"name": "auto", "address": "auto"},
    }  # fmt: skip


def _read_subscription(body: Mapping[str, Any]) -> Seen:
    items = body["items"]["data"]
    ends_at = _moment(max((item["current_period_end"] for item in items), default=None))
    cancels_at = _moment(body.get("cancel_at")) or (ends_at if body.get("cancel_at_period_end") else None)
    return Seen(
        id=body["id"], status=body["status"], price_id=items[0]["price"]["id"] if items else None,
        created_at=datetime.fromtimestamp(body["created"], UTC), period_ends_at=ends_at,
        trial_ends_at=_moment(body.get("trial_end")), cancels_at=cancels_at,
    )  # fmt: skip


def _read_refund(body: Mapping[str, Any]) -> RefundSeen:
    return RefundSeen(body["id"], body.get("status") or "pending", body.get("failure_reason"))


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except stripe.StripeError as error:
        if error.http_status in _SAME_LATER or (error.http_status or 0) >= 500:  # noqa: PLR2004 - server errors
            raise StripeUnavailableError(f"Stripe: {error.http_status or 'no answer'}") from error
        # The message may repeat what was sent; the code says enough.
        code = error.code or type(error).__name__
        raise StripeRefusedError(f"Stripe: {error.http_status} {code}", fields={"stripe": code}) from error
