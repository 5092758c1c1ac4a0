"""Why a certificate from outside this installation signs nothing here. Plain refusals, for every floor."""

from __future__ import annotations

from meetings.kernel.errors import Conflict, Forbidden, Invalid


class BadCertificate(Invalid):
    """Not a certificate, or too many beside it."""

    code = "bad-certificate"
    message = "Không đọc được chứng thư trong USB token."


class NotInForce(Conflict):
    """The certificate's time is over, or has not come."""

    code = "certificate-not-in-force"
    message = "Chứng thư trong USB token đã hết hạn hoặc chưa có hiệu lực. Xin gia hạn ở nơi cấp."


class Untrusted(Forbidden):
    """No authority of the list issued it."""

    code = "untrusted-certificate"
    message = (
        "Chứng thư trong USB token không do nơi nào máy chủ này tin cậy cấp, hoặc không dùng để ký được."
        " Xin hỏi người quản trị (chibo ca trusted)."
    )


class TakenBack(Forbidden):
    """Its authority took it back."""

    code = "certificate-taken-back"
    message = "Chứng thư trong USB token đã bị nơi cấp thu hồi, không ký được nữa."


class NoRevocations(Conflict):
    """No list of that authority is at hand that is good today."""

    code = "no-current-revocation-list"
    message = (
        "Máy chủ chưa có danh sách thu hồi còn hạn của {issuer}, nên chưa nhận chữ ký bằng token."
        " Xin nhờ người quản trị cập nhật."
    )


class AnothersCertificate(Forbidden):
    """The certificate names somebody else."""

    code = "anothers-certificate"
    message = (
        "Chứng thư trong USB token mang tên người khác, không phải người ký ở chỗ này."
        " Xin cắm token của chính mình."
    )
