"""What can go wrong with exports."""

from __future__ import annotations

from lumenpay.errors import ConflictError, LumenError, NotFoundError


class ExportNotFoundError(NotFoundError):
    """No such export in this tenant, or it was removed by its age."""

    code = "export_not_found"


class ExportInvalidError(LumenError):
    """A column, a time zone or a filter makes no sense; the fields say which."""

    code = "export_invalid"


class TooManyExportsError(ConflictError):
    """So many are being written already that another one has to wait."""

    code = "too_many_exports"


class ExportNotReadyError(ConflictError):
    """The file is not written yet, or never will be."""

    code = "export_not_ready"
