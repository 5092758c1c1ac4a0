"""Pure reading of single fields of a roster. BadField gives a Vietnamese reason and quotes nothing."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from meetings.committees.roster import CATEGORY_WORDS, ROLE_WORDS
from meetings.committees.rules import Category, Role
from meetings.kernel.errors import Invalid
from meetings.kernel.text import fold, nfc

OLDEST = 120  # years


class BadField(Invalid):
    """A field that cannot be read. `why` is a Vietnamese sentence without the value."""

    code = "bad-field"
    message = "{why}"

    def __init__(self, why: str) -> None:
        super().__init__(why=why)
        self.why = why


def spelling_faults(text: str) -> tuple[str, ...]:
    """What is wrong with the characters themselves: decomposed letters, hidden or control characters."""
    faults: list[str] = []
    if not unicodedata.is_normalized("NFC", text):
        faults.append("Chữ gõ kiểu tổ hợp rời (NFD); cần gõ lại bằng Unicode dựng sẵn.")
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for char in text.strip()):
        faults.append("Có ký tự ẩn không nhìn thấy; cần xóa và gõ lại.")
    return tuple(faults)


def tidy(text: str) -> str:
    """The field as meant: composed, spaces folded."""
    return " ".join(nfc(text).split())


def name_of(text: str) -> str:
    """A full name of two words or more, letters only. Raises BadField."""
    words = text.split()
    plain = all(char.isalpha() or char in "'’-" for word in words for char in word)
    if len(words) < 2 or len(text) > 100 or not plain:
        raise BadField("Họ và tên phải có ít nhất hai chữ và không có số hay ký hiệu.")
    return text


def card_of(text: str) -> str:
    """A card number, 8 to 12 digits; dots and spaces are dropped. Raises BadField."""
    digits = re.sub(r"[ .]", "", text)
    if not re.fullmatch(r"[0-9]{8,12}", digits):
        raise BadField("Số thẻ đảng viên phải có từ 8 đến 12 chữ số.")
    return digits


def day_of(text: str, today: date) -> date:
    """A day written dd/mm/yyyy (or yyyy-mm-dd), not in the future. Raises BadField."""
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00:00)?", text, re.ASCII)
    parts = (found[3], found[2], found[1]) if found else iso.groups() if iso else None
    if parts is None:
        raise BadField("Ngày phải viết như 24/11/1980.")
    try:
        day = date(*(int(part) for part in parts))
    except ValueError:
        raise BadField("Không có ngày này trong lịch.") from None
    if day > today:
        raise BadField("Ngày này chưa đến.")
    return day


def birth_of(text: str, today: date) -> date:
    """A day of birth of somebody of 18 (Party Statutes, article 1) to 120 years. Raises BadField."""
    day = day_of(text, today)
    age = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    if not 18 <= age <= OLDEST:
        raise BadField("Tuổi theo ngày sinh phải từ 18 đến 120.")
    return day


def phone_of(text: str) -> str | None:
    """A Vietnamese number as 0 and nine digits, or None if empty. Raises BadField."""
    digits = re.sub(r"[ .()-]", "", text)
    if not digits:
        return None
    local = "0" + digits[3:] if digits.startswith("+84") else digits
    if re.fullmatch(r"[1-9][0-9]{8}", local):
        raise BadField("Số điện thoại mất số 0 ở đầu; cần để ô ở dạng chữ.")
    if not re.fullmatch(r"0[1-9][0-9]{8}", local):
        raise BadField("Số điện thoại phải có 10 chữ số, bắt đầu bằng 0.")
    return local


def yes_of(text: str) -> bool:
    """Có or Không; empty is Không. Raises BadField."""
    word = fold(text)
    if word in {"", "khong"}:
        return False
    if word in {"co", "x"}:
        return True
    raise BadField("Ghi Có hoặc Không.")


def category_of(text: str) -> Category:
    """One of the six categories. Raises BadField."""
    found = {fold(word): category for word, category in CATEGORY_WORDS.items()}.get(fold(text))
    if found is None:
        raise BadField("Diện đảng viên phải là một trong: " + ", ".join(CATEGORY_WORDS) + ".")
    return found


def role_of(text: str) -> Role | None:
    """A mandate in the cell, or None if empty. Raises BadField."""
    if not text:
        return None
    found = {fold(word): role for word, role in ROLE_WORDS.items()}.get(fold(text))
    if found is None:
        raise BadField("Chức vụ phải là một trong: " + ", ".join(ROLE_WORDS) + ", hoặc để trống.")
    return found
