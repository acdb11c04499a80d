"""The ways to Stripe's pages: the database is read and written around the calls, never during one."""

from __future__ import annotations

from uuid import uuid4

from control_plane.dependencies import TenantAccess
from lumenpay.billing import service
from lumenpay.billing.errors import AlreadySubscribedError, BillingOffError
from lumenpay.billing.papers import NO_PAPERS, PAYABLE, Papers
from lumenpay.billing.repository import find_subscription
from lumenpay.billing.rules import LIVE
from lumenpay.billing.stripe_gateway import CheckoutOrder, StripeGateway


async def open_checkout(access: TenantAccess, *, plan_code: str, idempotency_key: str | None) -> str:
    """Return the address of Stripe's page for a plan.

    Raises:
        AlreadySubscribedError: The tenant has a subscription, here or by Stripe's own word.
    """
    gateway = _get_gateway(access)
    async with access.unit() as session:
        row, plan = await service.begin_checkout(session, plan_code=plan_code, now=access.now)
        customer_id, is_first, price_id = row.stripe_customer_id, row.stripe_status is None, plan.stripe_price_id or ""
        trial_days = plan.trial_days
    if customer_id is None:
        customer_id = await gateway.create_customer(access.tenant_id)
    async with access.unit() as session:
        customer_id = await service.store_customer(session, customer_id, actor=access.actor, now=access.now)
    # What stands here may be an hour old, and two subscriptions would be paid twice.
    seen = await gateway.find_subscription(customer_id)
    if seen is not None and seen.status in LIVE - {"incomplete"}:
        raise AlreadySubscribedError
    page = _page(access)
    order = CheckoutOrder(
        tenant_id=access.tenant_id, customer_id=customer_id, price_id=price_id, plan_code=plan_code,
        trial_days=trial_days if is_first and seen is None else 0, locale=_locale(access), success_url=f"{page}?paid=1",
        cancel_url=page,
    )  # fmt: skip
    return await gateway.open_checkout(
        order, idempotency_key=f"checkout-{access.tenant_id}-{idempotency_key or uuid4()}"
    )


async def open_portal(access: TenantAccess) -> str:
    """Return the address of Stripe's customer portal for the tenant."""
    gateway = _get_gateway(access)
    async with access.unit() as session:
        customer_id = await service.open_customer(session, actor=access.actor, now=access.now)
    return await gateway.open_portal(customer_id, return_url=_page(access), locale=_locale(access))


async def open_payment(access: TenantAccess) -> str:
    """Return the address of Stripe's page of the oldest invoice that is to be paid; of the portal without one."""
    papers = await read_papers(access)
    pages = [invoice.page_url for invoice in papers.invoices if invoice.status in PAYABLE and invoice.page_url]
    return pages[-1] if pages else await open_portal(access)


async def read_papers(access: TenantAccess) -> Papers:
    """Return what Stripe has on paper of the tenant; nothing of one that it does not know."""
    gateway = _get_gateway(access)
    async with access.unit() as session:
        row = await find_subscription(session)
    if row is None or row.stripe_customer_id is None:
        return NO_PAPERS
    return await gateway.read_papers(row.stripe_customer_id)


def _get_gateway(access: TenantAccess) -> StripeGateway:
    if access.services.stripe is None:
        raise BillingOffError
    return access.services.stripe


def _page(access: TenantAccess) -> str:
    return f"{access.services.settings.public_url}/t/{access.tenant_id}/settings/billing"


def _locale(access: TenantAccess) -> str:
    return "ru" if access.identity.admin.locale == "ru" else "en"
