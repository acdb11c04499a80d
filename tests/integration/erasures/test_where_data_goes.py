"""Where data goes: to the configured servers and nowhere else, from the product and from a browser (fault O6)."""

from __future__ import annotations

import ipaddress
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from control_plane.web_app import CONTENT_SECURITY_POLICY
from lumenpay.config import Settings
from tests.integration.erasures.test_forgetting import enter
from tests.support.chat import Phone
from tests.support.desk import Desk
from tests.support.market import Market
from tests.support.stall import Stall

ROOT = Path(__file__).parents[3]
GATEWAYS = {
    "api.telegram.org", "api.yookassa.ru", "api.stripe.com", "oauth.telegram.org", "accounts.google.com",
}  # fmt: skip
"""Whom an installation speaks to as it comes; the last three only once it has keys of theirs."""
LINKS = {"www.standardwebhooks.com", "t.me"}
"""What people are led to, and nobody of ours calls."""
OURS = {"127.0.0.1", "localhost"}
LITERAL = re.compile(r"https?://([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
NAMES = {"www.w3.org", "example.com", "example.ru"}
"""Of a form of XML, and of nobody."""

_reached: set[str] = set()
_is_listening = False


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if not _is_listening:
        return
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _reached.add(str(arguments[1][0]))
    elif event == "socket.getaddrinfo":
        _reached.add(str(arguments[0]))


# Python itself tells of every connection of the process; once told to, it cannot be told to stop.
sys.addaudithook(_listen)


def is_of_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in OURS


async def test_a_whole_purchase_reaches_no_server_but_the_configured_ones_o6(
    market: Market, stall: Stall, desk: Desk, phone: Phone
) -> None:
    global _is_listening  # noqa: PLW0603 - the hook cannot be taken out again
    _reached.clear()
    _is_listening = True
    try:
        await phone.write("/start")
        await phone.write("/buy")
        anna = await stall.buyer()
        await stall.bought(anna)
        await enter(stall, anna)
        await desk.get(f"/users/{anna.id}")
    finally:
        _is_listening = False
    # The servers of the test are the configured ones: database, Telegram and YooKassa of this machine.
    assert _reached
    assert {host for host in _reached if not is_of_this_machine(host)} == set()


def test_nothing_else_is_configured_unless_somebody_configures_it_o6() -> None:
    defaults = [field.default for field in Settings.model_fields.values() if isinstance(field.default, str)]
    hosts = {urlsplit(value).hostname for value in defaults if value.startswith("http")}
    assert hosts <= GATEWAYS | OURS
    plain = Settings(_env_file=None)
    keys = ("stripe_secret_key", "sentry_dsn", "google_oidc_client_id", "telegram_oidc_client_id", "smtp_url")
    for name in keys:
        value = getattr(plain, name)
        assert not (value if isinstance(value, str) else value.get_secret_value()), name


def test_no_other_host_stands_in_the_products_code_o6() -> None:
    folders = ("platform/lumenpay", "platform/control_plane", "tenants_worker", "webapp/src", "webapp/index.html")
    files = [file for folder in folders for file in _files(ROOT / folder)]
    found = {
        (host, str(file.relative_to(ROOT)))
        for file in files
        for host in LITERAL.findall(file.read_text(encoding="utf-8"))
        if host not in GATEWAYS | LINKS | OURS | NAMES
    }
    assert len(files) > 300
    assert found == set()


def test_a_browser_in_the_portal_may_speak_to_its_own_host_only_o6() -> None:
    parts = dict(part.strip().split(" ", 1) for part in CONTENT_SECURITY_POLICY.split(";") if part.strip())
    assert parts["default-src"] == "'none'"
    allowed = {"'none'", "'self'", "data:", "blob:"}
    assert {source for sources in parts.values() for source in sources.split()} <= allowed


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    kinds = {".py", ".ts", ".tsx", ".css", ".html", ".svg", ".json"}
    return [file for file in place.rglob("*") if file.suffix in kinds and not re.search(r"\.(test|gen)\.", file.name)]
