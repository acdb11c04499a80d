"""Length and cutting of text as Telegram counts it: in UTF-16 code units."""


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units; a character outside the basic plane counts twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut_utf16(text: str, limit: int, *, ending: str = "…") -> str:
    """Return the text in at most `limit` UTF-16 units, marked with `ending` where it was cut."""
    text = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    if utf16_length(text) <= limit:
        return text
    room = limit - utf16_length(ending)
    kept: list[str] = []
    for character in text:
        room -= 2 if character > "\uffff" else 1
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + ending
