"""The rules about signatures in another paper's file: of those named under it the first certified and the last locked
everything, who may be the same."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import FieldMDPAction, MDPPerm
from pyhanko.sign.validation.status import SignatureCoverageLevel

from meetings.minutes.archive import document_stamps
from meetings.minutes.authority import fitting
from meetings.minutes.examine import Examined, soundness
from meetings.minutes.listed import same_name
from meetings.minutes.log_proof import FILED_PAPER, KnownPapers, SignedPaper
from meetings.minutes.nine_rules import HARMLESS, filed, proven
from meetings.minutes.papers.places import places_of
from meetings.minutes.papers.reading import from_json
from meetings.minutes.records import Officer
from meetings.minutes.seating import RECORDER_FIELD
from meetings.minutes.trust import Trust
from meetings.minutes.verification import RuleResult, failed, not_applied, passed


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperCase:
    """A paper's file with its data and what was seen of its signatures."""

    pdf: bytes
    data: bytes
    signatures: tuple[Examined, ...]
    known: KnownPapers | None

    @property
    def logged(self) -> tuple[SignedPaper, ...]:
        """What the log has of signatures on it, in order."""
        return self.known.signed.get(sha256(self.data).hexdigest(), ()) if self.known else ()

    @property
    def files(self) -> tuple[str, ...]:
        """The signed file and those with stamps of the archive over it, as the log has them (SHA-256)."""
        stamped = self.known.stamped.get(sha256(self.data).hexdigest(), ()) if self.known else ()
        return (*(one.file for one in self.logged[-1:]), *stamped)

    @property
    def places(self) -> dict[str, Officer]:
        """The fields that must be signed, in order, and by whom."""
        return places_of(from_json(self.data))


def all_signed(case: PaperCase) -> RuleResult:
    """Rule 1: just the paper's own fields, in order, all signed (time stamps of the archive may follow)."""
    wanted = list(case.places)
    every = [str(one.field_name) for one in PdfFileReader(io.BytesIO(case.pdf)).embedded_signatures]
    if every[: len(wanted)] != wanted or [one.field for one in case.signatures] != wanted:
        return failed(1, "Có chữ ký lạ, hoặc thiếu chữ ký ở chỗ của người ký.")
    if len(wanted) == 1:
        return passed(1, "Văn bản có đúng một chữ ký, ở chỗ của người ký.")
    if wanted[0] == RECORDER_FIELD:
        return passed(1, "Thư ký ký trước, chủ trì ký sau, không có chữ ký nào khác.")
    return passed(1, "Mọi đồng chí có tên ở chỗ ký đã ký theo thứ tự, không có chữ ký nào khác.")


def nothing_after(case: PaperCase) -> RuleResult:
    """Rule 2: the last signature covers the file, or only archive updates follow; nobody changed what was locked."""
    if not case.signatures:
        return failed(2, "Không đọc được chữ ký.")
    last = case.signatures[-1].status
    whole = last.coverage is SignatureCoverageLevel.ENTIRE_FILE or last.modification_level in HARMLESS
    if whole and all(one.status.docmdp_ok for one in case.signatures):
        return passed(2, "Chữ ký cuối bao trùm cả tệp.")
    return failed(2, "Tệp đã bị thêm hoặc sửa sau khi ký.")


def sound(case: PaperCase) -> RuleResult:
    """Rule 3: intact, valid, trusted, with hard-fail revocation."""
    wrong = [soundness(one) for one in case.signatures if not one.sound]
    if wrong or not case.signatures:
        return failed(3, " ".join(wrong) or "Không đọc được chữ ký.")
    if any(one.revoked_later for one in case.signatures):
        return passed(3, "Chữ ký còn nguyên vẹn; chứng thư bị thu hồi, nhưng sau khi đã ký.")
    if any(one.ended for one in case.signatures):
        return passed(
            3,
            "Chữ ký còn nguyên vẹn; có chứng thư nay đã hết hạn, nhưng dấu lưu trữ cho thấy ký khi còn hạn.",
        )
    return passed(3, "Chữ ký còn nguyên vẹn, chứng thư do nơi tin cậy cấp và chưa bị thu hồi.")


def right_person(case: PaperCase) -> RuleResult:
    """Rule 4: the name that stands at each place, and the certificate of the log."""
    named, signed = case.places, {one.field: one for one in case.signatures}
    if set(signed) != set(named) or any(
        not same_name(signed[field].signer, fitting(officer.name)) for field, officer in named.items()
    ):
        return failed(4, "Người ký không phải người có tên ở chỗ ký của văn bản.")
    if case.known is None:
        return not_applied(4, "Tên người ký khớp văn bản; chưa có sổ ghi chứng thư để đối chiếu.")
    logged = {one.role: one.fingerprint for one in case.logged}
    if any(one.fingerprint != logged.get(field) for field, one in signed.items()):
        return failed(4, "Chứng thư của người ký không phải chứng thư đã ghi cho văn bản này.")
    return passed(4, "Chứng thư của người ký đúng như sổ ghi.")


def timestamped(case: PaperCase, *, believed: Trust | None) -> RuleResult:
    """Rule 5: a trusted stamp in each signature, or one of the archive over the file, of whatever day. `believed`:
    whose stamps."""
    if believed is None:
        return not_applied(5, "Chưa có dịch vụ dấu thời gian để đối chiếu: giờ ký là giờ của máy chủ.")
    if from_json(case.data).paper.demonstration_clock:
        return not_applied(5, "Văn bản lập theo đồng hồ thử nghiệm.")
    if case.signatures and all(_stamped(one) for one in case.signatures):
        return passed(5, "Chữ ký có dấu thời gian tin cậy.")
    if case.signatures and document_stamps(case.pdf, believed):
        return passed(5, "Cả tệp có dấu thời gian tin cậy đóng sau khi ký.")
    return failed(5, "Chữ ký thiếu dấu thời gian tin cậy.")


def _stamped(one: Examined) -> bool:
    stamp = one.status.timestamp_validity
    return stamp is not None and bool(stamp.intact and stamp.valid and stamp.trusted)


def locked(case: PaperCase) -> RuleResult:
    """Rule 6: the first certified with P=2, the last locked every field."""
    root = PdfFileReader(io.BytesIO(case.pdf)).root
    certified = "/DocMDP" in root.get("/Perms", {}) and bool(case.signatures)
    if not certified or case.signatures[0].found.docmdp_level is not MDPPerm.FILL_FORMS:
        return failed(6, "Chữ ký chưa khóa nội dung của tệp.")
    lock = case.signatures[-1].found.fieldmdp
    if lock is None or lock.action is not FieldMDPAction.ALL:
        return failed(6, "Chữ ký chưa khóa toàn bộ tệp.")
    return passed(6, "Chữ ký khóa toàn bộ tệp.")


def file_in_the_log(case: PaperCase) -> RuleResult:
    """Rule 7: this very file stands in the log, with a proof to a witnessed checkpoint."""
    if case.known is None:
        return not_applied(7, "Chưa có sổ ghi để đối chiếu.")
    digest = sha256(case.pdf).hexdigest()
    if digest not in case.files:
        return failed(7, "Tệp đã ký này không có trong sổ ghi của chi bộ.")
    return proven(case.known.proofs.get(digest), partial(filed, FILED_PAPER, digest), "Tệp")


SIGNED_PAPER_RULES: Mapping[int, Callable[[PaperCase], RuleResult]] = {
    1: all_signed,
    2: nothing_after,
    3: sound,
    4: right_person,
    6: locked,
    7: file_in_the_log,
}
