"""Reconciliations: a gateway's list, YooKassa's of a shop or Telegram's of a bot's Stars, and our payments."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from control_plane.dependencies import PageDep, TenantDep
from control_plane.errors import documented
from control_plane.schemas import CountedPageOut, Input, Moment, MoneyOut, Output, show_page
from lumenpay.models.reconciliations import (
    FindingKind,
    FindingState,
    ReconciliationFinding,
    ReconciliationStage,
    ReconciliationStatus,
)
from lumenpay.payments.providers.stars.facts import STARS
from lumenpay.payments.terms import YOOKASSA
from lumenpay.reconciliations import repository, service
from lumenpay.reconciliations.rules import DEFAULT_DAYS, MOST_DAYS

router = APIRouter(prefix="/tenants/{tenant_id}/reconciliations", tags=["reconciliations"])


class ReconciledProvider(StrEnum):
    """Whose list our payments are compared with: YooKassa's of the bot's shop, or Telegram's of the bot's Stars."""

    YOOKASSA = YOOKASSA
    STARS = STARS


class ReconciliationIn(Input):
    """Which bot's shop, or whether its Stars, and how far back."""

    bot_id: UUID
    provider: ReconciledProvider = ReconciledProvider.YOOKASSA
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = DEFAULT_DAYS


class ReconciliationOut(Output):
    """A run over payments made from `from_at` until before `until_at`, and how far it is.

    `listed_count` payments of the gateway were looked at, `foreign_count` of them are no orders of ours; `ours_count`
    of our own were looked for. `repaired_count` and `open_count` (what waits for a human) are told at the end.
    `problem` tells why a run failed: `keys_refused`, `keys_gone`, `keys_do_not_open`, `refused_by_the_gateway`,
    `list_does_not_end`; of `stars` the shop is `telegram`, and its keys are the bot's token. `requested_by` is empty
    for the daily run.
    """

    id: UUID
    bot_id: UUID
    provider: ReconciledProvider
    shop_id: str
    status: ReconciliationStatus
    stage: ReconciliationStage
    from_at: Moment
    until_at: Moment
    listed_count: int
    foreign_count: int
    ours_count: int
    repaired_count: int
    open_count: int
    problem: str
    requested_by: UUID | None
    created_at: Moment
    finished_at: Moment | None


class SideOut(Output):
    """How one side tells a payment: its state in that side's word, and its sum; Stars that went back are `refunded`."""

    status: str
    amount: MoneyOut


class FindingOut(Output):
    """A difference between the gateway's list and our payments.

    `paid_unnoticed`, `closed_unnoticed` and, of Stars, `refund_unnoticed` were repaired. The others wait for a human,
    and nobody's access was changed: `unknown_payment` (carries our mark, and there is no such order), `paid_twice` (a
    second payment of one order), `mismatch` (`reason` says what differs: amount, currency, shop, test_flag, metadata or
    payer), `not_paid_at_gateway` and `not_listed`. `cleared` ones were alike when a later run looked; `dismissed` ones
    somebody has dealt with.
    """

    id: UUID
    bot_id: UUID
    reconciliation_id: UUID
    provider: ReconciledProvider
    kind: FindingKind
    state: FindingState
    reason: str
    payment_id: UUID | None
    gateway_payment_id: str
    ours: SideOut | None
    gateway: SideOut | None
    found_at: Moment
    seen_at: Moment
    closed_at: Moment | None
    closed_by: UUID | None


@router.get("")
async def list_(
    access: TenantDep, page: PageDep, bot_id: Annotated[UUID | None, Query()] = None
) -> CountedPageOut[ReconciliationOut]:
    """List runs, newest first."""
    async with access.unit() as session:
        found = await service.list_runs(session, page, bot_id=bot_id)
    return show_page(found, [ReconciliationOut.model_validate(row) for row in found.items], page)


@router.post("", status_code=202, responses=documented(409))
async def start(body: ReconciliationIn, access: TenantDep) -> ReconciliationOut:
    """Have a bot's shop, or its Stars, compared now; while one run goes on over the same, that one is returned."""
    start_run = service.start_star_run if body.provider is ReconciledProvider.STARS else service.start_run
    async with access.unit() as session:
        run = await start_run(session, body.bot_id, days=body.days, actor=access.actor, now=access.now)
    return ReconciliationOut.model_validate(run)


@router.get("/findings")
async def list_findings(
    access: TenantDep,
    page: PageDep,
    state: Annotated[FindingState | None, Query()] = None,
    reconciliation_id: Annotated[UUID | None, Query(description="What this run was the last to see.")] = None,
    payment_id: Annotated[UUID | None, Query()] = None,
) -> CountedPageOut[FindingOut]:
    """List differences, newest first; open ones wait for a human."""
    async with access.unit() as session:
        found = await service.list_findings(
            session, page, state=state, reconciliation_id=reconciliation_id, payment_id=payment_id
        )
    return show_page(found, [_finding(row) for row in found.items], page)


@router.post("/findings/{finding_id}/dismiss", responses=documented(409))
async def dismiss(finding_id: UUID, access: TenantDep) -> FindingOut:
    """Say that a difference is dealt with: it is not shown again."""
    async with access.unit() as session:
        row = await service.dismiss_finding(session, finding_id, actor=access.actor, now=access.now)
    return _finding(row)


@router.get("/{reconciliation_id}")
async def get(reconciliation_id: UUID, access: TenantDep) -> ReconciliationOut:
    """Return how far a run is, and what came of it."""
    async with access.unit() as session:
        return ReconciliationOut.model_validate(await repository.get_run(session, reconciliation_id))


def _finding(row: ReconciliationFinding) -> FindingOut:
    return FindingOut(
        id=row.id, bot_id=row.bot_id, reconciliation_id=row.reconciliation_id,
        provider=ReconciledProvider(row.provider), kind=row.kind, state=row.state,
        reason=str(row.details.get("reason", "")), payment_id=row.payment_id, gateway_payment_id=row.subject,
        ours=_side(row.details.get("ours")), gateway=_side(row.details.get("gateway")), found_at=row.found_at,
        seen_at=row.seen_at, closed_at=row.closed_at, closed_by=row.closed_by,
    )  # fmt: skip


def _side(told: dict[str, Any] | None) -> SideOut | None:
    if told is None:
        return None
    amount = MoneyOut(amount_minor=told["amount_minor"], currency=told["currency"])
    return SideOut(status=told["status"], amount=amount)
