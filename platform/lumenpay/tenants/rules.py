"""Pure rules of tenants: which settings make sense."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import available_timezones

MAX_REMINDERS = 8
MAX_OFFSET_SECONDS = 90 * 86_400
MAX_GRACE_SECONDS = 30 * 86_400


def find_setting_problems(
    *, time_zone: str, locale: str, reminder_offsets_seconds: Sequence[int], grace_seconds: int
) -> dict[str, str]:
    """Return what is wrong with a tenant's settings, by field."""
    problems: dict[str, str] = {}
    if time_zone not in available_timezones():
        problems["time_zone"] = "unknown"
    if locale not in ("ru", "en"):
        problems["locale"] = "unknown"
    if len(reminder_offsets_seconds) > MAX_REMINDERS or not all(
        0 < offset <= MAX_OFFSET_SECONDS for offset in reminder_offsets_seconds
    ):
        problems["reminder_offsets_seconds"] = "out_of_range"
    if not 0 <= grace_seconds <= MAX_GRACE_SECONDS:
        problems["grace_seconds"] = "out_of_range"
    return problems
