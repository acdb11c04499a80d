"""Turns failures into answers: kinds into status codes, codes into words; nothing of the inside gets out."""

from __future__ import annotations

from itertools import islice
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from control_plane.idempotency import AnsweredBeforeError, answer_before
from control_plane.schemas import ErrorOut
from lumenpay.admins.errors import TooManyAttemptsError
from lumenpay.errors import ErrorKind, LumenError, UnavailableError
from lumenpay.kit.logs import get_logger
from lumenpay.staff.errors import ImpersonationReadOnlyError

STATUS = {
    ErrorKind.INVALID: 422,
    ErrorKind.UNAUTHENTICATED: 401,
    ErrorKind.FORBIDDEN: 403,
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.TOO_MANY: 429,
    ErrorKind.UNAVAILABLE: 503,
}
WORDS = {
    "name_mismatch": "This is not the name. Type it as it stands above.",
    "still_billed": "The subscription to LumenPay still runs. Cancel it under Billing first.",
    "tenant_closing": "This tenant is being closed: nothing can be changed. The owner can call it off.",
    "access_still_runs": "This person has access. Say that it may end (ends_access), or refund and end it first.",
    "answer_not_kept": "This was carried out, and its answer is not kept. Read what there is now.",
    "api_key_end_invalid": "The key would end in the past. Choose a later day, or none.",
    "api_key_invalid": "This key is not valid here. Make a new one under Settings, API.",
    "attempts_uncounted": "Logging in is not possible for the moment. Try again in a minute.",
    "bot_already_connected": "This bot is connected already. If it is yours, disconnect it there first.",
    "bot_blocked_by_user": "This person has blocked the bot and cannot be written to.",
    "bot_not_started": "This person has not started the bot yet and cannot be written to before. Send them its link.",
    "bot_token_invalid": "Telegram does not know this token. Copy it anew: @BotFather, /mybots, API Token.",
    "bot_token_of_another_bot": "This token belongs to another bot. Connect that one separately.",
    "broadcast_invalid": "This message cannot be sent like this.",
    "broadcast_not_tested": "Send the message to yourself first, as it is now.",
    "broadcast_refused": "Telegram does not take this message.",
    "medium_refused": "This file cannot be sent. Look at the field file.",
    "uploads_busy": "Too many files are on their way. Try again in a moment.",
    "broadcast_state": "This cannot be done with the broadcast as it stands. Look at it again.",
    "calls_uncounted": "Calls cannot be counted for the moment. Try again in a few seconds.",
    "campaign_invalid": "This campaign cannot be made like this.",
    "campaign_source_taken": "Another campaign of this bot has this link already.",
    "channel_unsuitable": "Only channels and supergroups can be sold.",
    "console_not_configured": "This installation has no console: LUMENPAY_DATABASE_STAFF_URL is not set.",
    "cursor_invalid": "This cursor is not one that a list gave. Begin without it.",
    "changed_meanwhile": "Somebody has changed this since you read it. Read it again and decide.",
    "code_invalid": "The code is wrong or was used. Wait for the next one.",
    "email_taken": "There is an account with this e-mail already. Log in instead.",
    "export_not_ready": "The file is not written yet.",
    "fiscal_receipt_contact_missing": "The payer has given no address for receipts. They can with /receipt.",
    "fiscal_receipt_not_failed": "This receipt is registered, or on its way.",
    "receipt_settings_missing": "Say first what stands in the shop's receipts.",
    "gateway_unavailable": "YooKassa does not answer. Try again in a minute.",
    "given_time_invalid": "This would not give the person any more time, or too much of it.",
    "idempotence_key_reused": "This key was used for something else before.",
    "idempotency_key_invalid": "Idempotency-Key is a word of 1 to 255 printable characters, a UUID for example.",
    "impersonation_read_only": "You look at this tenant as staff: nothing can be changed.",
    "already_subscribed": "There is a subscription already. Change it in the customer portal.",
    "billing_off": "This installation bills nobody: there is nothing to pay.",
    "never_billed": "There is no bill yet. Choose a plan first.",
    "feature_off": "The platform has switched this off for the project. Write to support.",
    "platform_invoice_not_found": "This project has no such invoice.",
    "platform_invoice_not_refundable": "No card paid this invoice, or all of it went back.",
    "platform_plan_not_found": "This plan is not sold.",
    "platform_refund_on_its_way": "Some of this invoice is going back. Wait until that has ended.",
    "sales_paused": "The bill for LumenPay is not paid: sales, new access and broadcasts pause until it is.",
    "stripe_refused": "The payment page cannot be opened. Write to support.",
    "stripe_unavailable": "The payment service does not answer. Try again in a minute.",
    "limit_reached": "Your plan has no room for one more. Choose a larger one under Billing, or remove something.",
    "user_forgotten": "This person is being forgotten, or was: nothing can be changed about them.",
    "mfa_required": "Show a second factor first.",
    "identity_taken": "This account is linked to another person here.",
    "import_columns_invalid": "The columns of this file cannot be meant like this.",
    "import_file_invalid": "This file cannot be read as a list of subscribers.",
    "import_stopped": "This import was stopped. Upload the file again.",
    "invitation_invalid": "The invitation was used, taken back or has run out. Ask for a new one.",
    "last_owner": "A tenant needs an owner. Make somebody else one first.",
    "last_way_in": "This is the only way to log in. Set an e-mail and a password first.",
    "link_invalid": "The link was used or has run out. Ask for a new one.",
    "login_expired": "It took too long or too many tries. Log in again.",
    "member_already": "This person works here already.",
    "membership_sweep_decided": "This was decided already, or about another number of people. Look again.",
    "not_signed_in": "Log in first.",
    "no_autopay": "This subscription does not renew by itself.",
    "not_for_api_keys": "No API key includes this. Do it in the portal.",
    "nothing_to_send": "The person has no running subscription, so there is no link to send.",
    "oidc_refused": "Logging in did not work. Try once more, in one tab.",
    "page_too_deep": "The list is not shown so far. Narrow it, or sort it the other way.",
    "password_too_weak": "Use at least 10 characters that are hard to guess: a few unusual words are good.",
    "plan_change_refused": "This subscription cannot be changed to that plan now.",
    "pause_refused": "This subscription cannot be paused now.",
    "referral_settings_invalid": "These settings do not fit together.",
    "leaving_rules_invalid": "These settings do not fit together.",
    "extension_running": "Days are being added to another list. Wait until that is done, or stop it.",
    "period_invalid": "These days make no period.",
    "provider_unavailable": "The service to log in with does not answer. Try again in a minute.",
    "request_running": "A request with this key is being carried out. Ask again in a moment.",
    "reauth_required": "Prove once more that it is you.",
    "reconciliation_finding_closed": "This does not wait for anybody any more.",
    "payment_not_refundable": "This payment cannot be given back through YooKassa.",
    "refund_too_large": "This is more than what is left of the payment.",
    "role_not_allowed": "Your role does not include this.",
    "scope_missing": "This key does not include the operation. Give a key the scope that is named here.",
    "scope_unknown": "There is no such scope. The list of permissions names them.",
    "second_factor_state": "The second factor is not in that state. Look again.",
    "shop_keys_invalid": (
        "YooKassa refused this shop id with this secret key. Issue a new key there: Integration, API keys."
    ),
    "refund_shop_gone": (
        "The shop that took this payment is not connected any more. Connect it again, or refund in YooKassa itself."
    ),
    "shop_keys_refused": "YooKassa does not accept the shop's keys any more. Issue a new secret key there.",
    "shop_not_connected": "Connect a YooKassa shop first.",
    "subscription_has_no_end": "This access is for ever: there is nothing to add.",
    "telegram_chat_gone": "The bot cannot see this chat. Add it there as an administrator first.",
    "telegram_unavailable": "Telegram does not answer. Try again in a minute.",
    "tenant_suspended": "This tenant is suspended: everything can be read and nothing changed. Write to support.",
    "too_many_api_keys": "There are as many keys as there may be. Revoke one that is not used.",
    "too_many_calls": "This key is used too often. Wait as long as Retry-After says.",
    "too_many_requests": "Too many requests in a short time. Wait as long as Retry-After says.",
    "too_many_exports": "Several files are being written already. Wait for one of them.",
    "sandbox_unavailable": "The sandbox of test drives does not answer. Try again in a minute.",
    "test_drive_action_refused": "This does not work any more. Look at the chat: a newer message has a newer button.",
    "test_drive_ended": "This test drive is over. Start a new one.",
    "test_drive_needs_plan": "Make a plan with a channel and put it on sale first.",
    "test_drive_not_found": "There is no such test drive. Start a new one.",
    "test_drive_running": "You have a test drive already. Go on with it, or stop it first.",
    "test_drives_not_available": "Test drives are switched off in this installation.",
    "test_reader_missing": "Link your Telegram account and start the bot with it, or choose a subscriber.",
    "test_reader_unreachable": "The bot cannot write to this subscriber. Choose one who has not blocked it.",
    "too_many_readings": "Many figures are being computed for you already. Try again in a moment.",
    "too_many_test_drives": "Too many test drives run at this moment. Try again in a minute.",
    "too_many_attempts": "Too many attempts. Wait a little.",
    "too_many_webhooks": "There are as many webhooks as there may be. Remove one that is not used.",
    "too_many_streams": "Too many windows of this session follow the tenant live. Close one of them.",
    "webhook_disabled": "This webhook is switched off. Switch it on first.",
    "webhook_url_invalid": "This address cannot be called: https, port 443 or 8443, and a public name.",
    "webhook_waiting": "This is on its way already.",
    "win_back_invalid": "These steps make no series of offers.",
    "wrong_credentials": "The e-mail or the password is wrong.",
}
_HTTP_CODES = {400: "malformed", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_MOST_FIELDS = 1000
"""Of a body with more faults so many are named: the answer to a large one must not be larger."""
_READ_ONLY_TRANSACTION = "25006"
_log = get_logger(__name__)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the errors of an operation for its OpenAPI description."""
    always = {401, 403, 404, 413, 422, 503}
    return {status: {"model": ErrorOut} for status in sorted(always | {400} | set(statuses))}


def error_answer(
    status: int, code: str, *, fields: dict[str, str] | None = None, retry_after: float | None = None
) -> JSONResponse:
    """Return an error in the one shape that all of them have."""
    message = WORDS.get(code, code.replace("_", " ").capitalize() + ".")
    headers = {"Retry-After": str(max(1, round(retry_after)))} if retry_after is not None else None
    return JSONResponse({"code": code, "message": message, "fields": fields or {}}, status_code=status, headers=headers)


async def answer_expected(_request: Request, error: Exception) -> JSONResponse:
    """Answer one of our own errors."""
    assert isinstance(error, LumenError)  # noqa: S101 - registered for it
    _log.info("request_refused", code=error.code)
    retry_after = None
    if isinstance(error, UnavailableError | TooManyAttemptsError):
        retry_after = error.retry_after_seconds or 5.0
    return error_answer(STATUS[error.kind], error.code, fields=error.fields, retry_after=retry_after)


async def answer_invalid(_request: Request, error: Exception) -> JSONResponse:
    """Answer input that does not fit its description; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    fields = {
        ".".join(str(part) for part in problem["loc"] if part not in ("body", "query", "path")) or "body": str(
            problem["type"]
        )
        for problem in islice(error.errors(), _MOST_FIELDS)
    }
    return error_answer(422, "invalid_input", fields=fields)


async def answer_http(_request: Request, error: Exception) -> JSONResponse:
    """Answer what the framework refuses."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    return error_answer(error.status_code, _HTTP_CODES.get(error.status_code, "refused"))


async def answer_unavailable(_request: Request, error: Exception) -> JSONResponse:
    """Answer that the database is away."""
    _log.warning("database_unavailable", error=type(error).__name__)
    return error_answer(503, "unavailable", retry_after=5)


async def answer_database(request: Request, error: Exception) -> JSONResponse:
    """Answer a lost connection as unavailable, a change in a transaction that only reads as refused.

    Anything else of the database is our own defect.
    """
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return await answer_unavailable(request, error)
    if getattr(getattr(error, "orig", None), "sqlstate", "") == _READ_ONLY_TRANSACTION:
        return await answer_expected(request, ImpersonationReadOnlyError())
    return await answer_defect(request, error)


async def answer_defect(_request: Request, error: Exception) -> JSONResponse:
    """Answer a defect of ours without saying anything of it."""
    _log.error("request_failed", exc_info=error)
    return error_answer(500, "internal_error")


def install(app: FastAPI) -> None:
    """Make the application answer every failure in one shape."""
    app.add_exception_handler(LumenError, answer_expected)
    app.add_exception_handler(AnsweredBeforeError, answer_before)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(HTTPException, answer_http)
    for kind in (OperationalError, InterfaceError, PoolTimeoutError, ConnectionError, TimeoutError):
        app.add_exception_handler(kind, answer_unavailable)
    app.add_exception_handler(DBAPIError, answer_database)
    app.add_exception_handler(Exception, answer_defect)
