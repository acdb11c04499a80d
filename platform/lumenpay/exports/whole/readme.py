"""The README of a whole export: what each file is, and how its columns are to be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lumenpay.exports.rules import BOM
from lumenpay.exports.whole.archive import Entry
from lumenpay.exports.whole.catalogue import FILES
from lumenpay.models.exports import Export, ExportFormat

NAME: Final = "README.txt"
_INTRO: Final = {
    "ru": """\
Полная выгрузка проекта «{project}»
Запрошена {asked}, часовой пояс {zone}.

Каждый файл — список в CSV (UTF-8, разделитель «{separator}»), первая строка — названия столбцов.

- id связывает файлы: user_id — это id из subscribers.csv, plan_id — из plans.csv, payment_id — из payments.csv,
  bot_id — из bots.csv, channel_id — из channels.csv, admin_id — из team.csv.
- Столбцы на _at, _from и _until — время в часовом поясе выгрузки.
- Суммы — в рублях (или другой валюте из столбца currency) с копейками, не в копейках.
- Тексты, которые таблица приняла бы за формулу, начинаются с апострофа.
- В одном файле не больше {most} строк; остальные — в файлах с номером: -2, -3 и так далее.
- О тех, чьи данные удалены, остались только платежи и числа: имён и Telegram ID нет.
- Токенов, ключей и паролей в выгрузке нет.
""",
    "en": """\
Full export of the project “{project}”
Requested {asked}, time zone {zone}.

Each file is a list in CSV (UTF-8, separated by “{separator}”); its first line names the columns.

- Files are connected by id: user_id is an id of subscribers.csv, plan_id of plans.csv, payment_id of payments.csv,
  bot_id of bots.csv, channel_id of channels.csv, admin_id of team.csv.
- Columns that end in _at, _from or _until are moments in the time zone of the export.
- Sums are in whole units of their column currency, with cents after the point.
- A text that a spreadsheet would take for a formula begins with an apostrophe.
- A file has {most} rows at most; the others stand in files with a number: -2, -3 and so on.
- Of people whose data was erased only payments and figures are left: no names and no Telegram ids.
- There are no tokens, keys or passwords in the export.
""",
}
_FILES: Final = {"ru": "Файлы (строк):", "en": "Files (rows):"}
_EMPTY: Final = {"ru": "Пусто, поэтому файла нет:", "en": "Empty, so that there is no file:"}


def write_readme(export: Export, entries: Sequence[Entry], *, project: str, asked: str, most_rows: int) -> bytes:
    """Return the text, as Windows shows it too.

    Args:
        asked: When the export was asked for, on the clock of its time zone.
    """
    locale = export.locale
    separator = ";" if export.format == ExportFormat.CSV_SEMICOLON else ","
    lines = [
        _INTRO[locale].format(
            project=project, asked=asked, zone=export.time_zone, separator=separator,
            most=f"{most_rows:,}".replace(",", " "),
        ),
        _FILES[locale],
    ]  # fmt: skip
    kinds = {file.name: getattr(file, locale) for file in FILES}
    found = set()
    for entry in entries:
        name = entry.name.partition(".")[0].partition("-")[0]
        found.add(name)
        lines.append(f"  {entry.name} ({entry.rows}): {kinds[name]}")
    empty = [f"  {file.name}.csv: {kinds[file.name]}" for file in FILES if file.name not in found]
    if empty:
        lines += ["", _EMPTY[locale], *empty]
    return BOM.encode() + "\n".join([*lines, ""]).replace("\n", "\r\n").encode()
