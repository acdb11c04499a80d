"""The sandbox's pages stand on their own files: none is missing or foreign, and each word has both languages."""

import re
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from sandbox.mail.app import create_app as mail_app
from sandbox.oidc.app import create_app as oidc_app
from sandbox.stripe.app import create_app as stripe_app
from sandbox.telegram.app import create_app as telegram_app
from sandbox.yookassa.app import create_app as yookassa_app
from tests.support.web import serving

SANDBOX = Path(__file__).parents[2] / "platform" / "sandbox"
CHAT, SHOPS = SANDBOX / "chat", SANDBOX / "yookassa" / "page"
PAGES = [CHAT, SHOPS]
SCRIPTS = sorted([*CHAT.glob("*.js"), *SHOPS.glob("*.js")])


def words(page: Path, language: str) -> set[str]:
    text = (page / "words.js").read_text(encoding="utf-8")
    block = re.search(rf"const {language} = \{{(.*?)\n\}};", text, re.DOTALL)
    assert block
    without_values = re.sub(r'"[^"]*"', '""', block.group(1))
    return set(re.findall(r'(\w+): ""', without_values))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_import_names_a_file_and_something_it_exports(script):
    text = script.read_text(encoding="utf-8")
    for names, target in re.findall(r'import \{([^}]*)\} from "\./([\w-]+\.js)"', text):
        source = (script.parent / target).read_text("utf-8")
        exported = set(re.findall(r"export (?:async )?(?:const|function) (\w+)", source))
        assert {name.strip() for name in names.split(",") if name.strip()} <= exported
    for name in re.findall(r"\bapi\.(\w+)(?=[(,])", text):
        assert re.search(rf"export (?:async )?(?:const|function) {name}\b", (CHAT / "api.js").read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_page_loads_its_own_files_only(page):
    html = (page / "index.html").read_text(encoding="utf-8")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert addresses
    for address in addresses:
        assert (page / address.removeprefix(f"/{page.name}/")).is_file()
    for style in page.glob("*.css"):
        assert not re.search(r"url\(|@import", style.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_word_that_is_shown_exists_in_both_languages(page):
    assert words(page, "RU") == words(page, "EN")
    texts = [script.read_text(encoding="utf-8") for script in page.glob("*.js")]
    assert {name for text in texts for name in re.findall(r'\bt\("(\w+)"\)', text)} <= words(page, "RU")


def routes(app: web.Application) -> set[tuple[str, str]]:
    found = {(route.method, route.resource.canonical) for route in app.router.routes() if route.resource}
    return {(method, re.sub(r"\{\w+\}", "*", path)) for method, path in found}


@pytest.mark.parametrize(
    ("script", "app"), [(CHAT / "api.js", telegram_app()), (SHOPS / "page.js", yookassa_app())], ids=["chat", "shops"]
)
def test_every_address_that_a_page_calls_is_one_of_the_control_api(script, app):
    text = script.read_text(encoding="utf-8")
    called = re.findall(r'\b(get|post|ask)\((?:"([A-Z]+)", )?["`](/sandbox/(?:\$\{[^}]*\}|[^"`?])*)', text)
    assert called
    # Of two choices in a path (`${isBlocked ? "block" : "unblock"}`) the wildcard stands for both.
    known = routes(app)
    for verb, method, path in called:
        pattern = re.escape(re.sub(r"\$\{.*?\}", "§", path)).replace("§", "[^/]+")
        asked = method or verb.upper()
        assert any(asked == one and re.fullmatch(pattern, address) for one, address in known), (asked, path)


def test_text_of_others_never_becomes_markup():
    for script in SCRIPTS:
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", script.read_text(encoding="utf-8")
        )


@pytest.mark.parametrize("make", [yookassa_app, stripe_app, mail_app, partial(oidc_app, {})])
async def test_pages_that_name_no_icon_have_one_where_browsers_ask(make):
    async with serving(make()) as url, aiohttp.ClientSession() as http, http.get(f"{url}/favicon.ico") as answer:
        assert (answer.status, answer.content_type) == (200, "image/svg+xml")
