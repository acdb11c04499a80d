"""What can go wrong with channels."""

from lumenpay.errors import LumenError, NotFoundError


class ChannelNotFoundError(NotFoundError):
    """No such channel in this tenant."""

    code = "channel_not_found"


class ChannelUnsuitableError(LumenError):
    """Only channels and supergroups can be sold."""

    code = "channel_unsuitable"
