"""What is said about differences between a device and the server; source texts for the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from meetings.http.language import source

CHANGED = source("Buổi họp có thay đổi khác trên máy chủ sau khi máy này tải về (việc số {number}).")
CHANGES: Mapping[str, str] = {
    "agenda.plan": source("Chương trình đã được sửa trên máy chủ (việc số {number})."),
    "attendance.ask_leave": source("Có đồng chí báo vắng sau khi máy này tải về (việc số {number})."),
    "attendance.coming": source("Có đồng chí báo sẽ đến sau khi máy này tải về (việc số {number})."),
    "attendance.decide_leave": source("Đã có quyết định về lý do vắng trên máy chủ (việc số {number})."),
    "attendance.check_in": source("Có đồng chí quét mã điểm danh trên máy chủ (việc số {number})."),
    "attendance.correct": source("Điểm danh đã được sửa trên máy chủ (việc số {number})."),
    "attendance.welcome_guest": source("Đã có khách dự được ghi trên máy chủ (việc số {number})."),
    "agenda.draft": source("Dự thảo nghị quyết đã được ghi lại trên máy chủ (việc số {number})."),
    "agenda.move": source("Đã có đề nghị khác ghi trên máy chủ (việc số {number})."),
    "agenda.decide_motion": source("Đã có đề nghị được quyết định trên máy chủ (việc số {number})."),
    "agenda.give_task": source("Đã có việc khác giao trên máy chủ (việc số {number})."),
    "agenda.report_task": source("Đã có việc được kiểm điểm trên máy chủ (việc số {number})."),
    "attendance.roll": source("Đã có người điểm danh trên máy chủ (việc số {number})."),
    "convening.move": source("Giờ hoặc nơi họp đã đổi trên máy chủ (việc số {number})."),
    "convening.cancel": source("Buổi họp đã bị hủy trên máy chủ (việc số {number})."),
    "sitting.open": source("Buổi họp đã được khai mạc trên máy khác (việc số {number})."),
    "minutes.text": source("Đã có người ghi biên bản trên máy chủ (việc số {number})."),
}
GONE = source(
    "Đồng chí {name} không còn trong danh sách của ngày họp. Điểm danh của đồng chí ấy trên máy này không được ghi."
)
NOT_ON_DEVICE = source(
    "Đồng chí {name} có trong danh sách của ngày họp mà máy này không có, nên không được ghi là có mặt. Nếu đồng chí"
    " ấy có dự, xin sửa trong điểm danh sau khi gửi."
)
CALLED_LATER = source(
    "Đồng chí {name} được báo họp sau khi máy này tải về, nên được ghi là vắng có lý do. Nếu đồng chí ấy có dự, xin"
    " sửa trong điểm danh sau khi gửi."
)
GUEST_THERE = source("Khách {name} đã được ghi trên máy chủ; biên bản chỉ ghi một lần.")
OTHER_REPORT = source(
    "Việc “{title}”: máy chủ đã ghi {server}, máy này ghi {device}. Biên bản sẽ theo máy này."
)
LATER_REPORT = source(
    "Việc “{title}”: buổi họp khác đã ghi {server} và giữ như vậy; điều máy này ghi ({device}) đưa vào lời ghi chung."
)
HARMLESS = frozenset({"oversight.look", "oversight.open_file"})  # an auditor's look changes nothing
AHEAD = source("Đồng hồ của máy này đang nhanh khoảng {minutes} phút; các giờ đã ghi là giờ theo máy.")
BEHIND = source("Đồng hồ của máy này đang chậm khoảng {minutes} phút; các giờ đã ghi là giờ theo máy.")
OTHER_VERDICT = source(
    "Biểu quyết “{question}”: máy này đã tính {device}; máy chủ tính {server}. Biên bản sẽ theo máy chủ."
)


def verdict(base: int, needed: int | None, passed: bool | None) -> str:
    """20 (cần 11): được thông qua; as stored, in Vietnamese alone."""
    if passed is None:
        return f"{base}"
    said = "được thông qua" if passed else "không được thông qua"
    return f"{base} (cần {needed}): {said}"
