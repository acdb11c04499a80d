"""Pure rules of the referral programme: who can be invited, what is given, and how a link names its owner."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from lumenpay.models.referrals import ReferralState, RewardKind
from lumenpay.users.rules import INVITATION_PREFIX

MOST: Final = {RewardKind.DAYS: 366, RewardKind.PERCENT: 100}
_UUID_CHARACTERS: Final = 22
_MOVES: Final = {
    ReferralState.INVITED: frozenset({ReferralState.BOUGHT}),
    ReferralState.BOUGHT: frozenset({ReferralState.REWARDED, ReferralState.PASSED}),
    ReferralState.REWARDED: frozenset({ReferralState.TAKEN_BACK}),
}


@dataclass(frozen=True, slots=True)
class ReferralTerms:
    """What an owner sets: a reward for who invites, a welcome for who is invited, each of them or neither.

    A value counts days or percent, by its kind.
    """

    is_on: bool = False
    reward_kind: RewardKind | None = None
    reward_value: int | None = None
    welcome_kind: RewardKind | None = None
    welcome_value: int | None = None
    rewards_a_month: int | None = None


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What is known of two people when one comes by the link of the other."""

    is_same_person: bool
    was_invited: bool
    had_access: bool
    is_above_inviter: bool
    """Whether the one who comes invited the other, directly or through others."""


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """What is known of an invited person's purchase when the reward is decided."""

    is_refunded: bool
    has_earlier: bool
    rewards_this_month: int


def can_move(old: ReferralState, new: ReferralState) -> bool:
    """Tell whether a referral may go from one state to another."""
    return new in _MOVES.get(old, frozenset())


def find_problems(terms: ReferralTerms) -> dict[str, str]:
    """Return what is wrong with settings, by field."""
    problems: dict[str, str] = {}
    for name, kind, value in (
        ("reward", terms.reward_kind, terms.reward_value), ("welcome", terms.welcome_kind, terms.welcome_value),
    ):  # fmt: skip
        if (kind is None) != (value is None):
            problems[f"{name}_value" if value is None else f"{name}_kind"] = "missing"
        elif kind is not None and value is not None and not 1 <= value <= MOST[kind]:
            problems[f"{name}_value"] = "out_of_range"
    if terms.is_on and terms.reward_kind is None and terms.welcome_kind is None:
        problems["reward_kind"] = "reward_or_welcome"
    return problems


def decide_refusal(facts: InvitationFacts) -> str:
    """Return why somebody who comes by an invitation is not invited by it, empty when they are."""
    checks = (
        ("yourself", facts.is_same_person),
        ("invited_already", facts.was_invited),
        ("subscriber", facts.had_access),
        ("loop", facts.is_above_inviter),
    )
    return next((reason for reason, applies in checks if applies), "")


def decide_pass(kind: RewardKind | None, facts: PurchaseFacts, *, rewards_a_month: int | None) -> str:
    """Return why a purchase brings no reward, empty when it does."""
    checks = (
        ("no_reward", kind is None),
        ("refunded", facts.is_refunded),
        ("not_first", facts.has_earlier),
        ("cap", rewards_a_month is not None and facts.rewards_this_month >= rewards_a_month),
    )
    return next((reason for reason, applies in checks if applies), "")


def begin_of_month(now: datetime, *, time_zone: str) -> datetime:
    """Return the first moment of the calendar month of a moment in a zone."""
    local = now.astimezone(ZoneInfo(time_zone))
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def write_payload(user_id: UUID) -> str:
    """Return the payload of a person's own invitation link (26 characters)."""
    return INVITATION_PREFIX + urlsafe_b64encode(user_id.bytes).decode().rstrip("=")


def read_payload(payload: str) -> UUID | None:
    """Return whose link a payload is of; None for anything that `write_payload` did not make."""
    text = payload.removeprefix(INVITATION_PREFIX)
    if text == payload or len(text) != _UUID_CHARACTERS or not text.isascii():
        return None
    try:
        found = UUID(bytes=urlsafe_b64decode(text + "=="))
    except (ValueError, binascii.Error):
        return None
    return found if write_payload(found) == payload else None
