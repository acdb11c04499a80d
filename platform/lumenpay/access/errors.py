"""What can go wrong at the doors."""

from __future__ import annotations

from lumenpay.errors import ConflictError, NotFoundError


class NothingToSendError(ConflictError):
    """No running subscription: there is no link to send."""

    code = "nothing_to_send"


class BotBlockedError(ConflictError):
    """The person has blocked the bot and cannot be written to."""

    code = "bot_blocked_by_user"


class BotNotStartedError(ConflictError):
    """The person, known from a list, has not started the bot and cannot be written to before."""

    code = "bot_not_started"


class SweepNotFoundError(NotFoundError):
    """No such sweep through a channel in this tenant."""

    code = "membership_sweep_not_found"


class SweepDecidedError(ConflictError):
    """The sweep does not wait for a decision, or not for one about so many people."""

    code = "membership_sweep_decided"
