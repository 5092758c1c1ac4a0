"""What sort of signature it is, in the words of rules.md 6.9. The class is named before any verdict."""

from __future__ import annotations

from enum import StrEnum


class SignatureClass(StrEnum):
    """The classes that this installation can recognise; the value is what people read, once `said`."""

    OFFICIAL = "Chữ ký số chuyên dùng công vụ"
    PUBLIC = "Chữ ký số công cộng, do {issuer} cấp chứng thư"
    SERVER_HELD = (
        "Chữ ký điện tử nội bộ (khóa lưu trên máy chủ, mở bằng mật khẩu của người ký). Không phải chữ ký số."
    )
    BROWSER_HELD = "Chữ ký điện tử nội bộ (khóa nằm trên máy người ký). Không phải chữ ký số."
    INK = "Chữ ký tay trên giấy, kèm bản chụp"
    UNKNOWN = "Chưa rõ loại chữ ký: chứng thư không do nơi nào máy này tin cậy cấp."

    def said(self, issuer: str = "") -> str:
        """In words. `issuer`: by what name the list of believed authorities calls who issued the certificate."""
        return self.value.format(issuer=issuer)


class KeyHome(StrEnum):
    """Where the private part of a person's key lives; the value is stored."""

    SERVER = "server"
    BROWSER = "browser"

    @property
    def kind(self) -> SignatureClass:
        """What a signature by such a key is."""
        return _KINDS[self]


_KINDS = {KeyHome.SERVER: SignatureClass.SERVER_HELD, KeyHome.BROWSER: SignatureClass.BROWSER_HELD}
