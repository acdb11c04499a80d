"""What can be said of a request that came before, besides its answer."""

from lumenpay.errors import ConflictError, LumenError


class IdempotencyKeyInvalidError(LumenError):
    """Not a word of up to 255 printable characters."""

    code = "idempotency_key_invalid"


class RequestRunningError(ConflictError):
    """The request with this key is being carried out at this moment."""

    code = "request_running"


class AnswerNotKeptError(ConflictError):
    """The request with this key has changed something, and its answer was not kept."""

    code = "answer_not_kept"
