"""What can go wrong with reconciliations."""

from __future__ import annotations

from lumenpay.errors import ConflictError, NotFoundError


class ReconciliationNotFoundError(NotFoundError):
    """No such run in this tenant."""

    code = "reconciliation_not_found"


class FindingNotFoundError(NotFoundError):
    """No such difference in this tenant."""

    code = "reconciliation_finding_not_found"


class FindingClosedError(ConflictError):
    """The difference does not wait for anybody."""

    code = "reconciliation_finding_closed"
