"""What can go wrong with subscribers."""

from lumenpay.errors import NotFoundError


class UserNotFoundError(NotFoundError):
    """No such subscriber in this tenant."""

    code = "user_not_found"
