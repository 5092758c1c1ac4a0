"""What voting refuses, each with a stable code and a plain sentence."""

from __future__ import annotations

from meetings.kernel.errors import Conflict, Forbidden, Invalid


class VotingNotOpen(Conflict):
    """The vote has not begun."""

    code = "voting-not-open"
    message = "Chưa bắt đầu biểu quyết."


class NotEntitled(Forbidden):
    """No vote in this question."""

    code = "not-entitled"
    message = "Đồng chí không thuộc diện biểu quyết nội dung này."


class BallotDiffers(Conflict):
    """The same ballot id came with another body."""

    code = "ballot-differs"
    message = "Mã ý kiến này đã dùng cho một nội dung khác."


class VersionTaken(Conflict):
    """Another device of the same member has used that version; ask what is recorded, then send the next."""

    code = "version-taken"
    message = "Một máy khác của đồng chí vừa gửi ý kiến. Xin xem lại ý kiến đã ghi rồi gửi lại nếu cần."


class BadHallCount(Invalid):
    """A negative number of hands."""

    code = "bad-hall-count"
    message = "Số đếm tay không được âm."


class TooManyHands(Conflict):
    """More hands than entitled members in the hall. Facts: counted, entitled."""

    code = "too-many-hands"
    message = (
        "Đếm được {counted} nhưng chỉ có {entitled} đồng chí được biểu quyết tại hội trường. Xin đếm lại."
    )


class NoRule(Conflict):
    """The dated table has no rule for that day."""

    code = "no-decision-rule"
    message = "Chưa có quy định áp dụng cho loại biểu quyết này vào ngày đó."


class NoHallCount(Conflict):
    """A mandatory sitting's vote cannot end without the count in the hall."""

    code = "no-hall-count"
    message = "Cần nhập kết quả đếm tay tại hội trường trước khi kết thúc biểu quyết."


class FormNotAllowed(Conflict):
    """That way of answering, or the mode of the meeting, is not allowed for this kind of decision."""

    code = "form-not-allowed"
    message = "Loại nội dung này không được biểu quyết theo cách đó."


class NotTakingPart(Conflict):
    """Only exempt members present are asked whether they take part (rules.md 3.3)."""

    code = "not-taking-part"
    message = "Chỉ xác nhận tham gia biểu quyết cho đảng viên được miễn sinh hoạt đang có mặt."


class NotExcused(Conflict):
    """Only official members absent leave the base for an accepted reason, and only where the rule says so."""

    code = "not-excused"
    message = "Chỉ trừ đảng viên chính thức vắng mặt suốt thời gian họp có lý do được chấp nhận."


class ExemptMayNotVote(Conflict):
    """The figure in force keeps exempt members from voting, even when they are there."""

    code = "exempt-may-not-vote"
    message = "Theo mức quy định đang áp dụng, đảng viên được miễn sinh hoạt không tham gia biểu quyết."


class OnlineForbidden(Conflict):
    """A supplement may not even gather opinions on it. Facts: citation."""

    code = "online-forbidden"
    message = (
        "Nội dung này phải biểu quyết tại buổi họp trực tiếp, không làm trực tuyến. Căn cứ: {citation}. "
        "Đồng chí có thể đưa vào chương trình buổi họp trực tiếp tới."
    )


class NotATeller(Conflict):
    """Tellers are members who can have been in the hall."""

    code = "not-a-teller"
    message = "Người đếm phải là đảng viên có mặt tại hội trường."


class MarkTooLate(Conflict):
    """A late answer is never counted, by anyone (rules.md 3.4), nor entered by the secretary."""

    code = "mark-too-late"
    message = "Đã hết giờ gửi ý kiến nên không ghi giúp được nữa."


class VoteMoved(Conflict):
    """States only go forward."""

    code = "vote-moved"
    message = "Biểu quyết này đã chuyển sang bước khác."
