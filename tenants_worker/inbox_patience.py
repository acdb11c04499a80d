"""Which failures of an update pass by themselves: something did not answer, and nothing is wrong with the update."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from lumenpay.errors import UnavailableError

# PostgreSQL's classes of errors: connection, rolled back, resources, lock not available, operator (shutdown, statement
# timeout), system. All others (a value that does not fit, a broken rule) come again however long one waits.
_PASSING_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})


def is_passing(error: BaseException) -> bool:
    """Tell whether the same update can work later without anything being changed."""
    if isinstance(error, UnavailableError | OSError | TimeoutError | PoolTimeoutError | InterfaceError):
        return True
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return error.connection_invalidated or state[:2] in _PASSING_CLASSES
    return False
