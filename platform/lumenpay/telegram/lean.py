"""The calls that bots make all the time, at a third of what aiogram's own methods cost: few fields, JSON, little read.

Less is read on purpose, too: a message that Telegram has sent stays sent, whatever new kind of thing its answer shows.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

import aiohttp
import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from pydantic import BaseModel, ConfigDict, Field

_JSON = {"Content-Type": "application/json"}
_Returned = TypeVar("_Returned")


class SentMessage(BaseModel):
    """What is worth knowing of a message that was sent or edited."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    message_id: int


class LeanMethod(TelegramMethod[_Returned]):
    """A method whose fields are plain values and go out as JSON."""


class SendText(LeanMethod[SentMessage]):
    """`sendMessage` with Telegram HTML and an inline keyboard."""

    __returning__: ClassVar[type] = SentMessage
    __api_method__: ClassVar[str] = "sendMessage"

    chat_id: int
    text: str
    parse_mode: str = "HTML"
    link_preview_options: dict[str, bool] = {"is_disabled": True}  # noqa: RUF012 - pydantic copies defaults
    reply_markup: dict[str, Any] | None = None
    can_wait: bool = Field(default=True, exclude=True)
    """Whether it takes its turn behind other messages of the bot, or is left out where it would have to."""
    is_paced: bool = Field(default=False, exclude=True)
    """Whether its turn was taken before: one of a broadcast."""


class EditText(LeanMethod[SentMessage | bool]):
    """`editMessageText` of a message of the bot's own."""

    __returning__: ClassVar[Any] = SentMessage | bool
    __api_method__: ClassVar[str] = "editMessageText"

    chat_id: int
    message_id: int
    text: str
    parse_mode: str = "HTML"
    link_preview_options: dict[str, bool] = {"is_disabled": True}  # noqa: RUF012 - pydantic copies defaults
    reply_markup: dict[str, Any] | None = None


class AnswerButton(LeanMethod[bool]):
    """`answerCallbackQuery`."""

    __returning__: ClassVar[type] = bool
    __api_method__: ClassVar[str] = "answerCallbackQuery"

    callback_query_id: str
    text: str | None = None


# pydantic forgets a generic model that nobody holds, and making one takes milliseconds: these stay.
_ANSWERS = (Response[SentMessage], Response[SentMessage | bool], Response[bool])


class LeanSession(AiohttpSession):
    """aiogram's session, with a short way for lean methods; errors come out as aiogram's own."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> TelegramType:
        """Make one call."""
        if not isinstance(method, LeanMethod):
            return await super().make_request(bot, method, timeout=timeout)
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        limit = aiohttp.ClientTimeout(total=self.timeout if timeout is None else timeout)
        body = orjson.dumps(method.model_dump(exclude_none=True))
        try:
            async with session.post(url, data=body, headers=_JSON, timeout=limit) as answer:
                content = await answer.text()
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except aiohttp.ClientError as error:
            raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error
        checked = self.check_response(bot=bot, method=method, status_code=answer.status, content=content)
        result: TelegramType = checked.result  # type: ignore[assignment]  # an answer that is ok has one
        return result
