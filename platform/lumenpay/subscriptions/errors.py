"""What can go wrong with subscriptions."""

from lumenpay.errors import NotFoundError


class SubscriptionNotFoundError(NotFoundError):
    """No such subscription in this tenant."""

    code = "subscription_not_found"
