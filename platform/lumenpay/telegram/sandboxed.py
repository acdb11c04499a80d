"""A token that is good for the built-in sandbox only, so that the client cannot take it anywhere else."""

from __future__ import annotations

from lumenpay.kit.crypto import Secret


class SandboxToken(Secret):
    """The token of a test drive's bot. Only `lumenpay.bots.secrets` makes it, from the row that it opens."""

    __slots__ = ()
