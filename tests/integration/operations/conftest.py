"""Embedded servers of the operations tests; each test's servers are gone when it ends."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from operations.embedded import EmbeddedPostgres, EmbeddedValkey

MakePostgres = Callable[[Path], EmbeddedPostgres]
MakeValkey = Callable[[Path], EmbeddedValkey]


@pytest.fixture
def make_postgres() -> Iterator[MakePostgres]:
    with ExitStack() as cleanup:

        def make(folder: Path) -> EmbeddedPostgres:
            server = EmbeddedPostgres(folder)
            cleanup.callback(server.destroy)
            return server

        yield make


@pytest.fixture
def make_valkey() -> Iterator[MakeValkey]:
    with ExitStack() as cleanup:

        def make(folder: Path) -> EmbeddedValkey:
            server = EmbeddedValkey(folder)
            cleanup.callback(server.destroy)
            return server

        yield make
