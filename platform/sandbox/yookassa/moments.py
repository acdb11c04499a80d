"""How the gateway writes moments. The clock itself is the sandbox's."""

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    """Write a moment as the gateway does: UTC, milliseconds, a Z at the end."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
