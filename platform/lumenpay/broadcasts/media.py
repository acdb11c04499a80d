"""Pure rules of files for broadcasts: what a file is by its first bytes, how large it may be, and what it is called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lumenpay.broadcasts.errors import MediumRefusedError
from lumenpay.models.broadcasts import MediumKind

MAX_PHOTO_BYTES: Final = 10_000_000
MAX_FILE_BYTES: Final = 50_000_000
"""What Telegram takes of a bot: "Sending files" in the description of its Bot API."""
HEAD_BYTES: Final = 16
"""So many of the first bytes tell what a file is."""
_LONGEST_STEM: Final = 60


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file as Telegram is told it; of a container, the endings that its kinds go by."""

    mime: str
    ending: str
    other_endings: frozenset[str] = frozenset()


_JPEG = FileType("image/jpeg", "jpg")
_PNG = FileType("image/png", "png")
_WEBP = FileType("image/webp", "webp")
_MP4 = FileType("video/mp4", "mp4")
_MP3 = FileType("audio/mpeg", "mp3")
_PDF = FileType("application/pdf", "pdf")
_GIF = FileType("image/gif", "gif")
_ZIP = FileType("application/zip", "zip", frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp", "epub"}))
_BEGINNINGS: Final[Mapping[bytes, FileType]] = {
    b"\xff\xd8\xff": _JPEG, b"\x89PNG\r\n\x1a\n": _PNG, b"%PDF-": _PDF, b"GIF87a": _GIF, b"GIF89a": _GIF,
    b"PK\x03\x04": _ZIP, b"ID3": _MP3, b"\xff\xfb": _MP3, b"\xff\xf3": _MP3, b"\xff\xf2": _MP3,
}  # fmt: skip
_MP4_BRANDS: Final = (b"iso", b"mp4", b"avc1", b"M4V", b"MSNV", b"dash")
_ALLOWED: Final[Mapping[MediumKind, frozenset[FileType]]] = {
    MediumKind.PHOTO: frozenset({_JPEG, _PNG, _WEBP}),
    MediumKind.VIDEO: frozenset({_MP4}),
    # Nothing that a phone or a browser would run: no programs, no pages, no drawings with scripts.
    MediumKind.DOCUMENT: frozenset({_JPEG, _PNG, _WEBP, _GIF, _MP4, _MP3, _PDF, _ZIP}),
}


def check_size(kind: MediumKind, size_bytes: int) -> None:
    """Return if a file of this kind may be so large.

    Raises:
        MediumRefusedError: It is empty, or larger than Telegram takes.
    """
    if size_bytes == 0:
        raise MediumRefusedError(fields={"file": "empty"})
    if size_bytes > (MAX_PHOTO_BYTES if kind is MediumKind.PHOTO else MAX_FILE_BYTES):
        raise MediumRefusedError(fields={"file": "too_large"})


def find_type(kind: MediumKind, head: bytes) -> FileType:
    """Return what a file is, whatever it is called.

    Args:
        head: Its first `HEAD_BYTES`, or all of a shorter one.

    Raises:
        MediumRefusedError: Nothing that may be sent as this kind.
    """
    found = _recognise(head)
    if found is None or found not in _ALLOWED[kind]:
        raise MediumRefusedError(fields={"file": f"not_a_{kind.value}"})
    return found


def clean_name(name: str, file_type: FileType) -> str:
    """Return what a file is called towards Telegram: no path, nothing unseen, and the ending of what it is."""
    last = re.split(r"[\\/]", name)[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C" and letter not in '"<>:|?*%;')
    stem, _, ending = seen.rpartition(".")
    ending = ending.lower()
    if ending not in file_type.other_endings:
        ending = file_type.ending
    return f"{(stem or seen)[:_LONGEST_STEM].strip(' .') or 'file'}.{ending}"


def _recognise(head: bytes) -> FileType | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _WEBP
    if head[4:8] == b"ftyp" and head[8:12].startswith(_MP4_BRANDS):
        return _MP4
    return next((known for beginning, known in _BEGINNINGS.items() if head.startswith(beginning)), None)
