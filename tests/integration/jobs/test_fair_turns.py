"""Whatever a flood of one tenant is due for, the first of every other tenant has its turn in the first round (F11)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from lumenpay.models.autopays import Autopay, SubscriptionCharge
from lumenpay.models.gifts import Gift
from lumenpay.models.pauses import SubscriptionPause
from lumenpay.models.payments import Payment
from lumenpay.models.subscriptions import SubscriptionReminder
from lumenpay.models.win_backs import WinBack
from tenants_worker.context import WorkerContext
from tenants_worker.tasks import autopay, gifts, pauses, payments, subscriptions, win_backs
from tests.support import due_crowds
from tests.support.market import Market, market
from tests.support.stall import Stall, open_stall

__all__ = ["market"]
FLOOD, A_ROUND = 200, 10


@dataclass(frozen=True)
class Turn:
    """Something that becomes due, the tick that looks after it, and the rows that tell that it was done."""

    crowd: Callable[..., Awaitable[None]]
    tasks: ModuleType
    tick: Callable[[WorkerContext, datetime], Awaitable[None]]
    model: Any
    done: Callable[[datetime], Any] = lambda _: True
    limit: str = "DUE_LIMIT"


TURNS = {
    "reminders": Turn(due_crowds.remind, subscriptions, subscriptions.remind_due, SubscriptionReminder),
    "notices of charges": Turn(
        due_crowds.notice, autopay, autopay.take_due_steps, Autopay, lambda _: Autopay.noticed_end_at.is_not(None)
    ),
    "charges": Turn(due_crowds.charge, autopay, autopay.take_due_steps, SubscriptionCharge),
    "pauses": Turn(
        due_crowds.pause, pauses, pauses.take_due_steps, SubscriptionPause,
        lambda _: SubscriptionPause.told_at.is_not(None),
    ),
    "win-backs": Turn(
        due_crowds.win_back, win_backs, win_backs.take_due_steps, WinBack, lambda _: WinBack.next_step_at.is_(None)
    ),
    "gifts": Turn(due_crowds.give, gifts, gifts.take_due_steps, Gift, lambda _: Gift.reminders_count > 0),
    "questions to the gateway": Turn(
        due_crowds.ask, payments, payments.poll_due, Payment, lambda now: Payment.next_check_at > now,
        limit="POLL_LIMIT",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TURNS)
async def test_a_flood_of_one_tenant_does_not_delay_what_is_due_in_the_others_f11(
    market: Market, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    turn = TURNS[name]
    flooding, *others = [await open_stall(market, is_recurring=True) for _ in range(4)]
    instant = market.now() + timedelta(days=1)
    await turn.crowd(flooding, FLOOD, at=instant)
    for other in others:
        # A second later: behind all of the flood by the clock.
        await turn.crowd(other, 2, at=instant + timedelta(seconds=1))
    await market.skip(days=1, seconds=2)
    now = market.now()

    async def done(stall: Stall) -> int:
        return await market.count(stall.tenant_id, turn.model, turn.done(now))

    monkeypatch.setattr(turn.tasks, turn.limit, A_ROUND)
    await turn.tick(market.worker, now)
    assert [await done(stall) for stall in (*others, flooding)] == [2, 2, 2, A_ROUND - 6]
    # Alone with itself, the flood has the rounds for itself.
    await turn.tick(market.worker, now)
    assert await done(flooding) == 2 * A_ROUND - 6


async def test_whatever_names_due_rows_takes_turns_of_tenants_f11(sql: Any) -> None:
    # A new one is made by `migrations.fairness`, unless one tenant cannot have many: the tenant itself (its days, bill,
    # removal and access log), its few test drives, and the views of staff into it.
    never_many = {
        "due_analytics", "due_billings", "due_tenant_removals", "due_access_logs", "due_test_drives",
        "due_impersonations",
    }  # fmt: skip
    sources = await sql.fetch(r"SELECT proname AS name, prosrc AS body FROM pg_proc WHERE proname LIKE 'due\_%'")
    unfair = {row["name"] for row in sources if "PARTITION BY waiting.tenant_id" not in row["body"]}
    assert len(sources) > len(unfair)
    assert unfair == never_many
