"""Virtual Telegram users: each writes to one bot, waits for its answer, thinks, and writes again.

Locust plays Telegram towards the product: update ids grow per bot, and a chat's next update is only sent when its last
one was acknowledged and answered. People and answers live in the sandbox.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from locust import FastHttpUser, between, task

_ground: dict[str, Any] = json.loads(Path(os.environ["LUMENPAY_LOAD_GROUND"]).read_text(encoding="utf-8"))
_bots: Iterator[dict[str, Any]] = itertools.cycle(_ground["bots"])
_update_ids = {bot["telegram_id"]: itertools.count(900_000_000) for bot in _ground["bots"]}
_ANSWER_SECONDS = 15


class TelegramUser(FastHttpUser):
    """A person in the chat with one tenant's bot."""

    host = _ground["product"]
    # Telegram lets a bot write about once a second into one chat.
    wait_time = between(1.0, 3.0)

    def on_start(self) -> None:
        """Open the chat; the sandbox delivers nothing by itself, since it was told of no webhook."""
        self.bot = next(_bots)
        person = self._sandbox("POST", "/users", "open a chat", first_name="Анна", language_code="ru")
        self.person = {key: person[key] for key in ("id", "is_bot", "first_name", "language_code")}
        opening = {"bot_id": self.bot["telegram_id"], "text": "/start"}
        self._sandbox("POST", f"/users/{person['id']}/messages", "open a chat", **opening)
        self._write("/start")

    @task(4)
    def look_at_the_menu(self) -> None:
        """The person begins anew."""
        self._write("/start")

    @task(3)
    def look_at_plans(self) -> None:
        """The person thinks of buying."""
        self._write("/buy")

    @task(2)
    def ask_what_is_paid(self) -> None:
        """The person asks how long access lasts, or for the channels."""
        self._write(random.choice(("/status", "/channels")))

    @task(1)
    def say_something(self) -> None:
        """The person writes what no bot understands."""
        self._write("Здравствуйте!")

    def _write(self, text: str) -> None:
        chat_path = f"/users/{self.person['id']}/chats/{self.bot['telegram_id']}"
        version = self._sandbox("GET", chat_path, "read the chat")["version"]
        begun_at = time.perf_counter()
        if not self._deliver(text):
            return
        newer = f"{chat_path}?wait={_ANSWER_SECONDS}&version={version}"
        answered = self._sandbox("GET", newer, "wait for the answer")["version"] > version
        self.environment.events.request.fire(
            request_type="TG", name=f"webhook to answer: {text}", response_length=0, context={},
            response_time=(time.perf_counter() - begun_at) * 1000,
            exception=None if answered else TimeoutError(f"no answer within {_ANSWER_SECONDS} s"),
        )  # fmt: skip

    def _deliver(self, text: str) -> bool:
        update_id = next(_update_ids[self.bot["telegram_id"]])
        chat = {"id": self.person["id"], "first_name": self.person["first_name"], "type": "private"}
        message = {"message_id": update_id, "from": self.person, "chat": chat, "date": int(time.time()), "text": text}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        with self.client.post(
            f"/tg/{self.bot['key']}", name="/tg/{bot_key}", json={"update_id": update_id, "message": message},
            headers={"X-Telegram-Bot-Api-Secret-Token": self.bot["secret"]}, catch_response=True,
        ) as response:  # fmt: skip
            return bool(response.status_code == 200)

    def _sandbox(self, method: str, path: str, name: str, **body: Any) -> dict[str, Any]:
        url = f"{_ground['telegram']}/sandbox{path}"
        with self.client.request(
            method, url, name=f"(sandbox) {name}", json=body or None, catch_response=True
        ) as response:  # fmt: skip
            return dict(response.json())
