"""What is connected to, and what is not, whatever a name leads to by then (fault J6)."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lumenpay.webhooks.addresses import is_public
from lumenpay.webhooks.sending import Outcome, PublicCaller

NAME = "hooks.example.com"
BODY = b'{"type":"webhook.test"}'


@dataclass
class Names(AbstractResolver):
    """Says where a name leads; each look-up may say something else."""

    answers: list[list[str]]
    looked_up: int = 0

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_UNSPEC) -> list[ResolveResult]:
        del family  # Whatever is asked for: both kinds are told.
        found = self.answers[min(self.looked_up, len(self.answers) - 1)]
        self.looked_up += 1
        return [
            ResolveResult(
                hostname=host, host=address, port=port, proto=0, flags=socket.AI_NUMERICHOST,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
            )
            for address in found
        ]  # fmt: skip

    async def close(self) -> None:
        return


@dataclass
class Inside:
    """A server on our own machine, which nobody outside must reach."""

    port: int
    certificate: Path
    requests: list[Any] = field(default_factory=list)
    connections: int = 0

    def url(self, host: str = NAME, path: str = "/") -> str:
        return f"https://{host}:{self.port}{path}"

    def caller(self, *answers: list[str], is_allowed: Callable[[str], bool] = is_public) -> PublicCaller:
        tls = ssl.create_default_context(cafile=str(self.certificate))
        return PublicCaller(is_allowed=is_allowed, resolver=Names(list(answers)), tls=tls)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name, born = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), datetime(2020, 1, 1, tzinfo=UTC)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(born).not_valid_after(born + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    public, private = folder / "public.pem", folder / "private.pem"
    public.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return public, private


@pytest.fixture
async def inside(certificate: tuple[Path, Path]) -> AsyncIterator[Inside]:
    public, private = certificate
    server = Inside(0, public)

    async def answer(request: web.Request) -> web.StreamResponse:
        server.requests.append((request.path, dict(request.headers), await request.read()))
        if request.path == "/redirect":
            return web.Response(status=307, headers={"Location": server.url(path="/elsewhere")})
        if request.path == "/long":
            response = web.StreamResponse(status=200)
            await response.prepare(request)
            for _ in range(200):
                await response.write(b"x" * 65536)
            return response
        return web.Response(status=200, text="taken", headers={"Set-Cookie": "a=b"})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    server.port = runner.addresses[0][1]
    yield server
    await runner.cleanup()


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[int, list[int]]]:
    """A port of this machine on every address of it, IPv6 too, which counts who connects."""
    heard: list[int] = []

    async def hear(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(1)
        writer.close()

    server = await asyncio.start_server(hear, "0.0.0.0", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


async def _post(caller: PublicCaller, url: str) -> Outcome:
    try:
        return await caller.post(url, body=BODY, headers={"content-type": "application/json"})
    finally:
        await caller.close()


async def test_what_is_allowed_is_called_with_the_very_bytes(inside: Inside) -> None:
    """The refusals below are for the address's sake: with it allowed, the same call arrives."""
    outcome = await _post(inside.caller(["127.0.0.1"], is_allowed=lambda _: True), inside.url())
    assert (outcome.status, outcome.failure, outcome.excerpt) == (200, "", "taken")
    assert [(path, body) for path, _, body in inside.requests] == [("/", BODY)]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"], ["::ffff:127.0.0.1"], ["::1"], ["0.0.0.0"], ["::"], ["10.0.0.1"], ["169.254.169.254"],
        ["fe80::1"], ["fc00::1"], ["64:ff9b::7f00:1"], ["2002:7f00:1::"], ["127.0.0.1", "::1"],
        ["10.0.0.1", "10.0.0.2"],
    ],
)  # fmt: skip
async def test_a_name_that_leads_inside_is_not_connected_to_j6(addresses: list[str], inside: Inside) -> None:
    outcome = await _post(inside.caller(addresses), inside.url())
    assert (outcome.status, outcome.failure) == (None, "address_forbidden")
    assert inside.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:127.0.0.1]", "[::1]"])
async def test_an_address_in_the_place_of_a_name_is_not_connected_to_j6(host: str) -> None:
    async with listening() as (port, heard):
        outcome = await _post(PublicCaller(), f"https://{host}:{port}/")
        assert (outcome.status, outcome.failure) == (None, "address_forbidden")
        assert heard == []


@pytest.mark.parametrize("host", ["127.1", "0x7f.0.0.1", "2130706433", "017700000001", "localhost", "0"])
async def test_an_odd_notation_is_looked_up_by_the_machine_and_not_connected_to_j6(host: str) -> None:
    async with listening() as (port, heard):
        outcome = await _post(PublicCaller(), f"https://{host}:{port}/")
        assert (outcome.status, outcome.failure) == (None, "address_forbidden")
        assert heard == []


async def test_a_name_that_leads_inside_by_the_second_look_up_is_not_connected_to_j6(inside: Inside) -> None:
    # Rebinding: public when somebody looks, ours when it is called. Here nobody looks but the call itself.
    names = Names([["203.0.113.7"], ["127.0.0.1"]])
    tls = ssl.create_default_context(cafile=str(inside.certificate))
    seen: list[str] = []

    def is_allowed(address: str) -> bool:
        seen.append(address)
        # Stands for a public one that is not there: nothing outside may be called from a test.
        return address == "203.0.113.7" and len(seen) > 99

    caller = PublicCaller(is_allowed=is_allowed, resolver=names, tls=tls)
    for _ in range(3):
        outcome = await caller.post(inside.url(), body=BODY, headers={})
        assert outcome.failure == "address_forbidden"
    await caller.close()
    # Each call looks the name up anew, and is asked about the very address that it would connect to.
    assert names.looked_up == 3
    assert seen == ["203.0.113.7", "127.0.0.1", "127.0.0.1"]
    assert inside.requests == []


async def test_of_several_addresses_only_the_public_one_is_connected_to_j6(inside: Inside) -> None:
    tried: list[str] = []

    def is_allowed(address: str) -> bool:
        tried.append(address)
        return address == "127.0.0.1"

    outcome = await _post(inside.caller(["10.0.0.1", "127.0.0.1"], is_allowed=is_allowed), inside.url())
    assert (outcome.status, tried) == (200, ["10.0.0.1", "127.0.0.1"])


async def test_a_redirect_is_not_followed_j6(inside: Inside) -> None:
    caller = inside.caller(["127.0.0.1"], is_allowed=lambda _: True)
    outcome = await _post(caller, inside.url(path="/redirect"))
    assert (outcome.status, [path for path, _, _ in inside.requests]) == (307, ["/redirect"])


async def test_of_a_long_answer_only_the_beginning_is_read_and_no_cookie_is_kept_j6(inside: Inside) -> None:
    caller = inside.caller(["127.0.0.1"], is_allowed=lambda _: True)
    outcome = await caller.post(inside.url(path="/long"), body=BODY, headers={})
    assert (outcome.status, len(outcome.excerpt)) == (200, 512)
    for _ in range(2):
        await caller.post(inside.url(), body=BODY, headers={})
    await caller.close()
    assert not any("Cookie" in headers for _, headers, _ in inside.requests)


async def test_a_certificate_of_another_name_is_refused_j6(inside: Inside) -> None:
    caller = inside.caller(["127.0.0.1"], is_allowed=lambda _: True)
    outcome = await _post(caller, inside.url("other.example.com"))
    assert (outcome.status, outcome.failure, inside.requests) == (None, "tls", [])


async def test_whoever_does_not_answer_is_waited_for_no_longer_than_the_limit_j6() -> None:
    # The kernel takes the connection, and nobody ever answers.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        caller = PublicCaller(is_allowed=lambda _: True, limit=aiohttp.ClientTimeout(total=0.2))
        outcome = await _post(caller, f"https://127.0.0.1:{silent.getsockname()[1]}/")
    assert (outcome.status, outcome.failure) == (None, "timeout")
