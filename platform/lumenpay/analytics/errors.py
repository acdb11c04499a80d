"""What can go wrong when figures are asked for."""

from lumenpay.errors import ErrorKind, LumenError


class PeriodInvalidError(LumenError):
    """The days that were asked for make no period."""

    code = "period_invalid"
    kind = ErrorKind.INVALID
