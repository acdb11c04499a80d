"""Ready checks for child processes that are servers."""

import http.client
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

_ANSWER_SECONDS = 2.0
_FIRST_BAD_STATUS = 400


def answers_http(url: str) -> Callable[[], bool]:
    """Return a check that is true once a GET of the `http://` address gives a status below 400."""
    parts = urlsplit(url)

    def check() -> bool:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=_ANSWER_SECONDS)
        try:
            connection.request("GET", parts.path or "/")
            return connection.getresponse().status < _FIRST_BAD_STATUS
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return check


def accepts_connections(host: str, port: int) -> Callable[[], bool]:
    """Return a check that is true once something listens there."""

    def check() -> bool:
        try:
            socket.create_connection((host, port), timeout=_ANSWER_SECONDS).close()
        except OSError:
            return False
        return True

    return check
