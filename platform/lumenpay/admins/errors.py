"""What can go wrong with people and their sessions."""

from lumenpay.errors import ConflictError, ErrorKind, LumenError, NotFoundError, UnavailableError


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


class AdminNotFoundError(NotFoundError):
    """Nobody has such an account."""

    code = "admin_not_found"


class MfaRequiredError(LumenError):
    """The console needs a second factor in this session, shown lately."""

    code = "mfa_required"
    kind = ErrorKind.FORBIDDEN


class ConsoleNotConfiguredError(UnavailableError):
    """The installation has no database role for the console."""

    code = "console_not_configured"
