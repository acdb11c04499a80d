"""Rules of the doors: who is let in, who is taken out."""

from __future__ import annotations

from itertools import product

import pytest

from lumenpay.access.rules import (
    Adder,
    JoinDecision,
    JoinMeaning,
    MissingReason,
    RemovalDecision,
    Standing,
    decide_join,
    decide_join_request,
    decide_missing_reason,
    decide_removal,
)
from lumenpay.models.access import ActualPlace, WantedPlace
from lumenpay.models.payments import DeliveryState
from lumenpay.users.rules import Reach

PAYER, STRANGER = Standing(has_right=True), Standing(has_right=False)
WHITELISTED = Standing(has_right=False, is_whitelisted=True)
ELSEWHERE = Standing(has_right=False, has_place_elsewhere=True)


@pytest.mark.parametrize(
    ("standing", "decision"),
    [
        (PAYER, JoinDecision.APPROVE),
        (WHITELISTED, JoinDecision.APPROVE),
        (ELSEWHERE, JoinDecision.APPROVE),
        (STRANGER, JoinDecision.DECLINE),
    ],
)
def test_only_who_has_the_right_now_is_let_in_e14(standing, decision):
    assert decide_join_request(standing) is decision


@pytest.mark.parametrize(
    ("standing", "adder", "meaning"),
    [
        (PAYER, Adder.NOBODY, JoinMeaning.PAYER),
        (PAYER, Adder.ADMIN, JoinMeaning.PAYER),
        (PAYER, Adder.SOMEBODY, JoinMeaning.PAYER),
        (STRANGER, Adder.ADMIN, JoinMeaning.INVITED_BY_OWNER),
        (STRANGER, Adder.SOMEBODY, JoinMeaning.ADDED_BY_SOMEBODY),
        (WHITELISTED, Adder.NOBODY, JoinMeaning.WHITELISTED),
        (WHITELISTED, Adder.ADMIN, JoinMeaning.INVITED_BY_OWNER),
        (ELSEWHERE, Adder.NOBODY, JoinMeaning.PAYER_ELSEWHERE),
        (STRANGER, Adder.NOBODY, JoinMeaning.STRANGER),
    ],
)
def test_a_join_means_this(standing, adder, meaning):
    assert decide_join(standing, adder=adder) is meaning


@pytest.mark.parametrize(
    ("standing", "wanted", "actual", "decision"),
    [
        (STRANGER, WantedPlace.OUTSIDE, ActualPlace.INSIDE, RemovalDecision.REMOVE),
        (STRANGER, WantedPlace.INSIDE, ActualPlace.INSIDE, RemovalDecision.REMOVE),
        (STRANGER, WantedPlace.INSIDE, ActualPlace.UNKNOWN, RemovalDecision.REMOVE),
        (STRANGER, WantedPlace.INSIDE, ActualPlace.OUTSIDE, RemovalDecision.ALREADY_OUTSIDE),
        (STRANGER, WantedPlace.UNMANAGED, ActualPlace.INSIDE, RemovalDecision.KEEP_UNMANAGED),
        (STRANGER, WantedPlace.OUTSIDE, ActualPlace.ADMIN, RemovalDecision.KEEP_UNMANAGED),
        (WHITELISTED, WantedPlace.OUTSIDE, ActualPlace.INSIDE, RemovalDecision.KEEP_UNMANAGED),
        (ELSEWHERE, WantedPlace.OUTSIDE, ActualPlace.INSIDE, RemovalDecision.KEEP_UNMANAGED),
    ],
)
def test_who_has_no_right_is_taken_out_unless_not_ours_to_move_e19_e21_a19(standing, wanted, actual, decision):
    assert decide_removal(standing, wanted=wanted, actual=actual) is decision


@pytest.mark.parametrize(("wanted", "actual"), list(product(WantedPlace, ActualPlace)))
def test_a_payer_is_never_taken_out_h3(wanted, actual):
    assert decide_removal(PAYER, wanted=wanted, actual=actual) is RemovalDecision.KEEP_PAID


@pytest.mark.parametrize(
    ("state", "facts", "reason"),
    [
        (DeliveryState.GRANTED, {}, MissingReason.LINK_NOT_SENT),
        (DeliveryState.LINK_SENT, {}, MissingReason.LINK_NOT_OPENED),
        (DeliveryState.LINK_SENT, {"has_left": True}, MissingReason.LINK_NOT_OPENED),
        (DeliveryState.LINK_OPENED, {}, MissingReason.NOT_LET_IN),
        (DeliveryState.LINK_OPENED, {"has_left": True}, MissingReason.LEFT),
        (DeliveryState.JOINED, {"has_left": True, "reach": Reach.BLOCKED}, MissingReason.LEFT),
        (DeliveryState.GRANTED, {"reach": Reach.BLOCKED}, MissingReason.BOT_BLOCKED),
        (DeliveryState.GRANTED, {"reach": Reach.NOT_STARTED}, MissingReason.BOT_NOT_STARTED),
        (DeliveryState.JOINED, {"is_closed": True, "reach": Reach.BLOCKED}, MissingReason.BOT_LACKS_RIGHTS),
    ],
)
def test_of_several_reasons_the_one_is_told_that_has_to_go_first(state, facts, reason):
    known = {"has_left": False, "is_closed": False, "reach": Reach.OPEN} | facts
    assert decide_missing_reason(state, **known) is reason
