"""Pure rules of sweeps through the people of a channel: the brake, and who is found inside without a right."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from lumenpay.access.rules import RemovalDecision, Standing, decide_removal
from lumenpay.models.access import ActualPlace, WantedPlace
from lumenpay.models.sweeps import SweepStatus

SHARE_PEOPLE: Final = 25
SHARE_PAUSE = timedelta(minutes=1)
"""25 people a minute: a twentieth of what a bot may ask in that time, so that nobody who pays waits behind a sweep."""
LONG_GONE = timedelta(days=7)
"""So seldom is looked for who is outside, as we want it."""
BRAKE_PEOPLE: Final = 20
BRAKE_PERCENT: Final = 5
TRANSITIONS: Final = {
    SweepStatus.LOOKING: frozenset({SweepStatus.BRAKED, SweepStatus.REMOVING, SweepStatus.DONE}),
    SweepStatus.BRAKED: frozenset({SweepStatus.REMOVING, SweepStatus.KEEPING}),
    SweepStatus.REMOVING: frozenset({SweepStatus.DONE}),
    SweepStatus.KEEPING: frozenset({SweepStatus.KEPT}),
}


def sources_of(status: SweepStatus) -> list[SweepStatus]:
    """Return the states from which a sweep can come into this one."""
    return [source for source, targets in TRANSITIONS.items() if status in targets]


def is_braked(*, to_remove: int, inside: int) -> bool:
    """Tell whether so many would be removed that a human has to say so: more than 20, and more than 5 % of the people.

    Args:
        inside: People whom the sweep found inside, with or without a right.
    """
    return to_remove > BRAKE_PEOPLE and to_remove * 100 > inside * BRAKE_PERCENT


def decide_after_look(*, to_remove: int, inside: int) -> SweepStatus:
    """Return how a sweep goes on that has looked at everybody."""
    if not to_remove:
        return SweepStatus.DONE
    return SweepStatus.BRAKED if is_braked(to_remove=to_remove, inside=inside) else SweepStatus.REMOVING


def is_to_be_removed(
    standing: Standing, *, wanted: WantedPlace, had_right: bool, removes_strangers: bool, is_leaving: bool
) -> bool:
    """Tell whether somebody who was found inside, and is no admin, should not be there.

    Args:
        had_right: Paid for the channel before.
        is_leaving: The ordinary end of a subscription takes them out already, or is about to: that is no drift.
    """
    if is_leaving or not (had_right or removes_strangers):
        return False
    return decide_removal(standing, wanted=wanted, actual=ActualPlace.INSIDE) is RemovalDecision.REMOVE
