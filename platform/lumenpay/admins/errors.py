"""What can go wrong with people and their sessions."""

from lumenpay.errors import ConflictError, ErrorKind, LumenError, NotFoundError, UnavailableError


class EmailTakenError(ConflictError):
    """Somebody has this e-mail already; said only to who has proved that the mailbox is theirs."""

    code = "email_taken"


class EmailInvalidError(LumenError):
    """Not an e-mail address."""

    code = "email_invalid"


class PasswordTooWeakError(LumenError):
    """Too short, or easy to guess."""

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


class LinkInvalidError(LumenError):
    """The link of a letter was used, has run out, or never was one."""

    code = "link_invalid"


class CodeInvalidError(LumenError):
    """A wrong, used or old code of the authenticator, or a recovery code that is none."""

    code = "code_invalid"


class ChallengeOverError(LumenError):
    """The second step came too late or too often: the login begins anew."""

    code = "login_expired"
    kind = ErrorKind.UNAUTHENTICATED


class ReauthRequiredError(LumenError):
    """A dangerous change needs a proof of who asks that is not older than ten minutes."""

    code = "reauth_required"
    kind = ErrorKind.FORBIDDEN


class SecondFactorStateError(ConflictError):
    """The second factor is on already, or is not on."""

    code = "second_factor_state"


class LastWayInError(ConflictError):
    """Without it the person could not log in any more."""

    code = "last_way_in"


class IdentityTakenError(ConflictError):
    """The account at the other service belongs to another person here."""

    code = "identity_taken"


class ProviderUnknownError(NotFoundError):
    """This installation has no such provider."""

    code = "provider_unknown"


class OidcRefusedError(LumenError):
    """What came back from the provider is not the answer to what this browser began."""

    code = "oidc_refused"


class ProviderUnavailableError(UnavailableError):
    """The provider does not answer."""

    code = "provider_unavailable"


class TooManyAttemptsError(LumenError):
    """Too many attempts in a while.

    Attributes:
        retry_after_seconds: When the next one counts.
    """

    code = "too_many_attempts"
    kind = ErrorKind.TOO_MANY

    def __init__(self, *, retry_after_seconds: float) -> None:
        """Keep when to come back."""
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class TooManyRequestsError(TooManyAttemptsError):
    """A person, or all people of a tenant together, called the API more often than they may in a minute."""

    code = "too_many_requests"


class AttemptsUncountedError(UnavailableError):
    """Attempts cannot be counted now, so none is let through."""

    code = "attempts_uncounted"
