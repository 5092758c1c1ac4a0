"""What sort of signature it is, in the words of rules.md 6.9. The class is named before any verdict."""

from __future__ import annotations

from enum import StrEnum


class SignatureClass(StrEnum):
    """The classes that this installation can recognise; the value is what people read."""

    SERVER_HELD = (
        "Chữ ký điện tử nội bộ (khóa lưu trên máy chủ, mở bằng mật khẩu của người ký). Không phải chữ ký số."
    )
    INK = "Chữ ký tay trên giấy, kèm bản chụp"
    UNKNOWN = "Chưa rõ loại chữ ký: chứng thư không do nơi nào máy này tin cậy cấp."
