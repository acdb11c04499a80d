"""Both languages explain everything that a step can say."""

from __future__ import annotations

import re
from pathlib import Path

from lumenpay.channels.rules import list_missing_rights
from lumenpay.models.channels import ChannelStatus
from lumenpay.onboarding import rules
from lumenpay.onboarding.hints import HINTS, write_hint


def test_both_languages_have_the_same_hints():
    assert HINTS["ru"].keys() == HINTS["en"].keys()


def test_every_reason_and_every_right_has_a_hint():
    reasons = set(re.findall(r'"([a-z]+_[a-z_]+)"', Path(rules.__file__).read_text(encoding="utf-8")))
    reasons -= {code.value for code in rules.StepCode} | {state.value for state in rules.StepState}
    rights = {
        right
        for status in ChannelStatus
        for right in list_missing_rights(status=status, can_invite_users=False, can_restrict_members=False)
    }
    assert reasons | rights == HINTS["en"].keys()


def test_missing_rights_are_told_in_words():
    told = write_hint("rights_missing", locale="en", missing_rights=["can_invite_users", "can_restrict_members"])
    assert told == "Give the bot in the channel: “Add members”, “Ban users”."
