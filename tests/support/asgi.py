"""Talks to an ASGI application in this process, byte by byte: what is sent and what is answered can be compared."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import orjson


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return orjson.loads(self.body)

    def header(self, name: str) -> str | None:
        """Return a header, or nothing."""
        return next((value.decode("latin-1") for key, value in self.headers if key.decode().lower() == name), None)

    def cookie(self, name: str) -> str | None:
        """Return a cookie that was set."""
        for key, value in self.headers:
            found = SimpleCookie(value.decode("latin-1")).get(name) if key == b"set-cookie" else None
            if found is not None:
                return found.value
        return None


@dataclass(frozen=True)
class AsgiClient:
    """Somebody with a browser; `headers` go with every request."""

    app: Any
    headers: Mapping[str, str]
    address: str = "127.0.0.1"

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        content: bytes | None = None,
        query: Any = (),
        headers: Mapping[str, str] | None = None,
        chunks: int = 1,
    ) -> Answer:
        """Send a request and return the whole answer; `chunks` cuts the body, whose length then only `headers` tell."""
        body = content if content is not None else b"" if json is None else orjson.dumps(json)
        given = {**self.headers, **(headers or {})}
        if body:
            given = {"content-type": "application/json", **given}
            if chunks == 1:
                given["content-length"] = str(len(body))
            elif "content-length" not in given:
                given["transfer-encoding"] = "chunked"
        # From 2.4 on a lost client is a failure to send; before, it is a message, and that ends a stream here.
        version = "2.3" if path.endswith("/events") else "2.4"
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": version}, "http_version": "1.1",
            "scheme": "http", "method": method, "path": path, "raw_path": path.encode(), "root_path": "",
            "server": ("127.0.0.1", 8000),
            "query_string": query if isinstance(query, bytes) else urlencode(query, doseq=True).encode(),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in given.items()],
            "client": (self.address, 50_000), "state": {},
        }  # fmt: skip
        size = max(1, -(-len(body) // chunks))
        parts = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
        sent: list[dict[str, Any]] = []

        begun = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if not parts:
                # Whoever reads a stream goes away once it has begun.
                await begun.wait()
                return {"type": "http.disconnect"}
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            if message["type"] == "http.response.body":
                begun.set()

        await self.app(scope, receive, send)
        head = sent[0]
        return Answer(
            head["status"],
            tuple((bytes(name), bytes(value)) for name, value in head["headers"]),
            b"".join(message.get("body", b"") for message in sent[1:]),
        )
