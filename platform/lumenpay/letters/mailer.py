"""Hands letters to a mail server; without one, in development, to a folder."""

from __future__ import annotations

import asyncio
import ssl
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib

from lumenpay.kit.crypto import Secret
from lumenpay.kit.ids import new_uuid7
from lumenpay.letters.errors import LetterRefusedError, MailUnavailableError
from lumenpay.letters.rendering import LetterText

TIMEOUT_SECONDS = 20
_PERMANENT = 500
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Mailer:
    """Sends one letter at a time; nothing connects before it is used.

    Addresses: `smtp://user:password@host:587` (STARTTLS, demanded where a password would travel), `smtps://…:465`, and
    `file:///folder`, which writes letters as files.
    """

    def __init__(self, url: Secret, *, sender: str) -> None:
        """Take the server's address and who the letters are from."""
        self._parts = urlsplit(url.reveal())
        self._sender = sender

    async def send(self, text: LetterText, *, to: str) -> None:
        """Hand a letter over.

        Raises:
            MailUnavailableError: Not now; a later try can help.
            LetterRefusedError: Never.
        """
        message = self._compose(text, to=to)
        if self._parts.scheme == "file":
            await asyncio.to_thread(_write, Path(self._parts.path), message)
        elif self._parts.scheme in ("smtp", "smtps") and self._parts.hostname:
            await self._hand_over(message)
        else:
            raise MailUnavailableError("LUMENPAY_SMTP_URL is not set", retry_after_seconds=60)

    def _compose(self, text: LetterText, *, to: str) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, to, text.subject
        message["Message-ID"] = make_msgid(domain="lumenpay")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text.plain)
        message.add_alternative(text.html, subtype="html")
        return message

    async def _hand_over(self, message: EmailMessage) -> None:
        parts = self._parts
        is_tls, name = parts.scheme == "smtps", unquote(parts.username or "")
        try:
            await aiosmtplib.send(
                message, hostname=parts.hostname, port=parts.port or (465 if is_tls else 587), use_tls=is_tls,
                # A password must not travel in the clear because somebody on the way took STARTTLS out of the answer.
                start_tls=None if is_tls or not name or parts.hostname in _LOOPBACK else True,
                username=name or None, password=unquote(parts.password or "") or None, timeout=TIMEOUT_SECONDS,
            )  # fmt: skip
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [recipient.code for recipient in error.recipients]
            raise (LetterRefusedError if min(codes) >= _PERMANENT else MailUnavailableError)(str(codes)) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ssl.SSLError) as error:
            raise MailUnavailableError(type(error).__name__) from error


def _write(folder: Path, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{new_uuid7()}.eml").write_bytes(message.as_bytes())
