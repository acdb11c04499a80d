"""Loopback ports that stay the same across restarts for as long as nobody else takes them."""

import atexit
import random
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"

# Below the range from which systems take ports for outgoing connections: a client that keeps trying to reconnect to a
# stopped server on a port of that range can connect to itself, and then the server cannot have its port back.
_FIRST, _LAST = 15_000, 32_000
_ATTEMPTS = 200

# Draws must differ between processes that were given the same seed, as test workers are.
_DRAW = random.SystemRandom()

# A chosen port is bound only seconds later, by a child. Until this process ends, the UDP port of the same number, which
# none of our servers uses, tells other starts on this machine that the number is spoken for.
_claims: dict[int, tuple[Path, socket.socket]] = {}


@atexit.register
def _give_claims_up() -> None:
    for _, claim in _claims.values():
        claim.close()


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
    if remembered is not None and _claim(remembered, file):
        return remembered
    for _ in range(_ATTEMPTS):
        port = _DRAW.randrange(_FIRST, _LAST)
        if _claim(port, file):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{port}\n", encoding="ascii")
            return port
    message = f"No free loopback port between {_FIRST} and {_LAST}."
    raise OSError(message)


def _claim(port: int, file: Path) -> bool:
    if port in _claims:
        return _claims[port][0] == file and is_free(port)
    claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        claim.bind((LOOPBACK, port))
    except OSError:
        claim.close()
        return False
    if not is_free(port):
        claim.close()
        return False
    _claims[port] = (file, claim)
    return True
