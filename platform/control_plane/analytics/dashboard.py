"""The dashboard's cards: figures of a period beside those of the one before, each with the list that it leads to."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from control_plane.analytics.schemas import (
    CountCardOut,
    DashboardOut,
    ListLinkOut,
    MoneyCardOut,
    MoneyCardsOut,
    MoneyPointOut,
    PointOut,
    RateOut,
    view_fields,
)
from lumenpay.analytics.periods import Bucket, Period, split, start_of
from lumenpay.analytics.rules import MoneyHistory, percent_change
from lumenpay.analytics.service import Histories, View
from lumenpay.users.narrowing import MovementKind

_DAY = timedelta(days=1)


def show_dashboard(histories: Histories, view: View, bucket: Bucket) -> DashboardOut:
    """Return the cards and the series."""
    people, before = histories.people.tell(view.period), histories.people.tell(view.previous)
    counts = {
        name: CountCardOut(
            count=getattr(people, name), previous=getattr(before, name),
            change_percent=percent_change(getattr(people, name), getattr(before, name)), list=link,
        )
        for name, link in _count_links(view).items()
    }  # fmt: skip
    return DashboardOut(
        **view_fields(view),
        bucket=bucket,
        revenue=_money_cards(histories.money, view, "revenue_minor", _revenue_link(view)),
        mrr=_money_cards(histories.money, view, "mrr_minor", _people_link(view, MovementKind.PAYING)),
        **counts,
        churn_rate=RateOut(rate=people.churn_rate, previous=before.churn_rate),
        series=[_point(histories, part) for part in split(view.period, bucket)],
    )


def _count_links(view: View) -> dict[str, ListLinkOut]:
    kinds = {"active": MovementKind.HELD, "new": MovementKind.BEGAN, "churned": MovementKind.LAPSED}
    return {name: _people_link(view, kind) for name, kind in kinds.items()}


def _people_link(view: View, kind: MovementKind) -> ListLinkOut:
    since, until = _moments(view)
    query = {"movement": kind.value, "moved_from": since, "moved_until": until, "is_test": str(view.is_test).lower()}
    return ListLinkOut(operation_id="users-list", query=query)


def _revenue_link(view: View) -> ListLinkOut:
    since, until = _moments(view)
    query = {"status": "succeeded", "settled_from": since, "settled_until": until, "is_test": str(view.is_test).lower()}
    return ListLinkOut(operation_id="payments-list", query=query)


def _moments(view: View) -> tuple[str, str]:
    ends = (view.period.first_day, view.period.last_day + _DAY)
    since, until = (start_of(day, view.time_zone).astimezone(UTC).isoformat().replace("+00:00", "Z") for day in ends)
    return since, until


def _money_cards(histories: list[MoneyHistory], view: View, name: str, link: ListLinkOut) -> MoneyCardsOut:
    amounts = []
    for history in histories:
        now, before = (getattr(history.tell(period), name) for period in (view.period, view.previous))
        amounts.append(
            MoneyCardOut(
                currency=history.currency, amount_minor=now, previous_minor=before,
                change_percent=percent_change(now, before),
                refunded_minor=history.tell(view.period).refunded_minor if name == "revenue_minor" else 0,
            )
        )  # fmt: skip
    return MoneyCardsOut(amounts=amounts, list=link)


def _point(histories: Histories, part: Period) -> PointOut:
    told: Any = histories.people.tell(part)
    money = [history.tell(part) for history in histories.money]
    return PointOut(
        first_day=part.first_day, last_day=part.last_day, active=told.active, new=told.new, returned=told.returned,
        churned=told.churned,
        money=[
            MoneyPointOut(
                currency=one.currency, revenue_minor=one.revenue_minor, refunded_minor=one.refunded_minor,
                mrr_minor=one.mrr_minor,
            )
            for one in money
        ],
    )  # fmt: skip
