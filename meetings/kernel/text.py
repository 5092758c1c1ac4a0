"""Vietnamese text: NFC at the border, names by given name, dates dd/mm/yyyy, numbers 1.234,5."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, tzinfo
from functools import lru_cache

from meetings.kernel.errors import Invalid

_TONES = str.maketrans({"đ": "d", "Đ": "d"})


class BadText(Invalid):
    """Text with control, invisible or direction-changing characters, empty, or too long."""

    code = "bad-text"
    message = "Chữ nhập vào có ký tự lạ, để trống hoặc quá dài (tối đa {most} ký tự)."


def nfc(text: str) -> str:
    """The composed form in which all text is stored."""
    return unicodedata.normalize("NFC", text)


def clean_line(text: str, *, most: int = 200, empty: bool = False) -> str:
    """One line as a person meant it: NFC, spaces folded. Raises BadText."""
    folded = " ".join(nfc(text).split())
    return _checked(folded, most, empty)


def clean_text(text: str, *, most: int = 20_000, empty: bool = True) -> str:
    """Several lines: NFC, line ends folded to a newline. Raises BadText."""
    lines = nfc(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _checked("\n".join(line.rstrip().replace("\t", " ") for line in lines).strip(), most, empty)


def _checked(text: str, most: int, empty: bool) -> str:
    if len(text) > most or (not text and not empty) or any(_hidden(char) for char in text):
        raise BadText(most=most)
    return text


def _hidden(char: str) -> bool:
    return char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def fold(text: str) -> str:
    """For searching: no tones, lower case, đ as d; so ủy/uỷ and hòa/hoà meet."""
    plain = unicodedata.normalize("NFD", text.translate(_TONES))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_MARKS = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of dictionaries


def name_key(full_name: str) -> tuple[tuple[int, ...], ...]:
    """Sorts Vietnamese names by given name (last word), then family name, then what stands between."""
    words = nfc(full_name).casefold().split() or [""]
    order = [words[-1], *words[:-1]]
    return tuple(_word_key(word) for word in order)


@lru_cache(maxsize=4096)  # single words of names, which are few: a page sorts thirty people
def _word_key(word: str) -> tuple[int, ...]:
    letters: list[int] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFD", word):
        if char in _MARKS:
            tones.append(_MARKS.index(char) + 1)
        elif unicodedata.combining(char) and letters:
            base = nfc(_ALPHABET[letters[-1]] + char) if letters[-1] < len(_ALPHABET) else ""
            letters[-1] = _ALPHABET.index(base) if base in _ALPHABET and base else letters[-1]
        else:
            letters.append(_ALPHABET.index(char) if char in _ALPHABET else len(_ALPHABET) + ord(char))
    return (*letters, -1, *tones)


def date_text(day: date) -> str:
    """24/11/2026."""
    return day.strftime("%d/%m/%Y")


def time_text(moment: datetime, zone: tzinfo) -> str:
    """19:52, local."""
    return moment.astimezone(zone).strftime("%H:%M")


def number_text(value: int) -> str:
    """1.234.567."""
    return f"{value:,}".replace(",", ".")


def percent_text(part: int, whole: int) -> str:
    """68,18 % of two sets, half up, two decimals; '–' where the whole is empty. Integer arithmetic."""
    if whole == 0:
        return "–"
    hundredths = (part * 20_000 + whole) // (2 * whole)
    return f"{number_text(hundredths // 100)},{hundredths % 100:02d} %"
