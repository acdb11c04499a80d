"""What can go wrong with imports."""

from __future__ import annotations

from lumenpay.errors import ConflictError, LumenError, NotFoundError


class ImportNotFoundError(NotFoundError):
    """No such import in this tenant."""

    code = "import_not_found"


class ImportFileInvalidError(LumenError):
    """The file as a whole cannot be read; the fields say why."""

    code = "import_file_invalid"

    def __init__(self, problem: str) -> None:
        """Name what is wrong with the file."""
        super().__init__(fields={"content": problem})


class ImportColumnsInvalidError(LumenError):
    """What was said of the columns cannot be meant; `columns.N.field` or `columns.N.column` names which."""

    code = "import_columns_invalid"


class ImportStoppedError(ConflictError):
    """It was stopped: a stopped import does not begin again. The file can be uploaded anew."""

    code = "import_stopped"
