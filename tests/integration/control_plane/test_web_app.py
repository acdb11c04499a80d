"""The built web app beside the API: its page at every other address, files that are kept, headers that guard it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from control_plane.edge import Edge
from control_plane.web_app import CONTENT_SECURITY_POLICY, WebApp
from tests.support.asgi import AsgiClient

PAGE = b"<title>LumenPay</title>"
SCRIPT = b"let a = 1;" * 200
PAGES = ("/", "/log-in", "/t/0196/plans", "/t/0196/settings/bot", "/apiary", "/tgif")


@pytest.fixture
def browser(tmp_path: Path) -> AsgiClient:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / ".built-from").write_text("hash", encoding="ascii")
    (tmp_path / "assets" / "app-1a2b.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    app = WebApp.over(the_api, tmp_path)
    return AsgiClient(Edge(app, public_url="https://pay.lumen.test", cookie_names=("__Host-lp_session",)), {})


async def the_api(_scope, _receive, send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": b"{}"})


@pytest.mark.parametrize("path", PAGES)
async def test_every_address_of_a_page_gives_the_app_j4(browser: AsgiClient, path: str):
    answer = await browser.request("GET", path)
    assert (answer.status, answer.body) == (200, PAGE)
    assert answer.header("content-type").startswith("text/html")
    assert answer.header("cache-control") == "no-cache"
    assert answer.header("content-security-policy") == CONTENT_SECURITY_POLICY
    for name in ("x-content-type-options", "referrer-policy", "permissions-policy", "strict-transport-security"):
        assert answer.header(name)


@pytest.mark.parametrize("path", ["/api", "/api/v1/nowhere", "/tg/key", "/webhooks/stripe", "/metrics", "/metrics/"])
async def test_addresses_of_the_api_never_give_a_page(browser: AsgiClient, path: str):
    assert (await browser.request("GET", path)).body == b"{}"


@pytest.mark.parametrize(
    "path", ["/assets/app-0000.js", "/assets/", "/.built-from", "/favicon.png", "/../pyproject.toml"]
)
async def test_a_missing_file_is_not_answered_with_a_page(browser: AsgiClient, path: str):
    assert (await browser.request("GET", path)).status == 404


async def test_a_page_takes_nothing_in(browser: AsgiClient):
    assert (await browser.request("POST", "/log-in", json={})).status == 404


async def test_files_with_a_hash_in_their_name_are_kept_and_sent_compressed(browser: AsgiClient):
    plain = await browser.request("GET", "/assets/app-1a2b.js")
    assert (plain.body, plain.header("cache-control")) == (SCRIPT, "public, max-age=31536000, immutable")
    assert plain.header("content-type").startswith("text/javascript")
    small = await browser.request("GET", "/assets/app-1a2b.js", headers={"accept-encoding": "br, gzip"})
    assert (gzip.decompress(small.body), small.header("content-encoding")) == (SCRIPT, "gzip")
    assert int(small.header("content-length")) == len(small.body)
    assert small.header("vary") == "accept-encoding"


async def test_what_the_browser_has_already_is_not_sent_again(browser: AsgiClient):
    etag = (await browser.request("GET", "/")).header("etag")
    again = await browser.request("GET", "/log-in", headers={"if-none-match": etag})
    assert (again.status, again.body) == (304, b"")
    assert (await browser.request("HEAD", "/")).body == b""


async def test_without_a_build_the_api_answers_alone(tmp_path: Path):
    app = WebApp.over(the_api, tmp_path / "nothing")
    assert (await AsgiClient(app, {}).request("GET", "/")).status == 404
