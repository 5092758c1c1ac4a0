"""What is decided, in words: the kinds of decision, the forms, why somebody is in a base or outside it."""

from __future__ import annotations

from collections.abc import Mapping

from meetings.voting.rules import BaseKind, Concerned, DecisionKind, Excluded, Form, Included

# Vietnamese and English name of each kind.
KINDS: Mapping[DecisionKind, tuple[str, str]] = {
    DecisionKind.RESOLUTION: ("Nghị quyết", "The resolution"),
    DecisionKind.MOTION: ("Đề nghị", "The motion"),
    DecisionKind.ADMISSION: ("Đề nghị kết nạp", "The proposal to admit"),
    DecisionKind.RECOGNITION: ("Đề nghị công nhận chính thức", "The proposal to recognise as official"),
    DecisionKind.REMOVAL: ("Đề nghị xóa tên", "The proposal to remove from the roll"),
    DecisionKind.REPRIMAND: ("Hình thức khiển trách", "The reprimand"),
    DecisionKind.WARNING: ("Hình thức cảnh cáo", "The warning"),
    DecisionKind.DISMISSAL: ("Đề nghị cách chức", "The proposal to dismiss from office"),
    DecisionKind.EXPULSION: ("Đề nghị khai trừ", "The proposal to expel"),
    DecisionKind.COMMITTEE_ELECTION: ("Việc bầu chi ủy", "The election of the cell committee"),
    DecisionKind.SECRETARY_ELECTION: ("Việc bầu bí thư", "The election of the secretary"),
    DecisionKind.DEPUTY_ELECTION: ("Việc bầu phó bí thư", "The election of the deputy secretary"),
    DecisionKind.DELEGATE_ELECTION: ("Việc bầu đại biểu", "The election of delegates"),
    DecisionKind.CHAIR_CHOICE: ("Việc bầu chủ trì", "The choice of the chair"),
    DecisionKind.RECORDER_CHOICE: ("Việc bầu thư ký", "The choice of the recorder"),
    DecisionKind.COUNTING_BOARD: ("Việc bầu ban kiểm phiếu", "The choice of the counting board"),
    DecisionKind.MEMBER_RATING: ("Mức xếp loại đảng viên", "The rating of the member"),
    DecisionKind.SITTING_ASSESSMENT: ("Kết quả đánh giá buổi sinh hoạt", "The assessment of the sitting"),
    DecisionKind.CONSULTATION: ("Việc lấy ý kiến", "The consultation"),
}
# The same with the person they are about.
NAMED: Mapping[DecisionKind, tuple[str, str]] = {
    DecisionKind.ADMISSION: ("Đề nghị kết nạp {name} vào Đảng", "The proposal to admit {name}"),
    DecisionKind.RECOGNITION: (
        "Đề nghị công nhận chính thức đồng chí {name}",
        "The proposal to recognise {name} as official",
    ),
    DecisionKind.REMOVAL: ("Đề nghị xóa tên đồng chí {name}", "The proposal to remove {name} from the roll"),
    DecisionKind.REPRIMAND: ("Hình thức khiển trách đồng chí {name}", "The reprimand of {name}"),
    DecisionKind.WARNING: ("Hình thức cảnh cáo đồng chí {name}", "The warning of {name}"),
    DecisionKind.DISMISSAL: (
        "Đề nghị cách chức đồng chí {name}",
        "The proposal to dismiss {name} from office",
    ),
    DecisionKind.EXPULSION: ("Đề nghị khai trừ đồng chí {name}", "The proposal to expel {name}"),
}


def subject(kind: DecisionKind, person: Concerned | None) -> tuple[str, str]:
    """What a result says was decided, in Vietnamese and English."""
    if person is None:
        return KINDS[kind]
    vietnamese, english = NAMED[kind]
    return vietnamese.format(name=person.name), english.format(name=person.name)


FORMS: Mapping[Form, tuple[str, str]] = {
    Form.HANDS: ("giơ tay", "show of hands"),
    Form.CARDS: ("giơ thẻ đảng viên", "party cards"),
    Form.PAPER: ("phiếu kín", "secret paper ballot"),
    Form.SECRET_DEVICE: ("phiếu kín trên máy", "secret ballot on devices"),
}
BASES: Mapping[BaseKind, tuple[str, str]] = {
    BaseKind.STATUTORY: (
        (
            "đảng viên chính thức được triệu tập, trừ người sinh hoạt tạm thời nơi khác và người được miễn sinh hoạt "
            "vắng mặt"
        ),
        "official members convoked, less those temporarily elsewhere and those exempt who are absent",
    ),
    BaseKind.LESS_EXCUSED: (
        "như trên, trừ thêm đảng viên chính thức vắng mặt suốt thời gian họp có lý do được chấp nhận",
        "the same, also less official members absent all through with an accepted reason",
    ),
    BaseKind.PRESENT: ("đảng viên chính thức có mặt", "official members present"),
}

_EXEMPT = "đồng chí được miễn sinh hoạt"
# Those called who leave the base: words after their number.
TAKEN_OFF: Mapping[Excluded, tuple[str, str]] = {
    Excluded.AWAY_ABSENT: (
        "đồng chí đang sinh hoạt tạm thời nơi khác vắng mặt",
        "temporarily elsewhere (absent)",
    ),
    Excluded.EXEMPT_ABSENT: (f"{_EXEMPT} vắng mặt", "exempt (absent)"),
    Excluded.EXEMPT_NOT_TAKING_PART: (
        f"{_EXEMPT} có mặt nhưng không tham gia biểu quyết",
        "exempt (present, not taking part)",
    ),
    Excluded.EXCUSED_ALL_THROUGH: (
        "đồng chí vắng mặt suốt thời gian họp có lý do được chấp nhận",
        "absent all through with an accepted reason",
    ),
    Excluded.NOT_PRESENT: (
        "đồng chí vắng mặt (căn cứ tính là số có mặt)",
        "absent (the base is those present)",
    ),
}
REASONS: Mapping[Included | Excluded, tuple[str, str]] = {
    Included.PRESENT: ("đảng viên chính thức, có mặt", "official, present"),
    Included.ABSENT: ("đảng viên chính thức, vắng mặt vẫn được tính", "official, absent, still counted"),
    Included.ABSENT_BY_PHONE: (
        "đảng viên chính thức, dự qua điện thoại nên vắng mặt tại hội trường, vẫn được tính",
        "official, by phone and so absent from the hall, still counted",
    ),
    Included.AWAY_PRESENT: (
        "đang sinh hoạt tạm thời nơi khác nhưng có mặt",
        "temporarily elsewhere, but present",
    ),
    Included.EXEMPT_TAKING_PART: (
        "được miễn sinh hoạt, có mặt và tham gia biểu quyết",
        "exempt, present and taking part",
    ),
    Excluded.NOT_CONVOKED: ("không được triệu tập", "not convoked"),
    Excluded.PROBATIONARY: ("đảng viên dự bị, không biểu quyết", "probationary, no vote"),
    Excluded.TEMPORARY_ARRIVED: (
        "sinh hoạt tạm thời tại đây, biểu quyết ở chi bộ chính",
        "temporarily here, votes in the home cell",
    ),
    Excluded.SUSPENDED: ("bị đình chỉ sinh hoạt đảng", "suspended"),
    Excluded.AWAY_ABSENT: (
        "đang sinh hoạt tạm thời nơi khác, vắng mặt",
        "temporarily elsewhere, absent",
    ),
    Excluded.EXEMPT_ABSENT: ("được miễn sinh hoạt, vắng mặt", "exempt, absent"),
    Excluded.EXEMPT_NOT_TAKING_PART: (
        "được miễn sinh hoạt, có mặt nhưng không tham gia biểu quyết",
        "exempt, present, not taking part",
    ),
    Excluded.EXCUSED_ALL_THROUGH: (
        "vắng mặt suốt thời gian họp có lý do được chấp nhận",
        "absent all through with an accepted reason",
    ),
    Excluded.NOT_PRESENT: (
        "vắng mặt, căn cứ tính là số có mặt",
        "absent; the base is those present",
    ),
}
