"""Loopback ports that stay the same across restarts for as long as nobody else takes them."""

import random
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"

# Below the range from which systems take ports for outgoing connections: a client that keeps trying to reconnect to a
# stopped server on a port of that range can connect to itself, and then the server cannot have its port back.
_FIRST, _LAST = 15_000, 32_000
_ATTEMPTS = 200


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def find_remembered_port(file: Path) -> int | None:
    """Return the port of the last start."""
    text = file.read_text(encoding="ascii").strip() if file.exists() else ""
    return int(text) if text.isdigit() else None


def choose_port(file: Path) -> int:
    """Return the remembered port if it is free, else another one, which is remembered from now on.

    Raises:
        OSError: No free port was found.
    """
    remembered = find_remembered_port(file)
    if remembered is not None and is_free(remembered):
        return remembered
    for _ in range(_ATTEMPTS):
        port = random.randrange(_FIRST, _LAST)  # noqa: S311 — spreads installations over ports, guards nothing.
        if is_free(port):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{port}\n", encoding="ascii")
            return port
    message = f"No free loopback port between {_FIRST} and {_LAST}."
    raise OSError(message)
