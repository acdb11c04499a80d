"""What can go wrong with people and their sessions."""

from lumenpay.errors import ConflictError, ErrorKind, LumenError


class EmailTakenError(ConflictError):
    """Somebody signed up with this e-mail already."""

    code = "email_taken"


class EmailInvalidError(LumenError):
    """Not an e-mail address."""

    code = "email_invalid"


class PasswordTooWeakError(LumenError):
    """Shorter than ten characters, or one of the few that everybody tries."""

    code = "password_too_weak"


class WrongCredentialsError(LumenError):
    """No such account, or a wrong password: the same answer."""

    code = "wrong_credentials"
    kind = ErrorKind.UNAUTHENTICATED


class NotSignedInError(LumenError):
    """There is no session, or it has ended."""

    code = "not_signed_in"
    kind = ErrorKind.UNAUTHENTICATED
