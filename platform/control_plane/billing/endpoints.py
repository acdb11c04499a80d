"""What the tenant has of the platform and may have, subscribing to a plan, and Stripe's customer portal."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import Field

from control_plane.billing import checkout
from control_plane.billing.schemas import InvoicesOut, show_papers
from control_plane.dependencies import TenantDep
from control_plane.errors import documented
from control_plane.schemas import Input, Moment, MoneyOut, Output, Text
from lumenpay.billing.limits import Limited
from lumenpay.billing.overview import BillingView, read_billing
from lumenpay.billing.refunds import list_refunds
from lumenpay.billing.rules import Standing
from lumenpay.models.billing import PlatformPlan

router = APIRouter(prefix="/tenants/{tenant_id}/billing", tags=["billing"])


class LimitOut(Output):
    """How much of something there is, and may be; a limit of null means any."""

    of: Limited
    used: int
    limit: int | None


class PlatformPlanOut(Output):
    """A plan of the platform; limits of null mean any."""

    code: str
    name: str
    price: MoneyOut
    trial_days: int
    max_bots: int | None
    max_channels: int | None
    max_subscribers: int | None
    max_broadcasts: int | None
    max_members: int | None


class BillingOut(Output):
    """How the tenant stands with the platform. Without `is_billed` this installation asks no money of anybody."""

    is_billed: bool
    standing: Standing
    plan_code: str | None
    has_portal: bool
    is_renewing: Annotated[
        bool, Field(description="Whether it goes on until cancelled; the tenant cannot be closed before.")
    ]
    period_ends_at: Moment | None
    trial_ends_at: Moment | None
    cancels_at: Moment | None
    unpaid_since_at: Moment | None
    pauses_at: Annotated[Moment | None, Field(description="When sales and broadcasts pause unless the bill is paid.")]
    sales_paused_at: Moment | None
    uses: list[LimitOut]
    plans: list[PlatformPlanOut]


class CheckoutIn(Input):
    """Which plan is wanted."""

    plan_code: Annotated[Text, Field(min_length=1, max_length=32)]


class StripePageOut(Output):
    """A page of Stripe's to send the browser to."""

    url: str


@router.get("")
async def get(access: TenantDep) -> BillingOut:
    """Return how the tenant stands with the platform, what it uses and may use, and what can be chosen."""
    async with access.unit() as session:
        view = await read_billing(session, now=access.now)
    return _billing_out(view, is_billed=access.services.stripe is not None)


@router.get("/invoices", responses=documented(409))
async def list_invoices(access: TenantDep) -> InvoicesOut:
    """Ask Stripe for the tenant's newest invoices, what went back of them, and whom they are made out to."""
    async with access.unit() as session:
        refunds = await list_refunds(session)
    return show_papers(await checkout.read_papers(access), refunds)


@router.post("/checkout", responses=documented(409))
async def check_out(
    body: CheckoutIn,
    access: TenantDep,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=128, description="The same key leads to the same page.")
    ] = None,
) -> StripePageOut:
    """Open Stripe's page to subscribe to a plan. One page a tenant is open at a time."""
    url = await checkout.open_checkout(access, plan_code=body.plan_code, idempotency_key=idempotency_key)
    return StripePageOut(url=url)


@router.post("/pay", responses=documented(409))
async def pay(access: TenantDep) -> StripePageOut:
    """Open Stripe's page of the oldest invoice that is to be paid; the customer portal where there is none."""
    return StripePageOut(url=await checkout.open_payment(access))


@router.post("/portal", responses=documented(409))
async def open_portal(access: TenantDep) -> StripePageOut:
    """Open Stripe's customer portal: cards, invoices, another plan, cancelling."""
    return StripePageOut(url=await checkout.open_portal(access))


def _billing_out(view: BillingView, *, is_billed: bool) -> BillingOut:
    return BillingOut(
        is_billed=is_billed, standing=view.standing, plan_code=view.plan_code, has_portal=view.is_known_to_stripe,
        is_renewing=view.is_renewing,
        period_ends_at=view.period_ends_at, trial_ends_at=view.trial_ends_at, cancels_at=view.cancels_at,
        unpaid_since_at=view.unpaid_since_at, pauses_at=view.pauses_at, sales_paused_at=view.sales_paused_at,
        uses=[LimitOut.model_validate(use) for use in view.uses], plans=[_plan_out(plan) for plan in view.plans],
    )  # fmt: skip


def _plan_out(plan: PlatformPlan) -> PlatformPlanOut:
    return PlatformPlanOut(
        code=plan.code, name=plan.name, price=MoneyOut(amount_minor=plan.price_minor, currency=plan.currency),
        trial_days=plan.trial_days, **{of.value: getattr(plan, of.value) for of in Limited},
    )  # fmt: skip
