"""The built web app: files read once at the start of the process, and its page at every address of no other door."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from control_plane.edge import App, Receive, Scope, Send

DIST: Final = Path("webapp/dist")
"""Where the build lies, beside whatever started the process; without a build the API answers alone."""
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_NOT_PAGES = ("/api/", "/tg/", "/webhooks/", "/metrics/")
_NEVER = "no-cache"
_FOREVER = "public, max-age=31536000, immutable"
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it is sent: plain and, where the build made it, compressed."""

    plain: bytes
    compressed: bytes | None
    headers: Headers
    etag: bytes


class WebApp:
    """Answers what is asked of the web app, and hands everything else on."""

    def __init__(self, api: App, files: dict[str, _File]) -> None:
        """Take the application behind it and the files by address."""
        self._api, self._files = api, files

    @classmethod
    def over(cls, api: App, folder: Path) -> Self:
        """Return the app that a build made, in front of the API; an empty one where there is no build."""
        found = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
        names = {path: "/" + path.relative_to(folder).as_posix() for path in found}
        return cls(
            api,
            {
                name: _read(path, name)
                for path, name in names.items()
                if path.suffix != ".gz" and not path.name.startswith(".")
            },
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        file = self._find(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if file is None:
            await self._api(scope, receive, send)
        else:
            await _send(file, scope, send)

    def _find(self, scope: Scope) -> _File | None:
        path: str = scope["path"]
        if f"{path}/".startswith(_NOT_PAGES):
            return None
        if path in self._files:
            return self._files[path]
        # A missing script must not be answered with a page; addresses of pages have no dot in their last part.
        is_page = not path.startswith("/assets/") and "." not in path.rpartition("/")[2]
        return self._files.get("/index.html") if is_page else None


def _read(path: Path, name: str) -> _File:
    plain = path.read_bytes()
    zipped = path.with_name(path.name + ".gz")
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind.endswith(("javascript", "json", "svg+xml"))
    etag = f'"{hashlib.sha256(plain).hexdigest()[:32]}"'.encode()
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode() if is_text else kind.encode()),
        (b"cache-control", (_FOREVER if name.startswith("/assets/") else _NEVER).encode()),
        (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"vary", b"accept-encoding"),
        (b"etag", etag),
    ]
    return _File(plain, zipped.read_bytes() if zipped.is_file() else None, headers, etag)


async def _send(file: _File, scope: Scope, send: Send) -> None:
    asked = dict(scope["headers"])
    headers, body, status = list(file.headers), file.plain, 200
    if file.etag in asked.get(b"if-none-match", b""):
        body, status = b"", 304
    elif file.compressed is not None and b"gzip" in asked.get(b"accept-encoding", b""):
        body = file.compressed
        headers.append((b"content-encoding", b"gzip"))
    if status == 200:  # noqa: PLR2004 - the usual one
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
