"""A copy of somebody's data is a file that Telegram takes (fault O2)."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import orjson

from lumenpay.erasures.copies import LARGEST_BYTES, pack_copy

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
TABLES = {"users": [{"first_name": "Анна"}], "telegram_updates": [{"body": "x" * 5_000}]}


def test_a_copy_is_plain_json_as_long_as_it_fits_o2() -> None:
    file = pack_copy(TABLES, told_at=AT)
    assert file is not None
    assert file.name == "my-data-2026-11-20.json"
    assert orjson.loads(file.content) == {"told_at": AT.isoformat(), "tables": TABLES}


def test_a_large_copy_is_packed_o2() -> None:
    file = pack_copy(TABLES, told_at=AT, largest_bytes=1_000)
    assert file is not None
    assert (file.name, len(file.content) <= 1_000) == ("my-data-2026-11-20.json.gz", True)
    assert orjson.loads(gzip.decompress(file.content))["tables"] == TABLES


def test_what_does_not_fit_even_so_is_no_file_o2() -> None:
    assert pack_copy(TABLES, told_at=AT, largest_bytes=50) is None


def test_the_limit_leaves_room_for_the_rest_of_the_request_o2() -> None:
    assert 40_000_000 < LARGEST_BYTES < 50_000_000
