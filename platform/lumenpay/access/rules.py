"""Pure rules of the doors: who is let in, who is taken out, what a change of membership means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lumenpay.models.access import ActualPlace, WantedPlace
from lumenpay.models.payments import DeliveryState
from lumenpay.users.rules import Reach


class JoinDecision(StrEnum):
    """The answer to a person who knocks."""

    APPROVE = "approve"
    DECLINE = "decline"
    IGNORE = "ignore"
    """The chat is not one of ours."""


class Adder(StrEnum):
    """Who brought a person in who did not come by themselves."""

    NOBODY = "nobody"
    ADMIN = "admin"
    """Somebody who runs the chat."""
    SOMEBODY = "somebody"
    """A member of a group, who may or may not run it: Telegram does not say so by itself."""


class JoinMeaning(StrEnum):
    """What it means that a person came in."""

    PAYER = "payer"
    PAYER_ELSEWHERE = "payer_elsewhere"
    """Has a place through another bot, which looks after them."""
    WHITELISTED = "whitelisted"
    """Need not pay, until the owner changes that."""
    INVITED_BY_OWNER = "invited_by_owner"
    ADDED_BY_SOMEBODY = "added_by_somebody"
    """Stays until it is known whether whoever added them may do so."""
    STRANGER = "stranger"


class MissingReason(StrEnum):
    """Why somebody who paid is not inside."""

    BOT_LACKS_RIGHTS = "bot_lacks_rights"
    """Nobody can be let in until the bot has its rights again."""
    BOT_BLOCKED = "bot_blocked"
    """The person has blocked the bot: no message with a link arrives."""
    BOT_NOT_STARTED = "bot_not_started"
    """The person, known from a list, has not started the bot: no message arrives before."""
    LINK_NOT_SENT = "link_not_sent"
    LINK_NOT_OPENED = "link_not_opened"
    NOT_LET_IN = "not_let_in"
    """The link was opened, and the person is not inside yet."""
    LEFT = "left"


class RemovalDecision(StrEnum):
    """Whether a person is taken out now."""

    REMOVE = "remove"
    KEEP_PAID = "keep_paid"
    KEEP_UNMANAGED = "keep_unmanaged"
    ALREADY_OUTSIDE = "already_outside"


@dataclass(frozen=True, slots=True)
class Standing:
    """What we know of a person at a door."""

    has_right: bool
    is_whitelisted: bool = False
    has_place_elsewhere: bool = False


def decide_join_request(standing: Standing) -> JoinDecision:
    """Return whether the person who asks is let in: only who has the right at this moment."""
    is_welcome = standing.has_right or standing.is_whitelisted or standing.has_place_elsewhere
    return JoinDecision.APPROVE if is_welcome else JoinDecision.DECLINE


def decide_join(standing: Standing, *, adder: Adder) -> JoinMeaning:
    """Return what it means that the person came in; whom those who run the chat add by hand is their business."""
    if standing.has_right:
        return JoinMeaning.PAYER
    if adder is Adder.ADMIN:
        return JoinMeaning.INVITED_BY_OWNER
    if adder is Adder.SOMEBODY:
        return JoinMeaning.ADDED_BY_SOMEBODY
    if standing.is_whitelisted:
        return JoinMeaning.WHITELISTED
    if standing.has_place_elsewhere:
        return JoinMeaning.PAYER_ELSEWHERE
    return JoinMeaning.STRANGER


def decide_removal(standing: Standing, *, wanted: WantedPlace, actual: ActualPlace) -> RemovalDecision:
    """Return whether the person is taken out now. Admins and people who were inside before are never touched."""
    if standing.has_right:
        return RemovalDecision.KEEP_PAID
    is_untouchable = wanted is WantedPlace.UNMANAGED or actual is ActualPlace.ADMIN
    if is_untouchable or standing.is_whitelisted or standing.has_place_elsewhere:
        return RemovalDecision.KEEP_UNMANAGED
    return RemovalDecision.ALREADY_OUTSIDE if actual is ActualPlace.OUTSIDE else RemovalDecision.REMOVE


def decide_missing_reason(state: DeliveryState, *, has_left: bool, is_closed: bool, reach: Reach) -> MissingReason:
    """Return why a payer is not inside, the reason first that somebody has to do something about.

    Args:
        has_left: Was inside one of the channels and is not any more.
        is_closed: The bot can let nobody into one of the channels at the moment.
    """
    if is_closed:
        return MissingReason.BOT_LACKS_RIGHTS
    if state is DeliveryState.JOINED:
        return MissingReason.LEFT
    if reach is not Reach.OPEN:
        return MissingReason.BOT_BLOCKED if reach is Reach.BLOCKED else MissingReason.BOT_NOT_STARTED
    if state is DeliveryState.LINK_OPENED:
        return MissingReason.LEFT if has_left else MissingReason.NOT_LET_IN
    return MissingReason.LINK_NOT_OPENED if state is DeliveryState.LINK_SENT else MissingReason.LINK_NOT_SENT
