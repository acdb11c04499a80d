"""What can go wrong with subscribers."""

from lumenpay.errors import ConflictError, LumenError, NotFoundError


class UserNotFoundError(NotFoundError):
    """No such subscriber in this tenant."""

    code = "user_not_found"


class TagInvalidError(LumenError):
    """Not a tag: empty, too long, or one more than a person can have."""

    code = "tag_invalid"


class UserForgottenError(ConflictError):
    """The person is being forgotten, or was: nothing more can be stored about them, given or sold to them."""

    code = "user_forgotten"
