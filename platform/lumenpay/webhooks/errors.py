"""What can go wrong with outgoing webhooks."""

from lumenpay.errors import ConflictError, LumenError


class WebhookUrlInvalidError(LumenError):
    """Not an https address of a host on the internet that we would call."""

    code = "webhook_url_invalid"


class TooManyWebhooksError(ConflictError):
    """The tenant has as many endpoints as it may."""

    code = "too_many_webhooks"


class WebhookDisabledError(ConflictError):
    """Nothing is sent to an endpoint that is switched off."""

    code = "webhook_disabled"


class WebhookWaitingError(ConflictError):
    """The delivery is on its way already."""

    code = "webhook_waiting"
