"""What a file is by its first bytes, whatever it is called."""

from __future__ import annotations

import pytest

from lumenpay.broadcasts.errors import MediumRefusedError
from lumenpay.broadcasts.media import MAX_FILE_BYTES, MAX_PHOTO_BYTES, check_size, clean_name, find_type
from lumenpay.models.broadcasts import MediumKind

PHOTO, VIDEO, DOCUMENT = MediumKind
JPEG, PNG, WEBP = b"\xff\xd8\xff\xe0\0\x10JFIF", b"\x89PNG\r\n\x1a\n\0\0\0\r", b"RIFF\x10\0\0\0WEBPVP8 "
MP4, MOV = b"\0\0\0\x18ftypmp42\0\0\0\0", b"\0\0\0\x14ftypqt  \0\0\0\0"
PDF, ZIP, GIF = b"%PDF-1.7\n%\xe2\xe3", b"PK\x03\x04\x14\0\x06\0", b"GIF89a\x01\0\x01\0"
HARMFUL = {
    "svg": b"<svg onload='aler", "xml": b"<?xml version='1", "html": b"<!doctype html><", "exe": b"MZ\x90\0\x03\0\0\0",
    "elf": b"\x7fELF\x02\x01\x01\0", "script": b"#!/bin/sh\nrm -rf", "apk": b"dex\n035\0", "gzip": b"\x1f\x8b\x08\0",
    "rar": b"Rar!\x1a\x07\x01\0", "nothing": b"", "one byte": b"\xff", "riff": b"RIFF\x10\0\0\0AVI LIST",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "head", "mime"),
    [
        (PHOTO, JPEG, "image/jpeg"), (PHOTO, PNG, "image/png"), (PHOTO, WEBP, "image/webp"),
        (VIDEO, MP4, "video/mp4"), (DOCUMENT, PDF, "application/pdf"), (DOCUMENT, ZIP, "application/zip"),
        (DOCUMENT, GIF, "image/gif"), (DOCUMENT, JPEG, "image/jpeg"), (DOCUMENT, MP4, "video/mp4"),
    ],
)  # fmt: skip
def test_a_file_is_what_its_first_bytes_say_j9(kind: MediumKind, head: bytes, mime: str) -> None:
    assert find_type(kind, head).mime == mime


@pytest.mark.parametrize(
    ("kind", "head"),
    [
        *((kind, head) for kind in MediumKind for head in HARMFUL.values()),
        (PHOTO, MP4), (PHOTO, GIF), (PHOTO, PDF), (PHOTO, ZIP), (VIDEO, JPEG), (VIDEO, MOV), (VIDEO, ZIP),
    ],
)  # fmt: skip
def test_what_it_is_not_it_cannot_be_sent_as_j9(kind: MediumKind, head: bytes) -> None:
    with pytest.raises(MediumRefusedError) as refused:
        find_type(kind, head)
    assert refused.value.fields == {"file": f"not_a_{kind.value}"}


@pytest.mark.parametrize(
    ("kind", "size", "why"),
    [
        (PHOTO, MAX_PHOTO_BYTES, None), (PHOTO, MAX_PHOTO_BYTES + 1, "too_large"), (DOCUMENT, MAX_FILE_BYTES, None),
        (VIDEO, MAX_FILE_BYTES + 1, "too_large"), (VIDEO, 0, "empty"),
    ],
)  # fmt: skip
def test_a_file_is_as_large_as_telegram_takes_it_j9(kind: MediumKind, size: int, why: str | None) -> None:
    if why is None:
        check_size(kind, size)
        return
    with pytest.raises(MediumRefusedError) as refused:
        check_size(kind, size)
    assert refused.value.fields == {"file": why}


@pytest.mark.parametrize(
    ("given", "head", "called"),
    [
        ("Прайс 2026.PDF", PDF, "Прайс 2026.pdf"), ("../../etc/passwd", PDF, "passwd.pdf"), ("", PDF, "file.pdf"),
        (r"C:\temp\report.docx", ZIP, "report.docx"), ("report.exe", ZIP, "report.zip"), ("a.docm", ZIP, "a.zip"),
        ("invoice\u202efdp.exe", PDF, "invoicefdp.pdf"), ('a"; filename="b.exe', PDF, "a filename=b.pdf"),
        ("a\r\nX-Evil: 1.pdf", PDF, "aX-Evil 1.pdf"), ("..", PDF, "file.pdf"), ("x" * 300, PDF, "x" * 60 + ".pdf"),
        (".pdf", PDF, "pdf.pdf"),
    ],
)  # fmt: skip
def test_a_name_is_cleaned_and_ends_as_the_file_is_j9(given: str, head: bytes, called: str) -> None:
    assert clean_name(given, find_type(DOCUMENT, head)) == called
