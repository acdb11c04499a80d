"""What can be wrong with a broadcast."""

from __future__ import annotations

from lumenpay.errors import ConflictError, LumenError, NotFoundError, UnavailableError


class BroadcastNotFoundError(NotFoundError):
    """There is no such broadcast in this tenant."""

    code = "broadcast_not_found"


class RecipientNotFoundError(NotFoundError):
    """The person is not of the broadcast's audience."""

    code = "recipient_not_found"


class BroadcastInvalidError(LumenError):
    """It cannot be sent like this; the fields say why."""

    code = "broadcast_invalid"


class BroadcastStateError(ConflictError):
    """It is not in a state in which this can be done."""

    code = "broadcast_state"


class BroadcastNotTestedError(ConflictError):
    """Nobody has looked at it in Telegram as it stands now."""

    code = "broadcast_not_tested"


class TestReaderMissingError(ConflictError):
    """There is nobody to send a test to: no Telegram account is linked, or its person never wrote to the bot."""

    code = "test_reader_missing"


class TestReaderUnreachableError(ConflictError):
    """The subscriber whom a test was for cannot be written to: they blocked the bot, left, or never wrote to it."""

    code = "test_reader_unreachable"


class BroadcastRefusedError(LumenError):
    """Telegram does not take the message; the field `telegram` has its words."""

    code = "broadcast_refused"


class MediumRefusedError(LumenError):
    """The file is none that can be sent; the field `file` says why."""

    code = "medium_refused"


class UploadsBusyError(UnavailableError):
    """As many files are on their way already as one process takes."""

    code = "uploads_busy"
