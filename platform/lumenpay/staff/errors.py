"""What can go wrong in the console."""

from lumenpay.errors import ErrorKind, LumenError


class ImpersonationReadOnlyError(LumenError):
    """Whoever looks at a tenant as staff changes nothing in it."""

    code = "impersonation_read_only"
    kind = ErrorKind.FORBIDDEN
