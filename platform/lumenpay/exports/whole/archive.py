"""Writes a ZIP piece by piece: what stands between two pieces is a few numbers, so that anybody can go on after them.

`zipfile` keeps the state of its compressor in memory, and a worker that comes after a killed one has none of it. Here
every piece is compressed by itself and ends on a whole byte; such pieces in a row are one stream again (RFC 1951,
"empty stored block"). Layout: PKWARE APPNOTE 4.3, sizes after the data.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

MAX_BYTES: Final = 2**32 - 1
"""What a plain ZIP can hold: of the archive, and of each file in it."""
_VERSION: Final = 20
_FLAGS: Final = 0x0808
"""Sizes stand after the data, names are UTF-8."""
_DEFLATED: Final = 8
_LAST_BLOCK: Final = b"\x03\x00"
_RAW: Final = -15
_FIRST_YEAR: Final = 1980


@dataclass(slots=True)
class Entry:
    """A file of the archive: where it begins, and what is written of it so far."""

    name: str
    begins_at: int
    rows: int = 0
    crc: int = 0
    size: int = 0
    packed: int = 0


def begin_entry(entry: Entry, *, moment: datetime) -> bytes:
    """Return what stands before a file's data; the moment is shown as it is."""
    name = entry.name.encode()
    head = struct.pack("<4sHHHLLLLHH", b"PK\x03\x04", *_about(moment), 0, 0, 0, len(name), 0)
    return head + name


def add_to_entry(entry: Entry, data: bytes) -> bytes:
    """Return the next piece of a file, compressed."""
    compressor = zlib.compressobj(wbits=_RAW)
    packed = compressor.compress(data) + compressor.flush(zlib.Z_FULL_FLUSH)
    entry.crc = zlib.crc32(data, entry.crc)
    entry.size += len(data)
    entry.packed += len(packed)
    return packed


def end_entry(entry: Entry) -> bytes:
    """Return what stands after a file's data."""
    entry.packed += len(_LAST_BLOCK)
    return _LAST_BLOCK + struct.pack("<4sLLL", b"PK\x07\x08", entry.crc, entry.packed, entry.size)


def end_archive(entries: Sequence[Entry], *, at: int, moment: datetime) -> bytes:
    """Return the table of contents, which stands `at` so many bytes after the beginning."""
    table = b"".join(_list_entry(entry, moment) for entry in entries)
    count = len(entries)
    return table + struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count, count, len(table), at, 0)


def _list_entry(entry: Entry, moment: datetime) -> bytes:
    name = entry.name.encode()
    head = struct.pack(
        "<4sHHHHLLLLHHHHHLL", b"PK\x01\x02", _VERSION, *_about(moment), entry.crc, entry.packed, entry.size, len(name),
        0, 0, 0, 0, 0, entry.begins_at,
    )  # fmt: skip
    return head + name


def _about(moment: datetime) -> tuple[int, int, int, int]:
    """Version, flags, method, and the moment as MS-DOS had it: in steps of two seconds."""
    day = (max(moment.year - _FIRST_YEAR, 0) << 9) | (moment.month << 5) | moment.day
    time = (moment.hour << 11) | (moment.minute << 5) | (moment.second // 2)
    return _VERSION, _FLAGS, _DEFLATED, (day << 16) | time
