"""The report of an import as a file: each line, what becomes of it, and the claim links."""

from __future__ import annotations

import csv
import io
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from lumenpay.bots.repository import find_any_bot
from lumenpay.db.session import TenantSession
from lumenpay.exports.rules import guard_formula
from lumenpay.imports.columns import name_column
from lumenpay.imports.lines import PROBLEM_FIELDS
from lumenpay.imports.repository import list_all_rows
from lumenpay.models.imports import Import, ImportOutcome, ImportRow
from lumenpay.tenants.repository import get_own_tenant

CLAIM_PREFIX: Final = "claim_"
_TITLES: Final = {
    "ru": ("Строка", "Telegram ID", "Username", "Имя", "Дата в файле", "Итог", "Причина", "Ссылка"),
    "en": ("Line", "Telegram ID", "Username", "Name", "Date in the file", "Outcome", "Reason", "Link"),
}
_OUTCOMES: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "created": "получит доступ", "extended": "доступ продлится", "already": "доступ уже есть или был",
        "claim": "вход по личной ссылке", "claimed": "вошёл по личной ссылке",
        "held": "пока не выдан", "repeated": "повтор в файле",
        "wrong": "ошибка",
    },
    "en": {
        "created": "gets access", "extended": "is extended", "already": "has or had it already",
        "claim": "enters by a claim link", "claimed": "has used the claim link", "held": "not given yet",
        "repeated": "repeated in the file",
        "wrong": "wrong",
    },
}  # fmt: skip
_PROBLEMS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "nobody": "нет ни Telegram ID, ни username", "telegram_id_unreadable": "Telegram ID не число",
        "username_unreadable": "такого username быть не может", "date_unreadable": "дата не читается",
        "date_too_far": "дата дальше десяти лет", "date_past": "дата уже прошла, льготных дней нет",
        "no_date_no_grace": "нет даты и нет льготных дней", "note_too_long": "заметка длиннее 2000 знаков",
        "tag_too_long": "тег длиннее 32 знаков",
        "person_forgotten": "человек попросил удалить его данные",
        "limit_reached": "на тарифе LumenPay больше нет места для подписчиков",
        "sales_paused": "счёт LumenPay не оплачен", "tenant_suspended": "проект приостановлен",
    },
    "en": {
        "nobody": "neither Telegram ID nor username", "telegram_id_unreadable": "the Telegram ID is no number",
        "username_unreadable": "no username looks like this", "date_unreadable": "the date cannot be read",
        "date_too_far": "the date is more than ten years away",
        "date_past": "the date has passed, and there is no grace",
        "no_date_no_grace": "no date and no grace days", "note_too_long": "the note has more than 2000 characters",
        "tag_too_long": "the tag has more than 32 characters",
        "person_forgotten": "the person asked to have their data deleted",
        "limit_reached": "the LumenPay plan has no room for more subscribers",
        "sales_paused": "the bill for LumenPay is not paid", "tenant_suspended": "the project is suspended",
    },
}  # fmt: skip


def claim_url(bot_username: str, token: str) -> str:
    """Return the address of a claim link."""
    return f"https://t.me/{quote(bot_username)}?start={CLAIM_PREFIX}{token}"


async def write_report(session: TenantSession, row: Import) -> bytes:
    """Return every line of an import as CSV in the tenant's language, with a BOM, safe for spreadsheets."""
    tenant, bot = await get_own_tenant(session), await find_any_bot(session, row.bot_id)
    bot_username = bot.username if bot else ""
    text = io.StringIO(newline="")
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";" if tenant.locale == "ru" else ",", quoting=csv.QUOTE_ALL)
    writer.writerow(_TITLES[tenant.locale])
    for line in await list_all_rows(session, row.id):
        cells = _cells(line, row, locale=tenant.locale, zone=ZoneInfo(tenant.time_zone), bot_username=bot_username)
        writer.writerow([guard_formula(cell) for cell in cells])
    return text.getvalue().encode()


def _cells(line: ImportRow, row: Import, *, locale: str, zone: ZoneInfo, bot_username: str) -> list[str]:
    is_open = line.outcome == ImportOutcome.CLAIM and line.claim_token is not None
    return [
        str(line.line),
        str(line.telegram_id or ""),
        line.username or "",
        line.name,
        line.until_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if line.until_at else "",
        _OUTCOMES[locale][line.outcome],
        _reason(line, row, locale=locale),
        claim_url(bot_username, line.claim_token) if is_open and line.claim_token else "",
    ]


def _reason(line: ImportRow, row: Import, *, locale: str) -> str:
    reason = _PROBLEMS[locale].get(line.problem, line.problem)
    column = name_column(row.columns, PROBLEM_FIELDS.get(line.problem), locale=locale)
    return f"{column}: {reason}" if column else reason
