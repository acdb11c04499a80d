"""Secrets to look for and the places to look in: everything that the product answers, prints, sends and stores."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
from aiohttp import web
from redis.asyncio import Redis

from operations.story.doors import Addresses, Doors, StoryBrokenError
from tests.faults.stage import Stage

_LEAST_LENGTH = 10


class Sink:
    """Takes Sentry's envelopes."""

    def __init__(self) -> None:
        self.envelopes: list[bytes] = []
        self.app = web.Application(client_max_size=2**24)
        self.app.router.add_post("/api/1/envelope/", self._take)

    async def _take(self, request: web.Request) -> web.Response:
        # aiohttp opens what is compressed, unless it is told in a way it does not know.
        content = await request.read()
        self.envelopes.append(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)
        return web.json_response({})


@dataclass
class Answer:
    """What the product answered to one request."""

    call: str
    status: int
    headers: str
    body: str


@dataclass
class Canaries:
    """Secrets by what they are; a place may hold one only where that is its purpose."""

    values: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, value: str) -> None:
        """Look for a value from now on; of a bot token also the half that alone is secret."""
        assert len(value) >= _LEAST_LENGTH, name
        self.values[name] = value
        if "token" in name and ":" in value:
            self.values[f"{name}, its secret half"] = value.partition(":")[2]

    def find(self, places: Mapping[str, bytes]) -> list[str]:
        """Return which secret lies where, in plain letters or in the hexadecimal ones of a bytes column."""
        return [
            f"{name} in {place}"
            for place, content in places.items()
            for name, value in self.values.items()
            if value.encode() in content or value.encode().hex().encode() in content
        ]


class Ears(Doors):
    """The story's doors, remembering every answer of the product."""

    def __init__(self, addresses: Addresses) -> None:
        super().__init__(addresses)
        self.answers: list[Answer] = []

    async def product(self, method: str, path: str, body: object = None) -> Any:
        answer = await self.ask(method, f"/api/v1{path}", json=body)
        if not 200 <= answer.status < 300:
            raise StoryBrokenError(f"{answer.call} answered {answer.status}: {answer.body[:300]}")
        return json.loads(answer.body) if answer.body else None

    async def ask(self, method: str, path: str, **options: Any) -> Answer:
        """Send any request to the product and remember what came back, good or bad."""
        assert isinstance(self._session, aiohttp.ClientSession)
        headers = {"Origin": self.addresses.product, **options.pop("headers", {})}
        async with self._session.request(
            method, f"{self.addresses.product}{path}", headers=headers, **options
        ) as response:
            # The path names the request; it may hold a secret itself, and is none of the product's words.
            answer = Answer(f"{method} {path[:40]}", response.status, str(response.headers), await response.text())
        self.answers.append(answer)
        return answer

    def cookies(self) -> dict[str, str]:
        """Return the browser's cookies."""
        assert isinstance(self._session, aiohttp.ClientSession)
        return {cookie.key: cookie.value for cookie in self._session.cookie_jar}


def read_answers(answers: list[Answer], canaries: Canaries) -> dict[str, bytes]:
    """Return what was answered, without the three secrets that have one answer each that exists to hand them out."""
    places: dict[str, bytes] = {}
    for number, answer in enumerate(answers):
        headers, body = answer.headers, answer.body
        if answer.call in ("POST /api/v1/auth/verify-email", "POST /api/v1/auth/log-in"):
            for name in ("session cookie", "second session cookie"):
                headers = headers.replace(f"lp_session={canaries.values[name]}", "", 1)
        if answer.call == "POST /api/v1/auth/token":
            body = body.replace(canaries.values["access token"], "", 1)
        if '"notification_url":' in body:
            body = body.replace(f"/webhooks/yookassa/{canaries.values['notice path']}", "", 1)
        places[f"answer {number} to {answer.call} ({answer.status})"] = f"{headers}\n{body}".encode()
    return places


def read_logs(folder: Path) -> dict[str, bytes]:
    """Return what each process has printed; the stand-ins are other people's servers."""
    files = [file for file in (folder / "log").glob("*.log") if not file.name.startswith("sandbox")]
    return {file.name: file.read_bytes() for file in files}


async def read_valkey(stage: Stage) -> dict[str, bytes]:
    """Return every command that Valkey has kept, and every value that it holds."""
    assert stage.valkey is not None
    kept = b"".join(file.read_bytes() for file in stage.valkey.data.rglob("*.aof") if file.is_file())
    async with Redis.from_url(stage.valkey.url) as client:
        held = [str((key, await _read_key(client, key))).encode() async for key in client.scan_iter()]
    return {"valkey's file": kept, "valkey's memory": b"\n".join(held)}


async def _read_key(client: Redis, key: bytes) -> object:
    kind = (await client.type(key)).decode()
    readers = {
        "string": client.get, "hash": client.hgetall, "set": client.smembers,
        "zset": lambda name: client.zrange(name, 0, -1), "list": lambda name: client.lrange(name, 0, -1),
    }  # fmt: skip
    return await readers[kind](key)


async def read_tables(superuser_url: str) -> dict[str, bytes]:
    """Return every row of every table: ciphertexts and hashes too, since they show nothing either."""
    connection = await asyncpg.connect(superuser_url, timeout=10)
    try:
        names = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        return {
            f"table {name}": "\n".join(_show(row) for row in await connection.fetch(f'SELECT * FROM "{name}"')).encode()
            for (name,) in names
        }  # fmt: skip
    finally:
        await connection.close()


def _show(row: Any) -> str:
    return " ".join(
        value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in row.values()
    )


def read_command_lines() -> dict[str, bytes]:
    """Return the arguments of every process of this machine, which every account can read."""
    return {f"arguments of process {pid}": text for pid, text in _command_lines()}


def _command_lines() -> Iterator[tuple[str, bytes]]:
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield file.parent.name, file.read_bytes()
        except OSError:
            continue


def find_values(value: object, name: str) -> list[str]:
    """Return every text under a name, however deep."""
    if isinstance(value, dict):
        own = [value[name]] if isinstance(value.get(name), str) and value[name] else []
        return own + [text for item in value.values() for text in find_values(item, name)]
    return [text for item in value for text in find_values(item, name)] if isinstance(value, list) else []
