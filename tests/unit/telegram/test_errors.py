"""What Telegram's answers become, through a real HTTP exchange; the token shows in none of it."""

from __future__ import annotations

import traceback

import pytest
from aiohttp import web

from lumenpay.errors import LumenError
from lumenpay.kit.crypto import Secret
from lumenpay.telegram import errors
from lumenpay.telegram.client import TelegramClient
from tests.support.web import serving

TOKEN = Secret("123456789:" + "AbCdE_-" * 5)


def refusal(status: int, description: str, **parameters: int) -> web.Response:
    body = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return web.json_response(body, status=status)


@pytest.fixture
async def answer_with():
    answers: list[web.Response] = []
    shown: list[str] = []

    async def serve(_request: web.Request) -> web.Response:
        return answers.pop(0)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", serve)
    async with serving(app) as url:
        client = TelegramClient(api_url=url)

        async def ask(*given: web.Response) -> LumenError | None:
            answers[:] = given
            try:
                await client.send_text(TOKEN, chat_id=1, html="x")
            except LumenError as error:
                shown.extend(traceback.format_exception(error))
                return error
            return None

        yield ask
        await client.close()
        assert TOKEN.reveal() not in "".join(shown)


@pytest.mark.parametrize(
    ("status", "description", "kind"),
    [
        (401, "Unauthorized", errors.TelegramTokenRevokedError),
        (403, "Forbidden: bot was blocked by the user", errors.TelegramUnreachableUserError),
        (403, "Forbidden: user is deactivated", errors.TelegramUnreachableUserError),
        (403, "Forbidden: bot was kicked from the channel chat", errors.TelegramChatGoneError),
        (403, "Forbidden: bot is not a member of the channel chat", errors.TelegramChatGoneError),
        (400, "Bad Request: chat not found", errors.TelegramChatGoneError),
        (400, "Bad Request: not enough rights to manage chat invite link", errors.TelegramMissingRightsError),
        (400, "Bad Request: CHAT_ADMIN_REQUIRED", errors.TelegramMissingRightsError),
        (400, "Bad Request: user is an administrator of the chat", errors.TelegramTargetIsAdminError),
        (400, "Bad Request: message text is empty", errors.TelegramRejectedError),
        (413, "Request Entity Too Large", errors.TelegramRejectedError),
        (500, "Internal Server Error", errors.TelegramUnavailableError),
    ],
)
async def test_a_refusal_becomes_an_error_of_ours(answer_with, status, description, kind):
    assert type(await answer_with(refusal(status, description))) is kind


@pytest.mark.parametrize("status", [200, 502, 504])
async def test_a_page_of_a_proxy_leaves_the_outcome_unknown(answer_with, status):
    error = await answer_with(web.Response(status=status, text="<html>oops</html>", content_type="text/html"))
    assert isinstance(error, errors.TelegramUnavailableError)
    assert error.is_outcome_unknown


async def test_a_short_429_is_waited_out_and_a_long_one_is_told_e5(answer_with):
    message = {"message_id": 5, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"}
    good = web.json_response({"ok": True, "result": message})
    assert await answer_with(refusal(429, "Too Many Requests: retry after 1", retry_after=1), good) is None
    error = await answer_with(refusal(429, "Too Many Requests: retry after 60", retry_after=60))
    assert isinstance(error, errors.TelegramRetryLaterError)
    assert error.retry_after_seconds == 60
    again = await answer_with()  # the bot is paused: nothing is sent
    assert isinstance(again, errors.TelegramRetryLaterError)


async def test_a_migrated_group_tells_its_new_id_e13(answer_with):
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    error = await answer_with(refusal(400, text, migrate_to_chat_id=-1005))
    assert isinstance(error, errors.TelegramChatMigratedError)
    assert error.new_chat_id == -1005


async def test_a_call_that_never_connected_certainly_had_no_effect():
    client = TelegramClient(api_url="http://127.0.0.1:1")
    with pytest.raises(errors.TelegramUnavailableError) as caught:
        await client.get_me(TOKEN)
    assert not caught.value.is_outcome_unknown
    await client.close()


async def test_text_that_is_no_token_is_a_revoked_one():
    client = TelegramClient(api_url="http://127.0.0.1:1")
    with pytest.raises(errors.TelegramTokenRevokedError):
        await client.get_me(Secret("nonsense"))
    await client.close()
