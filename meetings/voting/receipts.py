"""What a voter reads after answering (rules.md 6.4, 6.5), with three harmless words to compare."""

from __future__ import annotations

import hashlib
from datetime import datetime, tzinfo

from meetings.kernel.ids import Id
from meetings.kernel.text import time_text
from meetings.voting.rules import Choice

# Vetted (rules.md 3.7): things of farm, garden and house. Left out are words for death, mourning, weapons,
# money, seats, flags, colours, offices, country, water with land or house, leaders' names, slang for bodies
# or people, and halves of proverbs about loose living or injustice (so: moon, but neither wind nor flower).
WORDS = (
    *("suối", "lúa", "trăng", "nắng", "sương", "vườn", "ruộng", "mạ", "rơm", "cốm", "xôi", "thóc"),
    *("tre", "trúc", "dừa", "cau", "trầu", "chanh", "ổi", "na", "mận", "táo", "nhót", "khế", "vừng"),
    *("rau muống", "rau ngót", "cải xoong", "su su", "mướp", "gừng", "riềng", "nghệ", "tía tô", "thì là"),
    *("sen", "cúc tần", "hướng dương", "mào gà", "rêu", "dương xỉ", "cỏ may", "lá dong", "lá chè"),
    *("ong", "tằm", "dế", "nghé", "thỏ", "sóc", "nai", "én", "tôm", "ốc", "chuồn chuồn", "đom đóm"),
    *("bát", "đũa", "thìa", "đĩa", "nồi", "chảo", "muôi", "ấm trà", "phích", "rổ", "nia", "thúng"),
    *("nón", "guốc", "quạt nan", "võng", "tủ", "kệ", "rèm", "đèn bàn", "kim chỉ", "cúc áo", "gương"),
    *("hiên", "thềm", "sân gạch", "giàn mướp", "bờ ao", "giếng", "cầu tre", "đò ngang", "cối xay"),
    *("bút", "vở", "thước kẻ", "bảng con", "cặp sách", "diều", "sáo trúc", "đàn bầu", "con quay"),
)


# rules.md 6.4 and 6.5 word for word; the functions below fill the braces.
HALL = "Đã ghi nhận lúc {at}: {choice}. Đồng chí được đổi ý kiến đến {until}. Mã đối chiếu: {words}."
PHONE = (
    "Đã ghi nhận ý kiến lúc {at}: {choice}. "
    "Ý kiến này được ghi riêng, không tính vào kết quả biểu quyết tại hội trường."
)
SUPPLEMENT = "Đã ghi nhận ý kiến lúc {at}: {choice}. Buổi bổ trợ chỉ lấy ý kiến, không biểu quyết."
LATE = (
    "Ý kiến đến lúc {arrived}, sau khi biểu quyết kết thúc lúc {ended}, nên không được tính. "
    "Hệ thống chỉ lưu lại là đến muộn."
)


def words_of(ballot: Id, version: int) -> tuple[str, str, str]:
    """Three different words, the same for the same ballot and version on every machine."""
    number = int.from_bytes(hashlib.sha256(f"{ballot}:{version}".encode()).digest()[:8])
    left = list(WORDS)
    picked: list[str] = []
    for _ in range(3):
        number, place = divmod(number, len(left))
        picked.append(left.pop(place))
    return picked[0], picked[1], picked[2]


def hall_receipt(
    *, at: datetime, choice: Choice, until: datetime, words: tuple[str, str, str], zone: tzinfo
) -> str:
    """For those in the hall."""
    return HALL.format(
        at=time_text(at, zone),
        choice=choice.text.upper(),
        until=time_text(until, zone),
        words=" · ".join(words),
    )


def phone_receipt(*, at: datetime, choice: Choice, zone: tzinfo) -> str:
    """For those on the phone in a hybrid sitting."""
    return PHONE.format(at=time_text(at, zone), choice=choice.text.upper())


def supplement_receipt(*, at: datetime, choice: Choice, zone: tzinfo) -> str:
    """For everyone in a supplement, where there is no hall and no verdict."""
    return SUPPLEMENT.format(at=time_text(at, zone), choice=choice.text.upper())


def waiting_text(*, until: datetime, zone: tzinfo) -> str:
    """While the answer is still on the phone."""
    return (
        "Chưa gửi được, chưa được ghi nhận. Máy sẽ tự gửi khi có mạng; nếu đến sau "
        f"{time_text(until, zone)} thì không được tính. Nếu ở hội trường, kết quả tính theo giơ tay."
    )


def late_text(*, arrived: datetime, ended: datetime, zone: tzinfo) -> str:
    """When it came after the end."""
    return LATE.format(arrived=time_text(arrived, zone), ended=time_text(ended, zone))
