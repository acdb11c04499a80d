"""The brake of sweeps, and who counts as somebody who should not be inside (H8)."""

from __future__ import annotations

import pytest

from lumenpay.access.rules import Standing
from lumenpay.access.sweep_rules import decide_after_look, is_braked, is_to_be_removed
from lumenpay.models.access import WantedPlace

NOBODY = Standing(has_right=False)


@pytest.mark.parametrize(
    ("to_remove", "inside", "is_stopped"),
    [(20, 20, False), (21, 21, True), (21, 420, False), (21, 419, True), (500, 10_000, False), (501, 10_000, True)],
)
def test_the_brake_needs_more_than_twenty_people_and_more_than_five_percent_h8(
    to_remove: int, inside: int, *, is_stopped: bool
) -> None:
    assert is_braked(to_remove=to_remove, inside=inside) is is_stopped
    assert decide_after_look(to_remove=to_remove, inside=inside) == ("braked" if is_stopped else "removing")
    assert decide_after_look(to_remove=0, inside=inside) == "done"


@pytest.mark.parametrize(
    ("standing", "wanted", "facts", "is_removed"),
    [
        (NOBODY, WantedPlace.INSIDE, {}, True),
        (NOBODY, WantedPlace.OUTSIDE, {}, True),
        (NOBODY, WantedPlace.OUTSIDE, {"is_leaving": True}, False),
        (NOBODY, WantedPlace.UNMANAGED, {}, False),
        (NOBODY, WantedPlace.OUTSIDE, {"had_right": False, "removes_strangers": False}, False),
        (NOBODY, WantedPlace.OUTSIDE, {"removes_strangers": False}, True),
        (Standing(has_right=True), WantedPlace.OUTSIDE, {}, False),
        (Standing(has_right=False, is_whitelisted=True), WantedPlace.OUTSIDE, {}, False),
        (Standing(has_right=False, has_place_elsewhere=True), WantedPlace.OUTSIDE, {}, False),
    ],
)
def test_who_has_a_right_or_leaves_anyway_is_not_counted_h8(
    standing: Standing, wanted: WantedPlace, facts: dict[str, bool], *, is_removed: bool
) -> None:
    values = {"had_right": True, "removes_strangers": True, "is_leaving": False} | facts
    assert is_to_be_removed(standing, wanted=wanted, **values) is is_removed
