"""The steps of the funnel, each beside the one before."""

from __future__ import annotations

from control_plane.analytics.schemas import FunnelStepOut
from lumenpay.analytics.figures import FunnelFigures
from lumenpay.analytics.rules import rate_of

_STEPS = ("started", "saw_plan", "checked_out", "paid", "joined")


def show_funnel_steps(funnel: FunnelFigures, before: FunnelFigures) -> list[FunnelStepOut]:
    """Return the steps in order."""
    people = [getattr(funnel, step) for step in _STEPS]
    return [
        FunnelStepOut(
            step=step, people=count, of_started=rate_of(count, people[0]),
            of_step_before=rate_of(count, people[number - 1] if number else count),
            previous_people=getattr(before, step),
        )
        for number, (step, count) in enumerate(zip(_STEPS, people, strict=True))
    ]  # fmt: skip
