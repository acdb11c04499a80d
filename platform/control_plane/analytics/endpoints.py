"""Figures of a tenant: the dashboard, recurring revenue, churn, lifetime value, cohorts, the funnel and sources.

Every figure counts real money or test payments, as is asked or by what there is; days are local ones of the tenant;
currencies are never added together. What belongs to a day that is over stands still; the present day is computed on
each request.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from control_plane.analytics.dashboard import show_dashboard
from control_plane.analytics.schemas import (
    BucketIn,
    ChurnOut,
    ChurnStepOut,
    CodeOut,
    CohortOut,
    CohortsOut,
    DashboardOut,
    FunnelOut,
    LifetimeValueOut,
    LtvOut,
    MrrCurrencyOut,
    MrrOut,
    MrrStepOut,
    SourceOut,
    SourcesOut,
    read_asked,
    view_fields,
)
from control_plane.analytics.steps import show_funnel_steps
from control_plane.analytics.turns import take_turn
from control_plane.dependencies import TenantDep
from control_plane.errors import documented
from lumenpay.analytics import service
from lumenpay.analytics.periods import Bucket, split
from lumenpay.analytics.service import Asked
from lumenpay.analytics.tables import Table, write_table

router = APIRouter(
    prefix="/tenants/{tenant_id}/analytics", tags=["analytics"], dependencies=[Depends(take_turn)],
    responses=documented(429),
)  # fmt: skip
AskedDep = Annotated[Asked, Depends(read_asked)]
MonthsIn = Annotated[int, Query(ge=1, le=36, description="How many months back cohorts are shown.")]


@router.get("/dashboard")
async def get_dashboard(access: TenantDep, asked: AskedDep, bucket: BucketIn = Bucket.DAY) -> DashboardOut:
    """Return the figures of a period beside those of the period before.

    * **Revenue**: payments that succeeded in the period, by when they did, less what went back in it, whenever that
      had been paid. What went back stands beside it; below zero more went back than came in.
    * **MRR**, monthly recurring revenue, as at the end of the period: what was paid for each running period × 30 ÷ its
      days, where a month counts 30 days and a year 360. Days that a promo code added count; a lifetime does not.
    * **Active**: people with a running period at the end, whatever they paid for it, a lifetime included. Grace after
      the end of a period is not a part of it.
    * **New**: people whose first period began.
    * **Churned**: people who had access and were without any at the end of a day. Who comes back another day is
      counted as returned. The rate is of those who were active at the start.

    Whole calendar months are compared with the months before, of the present one the days that have begun with the same
    days of the month before; any other period with as many days right before it.
    """
    async with access.unit() as session:
        view = await service.open_view(session, asked, now=access.now)
        histories = await service.load_histories(session, view)
    return show_dashboard(histories, view, bucket)


@router.get("/mrr")
async def get_mrr(access: TenantDep, asked: AskedDep, bucket: BucketIn = Bucket.MONTH) -> MrrOut:
    """Return how the monthly recurring revenue moved.

    Each person's MRR at the end of a local day is compared with that at the end of the day before: **new** where there
    was none ever, **reactivated** where there was none any more, **expansion** and **contraction** where it rose and
    fell, **churned** where it came to nothing. A period adds up its days; contraction and churned are below zero.
    """
    async with access.unit() as session:
        view = await service.open_view(session, asked, now=access.now)
        histories = await service.load_histories(session, view)
    parts = split(view.period, bucket)
    currencies = [
        MrrCurrencyOut(
            currency=money.currency,
            whole=MrrStepOut.model_validate(money.tell(view.period)),
            previous=MrrStepOut.model_validate(money.tell(view.previous)),
            series=[MrrStepOut.model_validate(money.tell(part)) for part in parts],
        )
        for money in histories.money
    ]
    return MrrOut(**view_fields(view), bucket=bucket, currencies=currencies)


@router.get("/churn")
async def get_churn(access: TenantDep, asked: AskedDep, bucket: BucketIn = Bucket.MONTH) -> ChurnOut:
    """Return who lost access, and why as far as it is known.

    **Failed payment**: an order of the last seven days before the end, or of the day itself, was declined by the bank.
    **Voluntary**: the person had blocked the bot or left a channel before the end. **Not renewed**: all others.
    """
    async with access.unit() as session:
        view = await service.open_view(session, asked, now=access.now)
        people = (await service.load_histories(session, view)).people
    return ChurnOut(
        **view_fields(view),
        bucket=bucket,
        whole=ChurnStepOut.model_validate(people.tell(view.period)),
        before=ChurnStepOut.model_validate(people.tell(view.previous)),
        series=[ChurnStepOut.model_validate(people.tell(part)) for part in split(view.period, bucket)],
    )


@router.get("/ltv")
async def get_ltv(access: TenantDep, asked: AskedDep) -> LtvOut:
    """Return what a payer brings.

    So far: revenue until the end of the period ÷ everybody who ever paid. Expected: MRR of a paying person ÷ the
    monthly churn, which is the share of paying people lost in the period, brought to 30 days. Nothing where nobody was
    lost.
    """
    async with access.unit() as session:
        view = await service.open_view(session, asked, now=access.now)
        values = await service.value_payers(session, view)
    currencies = [LifetimeValueOut.model_validate(value) for value in values]
    return LtvOut(**view_fields(view), currencies=currencies)


@router.get("/cohorts")
async def get_cohorts(access: TenantDep, asked: AskedDep, months: MonthsIn = 12) -> CohortsOut:
    """Return the retention of people by the month of their first payment; a free order counts as one.

    Month 0 is that month. Retained is who has access at the end of a month, in the present month now.
    """
    async with access.unit() as session:
        view = await service.open_view(session, asked, now=access.now)
        found = await service.load_cohorts(session, view, months=months)
    cohorts = [CohortOut.model_validate(cohort) for cohort in found]
    return CohortsOut(**view_fields(view), cohorts=cohorts)


@router.get("/funnel")
async def get_funnel(access: TenantDep, asked: AskedDep) -> FunnelOut:
    """Return how far those got, until now, who started the bot within the period.

    Started, saw a plan, ordered, paid, came into a channel: each person once, at the first time.
    """
    async with access.unit() as session:
        view = await service.open_view(session, asked, now=access.now)
        funnel, before = await service.load_funnels(session, view)
    return FunnelOut(**view_fields(view), steps=show_funnel_steps(funnel, before))


@router.get("/sources")
async def get_sources(access: TenantDep, asked: AskedDep) -> SourcesOut:
    """Return revenue, less refunds, by the deep link of each person's first /start, and by promo code.

    A source is direct, a link to a plan, a link with a promo code, the invitation of another
    subscriber (all together), or else a campaign of yours.
    """
    async with access.unit() as session:
        view = await service.open_view(session, asked, now=access.now)
        sources, codes = await service.load_sources(session, view)
    return SourcesOut(
        **view_fields(view),
        sources=[SourceOut.model_validate(source) for source in sources],
        promo_codes=[CodeOut.model_validate(code) for code in codes],
    )


@router.get(
    "/export",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The table as CSV."}},
)
async def export(
    access: TenantDep,
    asked: AskedDep,
    table: Annotated[Table, Query(description="Which table.")] = Table.DASHBOARD,
    bucket: BucketIn = Bucket.DAY,
    months: MonthsIn = 12,
) -> Response:
    """Return one of the tables as CSV.

    Sums are in whole units with a currency beside them. For a tenant in Russian the file is as Excel there expects it:
    semicolons and decimal commas.
    """
    async with access.unit() as session:
        view = await service.open_view(session, asked, now=access.now)
        text = await write_table(session, view, table=table, bucket=bucket, months=months)
    name = f"{table.value}-{view.period.first_day}-{view.period.last_day}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=headers)
