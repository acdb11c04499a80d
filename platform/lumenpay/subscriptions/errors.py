"""What can go wrong with subscriptions."""

from __future__ import annotations

from lumenpay.errors import ConflictError, LumenError, NotFoundError


class SubscriptionNotFoundError(NotFoundError):
    """No such subscription in this tenant."""

    code = "subscription_not_found"


class SubscriptionHasNoEndError(ConflictError):
    """Access is for a lifetime: there is nothing to add."""

    code = "subscription_has_no_end"


class ExtensionNotFoundError(NotFoundError):
    """No such extension in this tenant."""

    code = "extension_not_found"


class ExtensionRunningError(ConflictError):
    """Another extension is not finished yet: two at once would be hard to follow."""

    code = "extension_running"


class GivenTimeInvalidError(LumenError):
    """What is to be given adds nothing, or too much; the fields say which."""

    code = "given_time_invalid"


class NoAutopayError(ConflictError):
    """The subscription never renewed by itself."""

    code = "no_autopay"


class PauseRefusedError(ConflictError):
    """A subscription cannot be paused; `reason` says why.

    `not_allowed`: its plan has no pauses. `used_up`: there were as many as a year may have. `has_no_end`: it is for a
    lifetime. `not_running`: nothing is left of it.
    """

    code = "pause_refused"

    def __init__(self, reason: str) -> None:
        """Keep the reason for whoever shows it."""
        super().__init__(reason, fields={"reason": reason})
        self.reason = reason


class LeavingRulesInvalidError(LumenError):
    """What is to be offered does not fit together; the fields say how."""

    code = "leaving_rules_invalid"


class LeavingNotFoundError(NotFoundError):
    """Nobody turned autopay off under this id in this tenant."""

    code = "leaving_not_found"


class PlanChangeRefusedError(ConflictError):
    """A subscription's plan cannot be changed now; `reason` is a `ChangeRefusal`, or why the plan cannot be taken."""

    code = "plan_change_refused"

    def __init__(self, reason: str) -> None:
        """Keep the reason for whoever shows it."""
        super().__init__(str(reason), fields={"reason": str(reason)})
        self.reason = str(reason)
