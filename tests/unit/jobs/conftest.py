"""A server that takes connections and says nothing."""

from __future__ import annotations

import asyncio

import pytest


@pytest.fixture
async def unused_tcp_server():
    async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(stay_silent, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
