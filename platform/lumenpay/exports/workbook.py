"""A workbook on disk that takes row after row: its memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

PART_BYTES = 512 * 1024
_OPTIONS = {
    "constant_memory": True,
    # What looks like a formula, a number or an address in a text stays a text.
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class Workbook:
    """One sheet with a head; not for several threads at once."""

    def __init__(self, path: Path, titles: Sequence[str]) -> None:
        """Begin the file with its head."""
        self._path = path
        self._book = xlsxwriter.Workbook(str(path), {**_OPTIONS, "tmpdir": str(path.parent)})
        self._sheet = self._book.add_worksheet()
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        bold = self._book.add_format({"bold": True})
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, max(len(titles) - 1, 0), 18)
        for column, title in enumerate(titles):
            self._sheet.write_string(0, column, title, bold)
        self._row = 1

    def add_rows(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write rows below the last one."""
        for cells in rows:
            for column, cell in enumerate(cells):
                self._write(column, cell)
            self._row += 1

    def close(self) -> int:
        """End the file and return its size in bytes."""
        self._book.close()
        return self._path.stat().st_size

    def read_parts(self) -> Iterator[bytes]:
        """Return the ended file piece by piece."""
        with self._path.open("rb") as file:
            while part := file.read(PART_BYTES):
                yield part

    def _write(self, column: int, cell: object) -> None:
        if isinstance(cell, dict):
            self._sheet.write_datetime(self._row, column, datetime.fromisoformat(cell["at"]), self._moment)
        elif isinstance(cell, int | float):
            self._sheet.write_number(self._row, column, cell)
        elif isinstance(cell, str) and cell:
            # Excel's own limit; more would make it refuse the file.
            self._sheet.write_string(self._row, column, cell[:32_767])
