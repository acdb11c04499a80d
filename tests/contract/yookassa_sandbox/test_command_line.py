"""The stand-in as a process of its own, at an address that payers do not know."""

from __future__ import annotations

import asyncio
import os
import sys
from uuid import uuid4

import aiohttp

from operations.embedded.ports import choose_port
from operations.readiness import answers_http
from tests.support.processes import ROOT
from tests.support.waiting import until


async def test_the_page_to_pay_on_is_where_payers_reach_it_and_not_where_the_api_was_called(tmp_path):
    port = choose_port(tmp_path / "port")
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "yookassa", "--port", str(port), "--public-url", "http://pay.lumen.test:8092/",
        env={"PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}"}, cwd=tmp_path, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        await until(lambda: asyncio.to_thread(answers_http(f"{url}/sandbox/health")), seconds=60)
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{url}/sandbox/shops", json={"name": "Lumen"}) as answer:
                shop = await answer.json()
            order = {
                "amount": {"value": "10.00", "currency": "RUB"}, "capture": True,
                "confirmation": {"type": "redirect", "return_url": "https://lumen.test/"},
            }  # fmt: skip
            login = aiohttp.encode_basic_auth(shop["shop_id"], shop["secret_key"])
            headers = {"Idempotence-Key": str(uuid4()), "Authorization": login}
            async with session.post(f"{url}/v3/payments", json=order, headers=headers) as answer:
                payment = await answer.json()
        assert payment["confirmation"]["confirmation_url"] == f"http://pay.lumen.test:8092/pay/{payment['id']}"
    finally:
        server.terminate()
        await server.wait()
