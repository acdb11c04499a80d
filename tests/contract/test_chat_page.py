"""The chat page stands on its own files: none is missing, none comes from elsewhere, each word has both languages."""

import re
from pathlib import Path

import pytest

CHAT = Path(__file__).parents[2] / "platform" / "sandbox" / "chat"
SCRIPTS = sorted(CHAT.glob("*.js"))


def words(language: str) -> set[str]:
    text = (CHAT / "words.js").read_text(encoding="utf-8")
    block = re.search(rf"const {language} = \{{(.*?)\n\}};", text, re.DOTALL)
    assert block
    without_values = re.sub(r'"[^"]*"', '""', block.group(1))
    return set(re.findall(r'(\w+): ""', without_values))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_import_names_a_file_and_something_it_exports(script):
    text = script.read_text(encoding="utf-8")
    for names, target in re.findall(r'import \{([^}]*)\} from "\./([\w-]+\.js)"', text):
        exported = set(re.findall(r"export (?:async )?(?:const|function) (\w+)", (CHAT / target).read_text("utf-8")))
        assert {name.strip() for name in names.split(",") if name.strip()} <= exported
    for name in re.findall(r"\bapi\.(\w+)(?=[(,])", text):
        assert re.search(rf"export (?:async )?(?:const|function) {name}\b", (CHAT / "api.js").read_text("utf-8"))


def test_page_loads_its_own_files_only():
    page = (CHAT / "index.html").read_text(encoding="utf-8")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert addresses
    for address in addresses:
        assert (CHAT / address.removeprefix("/chat/")).is_file()
    for style in CHAT.glob("*.css"):
        assert not re.search(r"url\(|@import", style.read_text(encoding="utf-8"))


def test_every_word_that_is_shown_exists_in_both_languages():
    assert words("RU") == words("EN")
    used = {name for script in SCRIPTS for name in re.findall(r'\bt\("(\w+)"\)', script.read_text(encoding="utf-8"))}
    assert used <= words("RU")


def test_text_of_others_never_becomes_markup():
    for script in SCRIPTS:
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", script.read_text(encoding="utf-8")
        )
