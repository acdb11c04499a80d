"""A text from outside begins no line of the log and commands no terminal, whatever it says (fault N4)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from lumenpay.kit import logs

FORGED = [
    'x\n{"level": "info", "event": "payment_succeeded"}', "x\r\nADMIN logged in", "\x1b[2J\x1b[31mred\x1b[0m",
    "\x9b31m", "a\x0bb\x0cc\x85d\u2028e\u2029f", "\x00", "\x08\x08\x08", "\x1b]0;title\x07",
    "half a character \ud800",
]  # fmt: skip
HOSTILE = st.one_of(st.sampled_from(FORGED), st.text(), st.text(alphabet="\r\n\x1b\x9b\x85\u2028\u2029\x00[31mA"))


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """Leave logging as it was."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs._QUIET_LOGGERS}
    yield
    root.handlers[:], root.level = handlers, level
    structlog.configure(**before)
    for name, kept in levels.items():
        logging.getLogger(name).setLevel(kept)


def write(text: str, *, is_json: bool) -> str:
    """Return what our own event and a record of another library become."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    logs.configure_logging(is_json=is_json)
    root = logging.getLogger()
    kept = Kept()
    kept.setFormatter(root.handlers[0].formatter)
    root.handlers[:] = [kept]
    structlog.get_logger("ours").info("somebody_said", name=text, nested={"text": [text]})
    logging.getLogger("theirs").warning("said %s", text)
    assert len(lines) == 2
    return "\n".join(lines)


@given(HOSTILE)
def test_a_text_from_outside_begins_no_line_and_commands_no_terminal_n4(text: str) -> None:
    for is_json in (True, False):
        written = write(text, is_json=is_json)
        assert len(written.splitlines()) == 2, (is_json, written)
        codes = {ord(character) for character in written} - {ord("\n")}
        assert not codes & {*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)}


def test_what_was_said_can_be_read_back_n4() -> None:
    for text in FORGED:
        ours, theirs = (json.loads(line) for line in write(text, is_json=True).splitlines())
        assert ours["name"] == text
        assert theirs["event"] == f"said {text}"
