"""The letters that came in, and the SMTP server that takes them."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

LINK = re.compile(r"https?://[^\s<>\"]+")
FAULTS = {
    "none": "",
    "later": "451 4.3.0 Come back later",
    "refuse": "550 5.1.1 No such mailbox",
}


@dataclass(frozen=True)
class Letter:
    id: int
    sender: str
    to: list[str]
    subject: str
    text: str
    html: str
    received_at: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id, "from": self.sender, "to": self.to, "subject": self.subject, "text": self.text,
            "html": self.html, "links": LINK.findall(self.text), "received_at": self.received_at.isoformat(),
        }  # fmt: skip


@dataclass
class Mailbox:
    """Every letter for everybody, the newest last."""

    letters: deque[Letter] = field(default_factory=lambda: deque(maxlen=2000))
    fault: str = "none"
    count: int = 0

    def find(self, to: str = "") -> list[Letter]:
        wanted = to.strip().lower()
        return [item for item in self.letters if not wanted or wanted in [name.lower() for name in item.to]]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if FAULTS[self.fault]:
            return FAULTS[self.fault]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        message = message_from_bytes(content, policy=policy.default)
        self.count += 1
        self.letters.append(
            Letter(
                self.count, str(message["From"]), list(envelope.rcpt_tos), str(message["Subject"]),
                _part(message, "plain"), _part(message, "html"), datetime.now(UTC),
            )
        )  # fmt: skip
        return "250 Kept"


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return "" if body is None else str(body.get_content())


async def serve_smtp(mailbox: Mailbox, *, host: str, port: int) -> asyncio.Server:
    """Take mail on a port; 0 takes a free one."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: SMTP(mailbox, hostname="sandbox", ident="LumenPay sandbox", enable_SMTPUTF8=True, loop=loop), host, port
    )
