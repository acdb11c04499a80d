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
