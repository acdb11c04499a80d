"""What can go wrong with API keys."""

from lumenpay.admins.errors import AttemptsUncountedError, TooManyAttemptsError
from lumenpay.errors import ConflictError, ErrorKind, LumenError


class ApiKeyInvalidError(LumenError):
    """No such key of this tenant, or it was revoked, replaced or has run out: the same answer."""

    code = "api_key_invalid"
    kind = ErrorKind.UNAUTHENTICATED


class ScopeMissingError(LumenError):
    """The key does not include the operation."""

    code = "scope_missing"
    kind = ErrorKind.FORBIDDEN


class NotForApiKeysError(LumenError):
    """The operation needs a person who is logged in; no key includes it."""

    code = "not_for_api_keys"
    kind = ErrorKind.FORBIDDEN


class ScopeUnknownError(LumenError):
    """There is no such scope."""

    code = "scope_unknown"


class ApiKeyEndInvalidError(LumenError):
    """A key cannot end in the past."""

    code = "api_key_end_invalid"


class TooManyApiKeysError(ConflictError):
    """The tenant has as many keys as it may."""

    code = "too_many_api_keys"


class TooManyCallsError(TooManyAttemptsError):
    """The key was used more often than it may be in a while."""

    code = "too_many_calls"


class CallsUncountedError(AttemptsUncountedError):
    """Calls cannot be counted now, so none is let through."""

    code = "calls_uncounted"
