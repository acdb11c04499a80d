"""Structured logs on standard error: one JSON object a line, redacted; readable text in a terminal."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, cast

import structlog

from lumenpay.kit.redaction import redact_fields, redact_text

if TYPE_CHECKING:
    from collections.abc import MutableMapping

_ERROR = "_error"
_QUIET_LOGGERS = ("aiogram", "celery", "aiohttp.access", "httpx", "httpcore", "uvicorn.access", "asyncio", "kombu")


_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}
_CONTROLS |= {0x2028: "\\u2028", 0x2029: "\\u2029"}  # they end a line for some readers
_CONTROLS |= {code: f"\\u{code:04x}" for code in range(0xD800, 0xE000)}  # half a character cannot be written at all
_TRACEBACK = "exception"


def _escape_controls(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Write control characters as they are spelt: a text from outside must not begin a line or colour a terminal."""
    for key, value in event.items():
        if isinstance(value, str):
            kept = value.split("\n") if key == _TRACEBACK else [value]
            event[key] = "\n".join(part.translate(_CONTROLS) for part in kept)
    return event


def _redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return redact_fields(event)


def _keep_error(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    given = event.get("exc_info")
    error = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given is True else given
    if isinstance(error, BaseException):
        event[_ERROR] = error
    return event


def _hand_over(logger: Any, method: str, event: Any) -> Any:  # noqa: ANN401 - structlog's own loose types
    error = event.pop(_ERROR, None)
    positional, named = structlog.stdlib.ProcessorFormatter.wrap_for_formatter(logger, method, event)
    # Whoever reports errors from log records (Sentry) groups them by exception, not by a text with ids in it. The
    # formatter writes the text alone.
    return positional, {**named, "exc_info": error} if error is not None else named


class _RedactingFilter(logging.Filter):
    """Redacts the finished message and the traceback of records from other libraries."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg, record.args = redact_text(record.getMessage()), ()
        return True


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    def formatException(self, exc_info: Any) -> str:  # noqa: N802, ANN401 - the name and type of the base class
        return redact_text(super().formatException(exc_info))

    def format(self, record: logging.LogRecord) -> str:
        return redact_text(super().format(record))


def configure_logging(*, level: str = "INFO", is_json: bool = True) -> None:
    """Send every log of this process through redaction to standard error, one line an event."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    structlog.configure(
        processors=[_keep_error, *shared, _hand_over],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # JSON spells control characters itself.
    rendering: list[structlog.types.Processor] = (
        [structlog.processors.JSONRenderer()]
        if is_json
        else [_escape_controls, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    )
    log_handler = logging.StreamHandler(sys.stderr)
    log_handler.addFilter(_RedactingFilter())
    log_handler.setFormatter(
        _RedactingFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [log_handler]
    root.setLevel(level)
    for name in _QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module; call it with an event name and fields."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name))
