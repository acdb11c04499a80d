"""Time-ordered identifiers, so that new rows land at the end of an index."""

from uuid import UUID

import uuid_utils


def new_uuid7() -> UUID:
    """Return a fresh UUID of version 7 (RFC 9562) as a standard-library UUID."""
    return UUID(bytes=uuid_utils.uuid7().bytes)
