"""The rules about signatures in another paper's file: one person certified it and locked everything, or, of an
addendum, the recorder certified and the chair locked, as in minutes."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import FieldMDPAction, MDPPerm
from pyhanko.sign.validation.status import SignatureCoverageLevel

from meetings.committees.powers import Part
from meetings.ledger.offline import Unsound
from meetings.minutes.authority import fitting
from meetings.minutes.examine import Examined, soundness
from meetings.minutes.listed import same_name
from meetings.minutes.log_proof import SIGNED_PAPER, KnownPapers, SignedPaper
from meetings.minutes.nine_rules import witnesses
from meetings.minutes.papers.reading import from_json
from meetings.minutes.papers.records import Addendum, AnyPaper
from meetings.minutes.records import Officer
from meetings.minutes.seating import SIGNER_FIELD, field_of
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
    def places(self) -> dict[str, Officer]:
        """The fields that must be signed, in order, and by whom."""
        return places_of(from_json(self.data))


def places_of(paper: AnyPaper) -> dict[str, Officer]:
    """The fields of a paper's signatures in order, and whose they are."""
    if isinstance(paper, Addendum):
        return {field_of(Part.RECORDER): paper.recorder, field_of(Part.CHAIR): paper.chair}
    return {SIGNER_FIELD: paper.paper.signer}


def all_signed(case: PaperCase) -> RuleResult:
    """Rule 1: just the paper's own fields, in order, all signed."""
    wanted = list(case.places)
    every = [str(one.field_name) for one in PdfFileReader(io.BytesIO(case.pdf)).embedded_signatures]
    if every != wanted or len(case.signatures) != len(wanted):
        return failed(1, "Có chữ ký lạ, hoặc thiếu chữ ký ở chỗ của người ký.")
    if len(wanted) == 1:
        return passed(1, "Văn bản có đúng một chữ ký, ở chỗ của người ký.")
    return passed(1, "Thư ký ký trước, chủ trì ký sau, không có chữ ký nào khác.")


def nothing_after(case: PaperCase) -> RuleResult:
    """Rule 2: the last signature covers the file, and nobody changed what was locked."""
    if not case.signatures:
        return failed(2, "Không đọc được chữ ký.")
    last = case.signatures[-1].status
    whole = last.coverage is SignatureCoverageLevel.ENTIRE_FILE
    whole &= last.modification_level is ModificationLevel.NONE
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


def timestamped(case: PaperCase, *, asked: bool) -> RuleResult:
    """Rule 5: a trusted stamp in the signature, of whatever day. `asked`: an authority is believed."""
    if not asked:
        return not_applied(5, "Chưa có dịch vụ dấu thời gian để đối chiếu: giờ ký là giờ của máy chủ.")
    if from_json(case.data).paper.demonstration_clock:
        return not_applied(5, "Văn bản lập theo đồng hồ thử nghiệm.")
    for one in case.signatures:
        stamp = one.status.timestamp_validity
        if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
            return failed(5, "Chữ ký thiếu dấu thời gian tin cậy.")
    return passed(5, "Chữ ký có dấu thời gian tin cậy.")


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
    if not case.logged or case.logged[-1].file != digest:
        return failed(7, "Tệp đã ký này không có trong sổ ghi của chi bộ.")
    if (proof := case.known.proofs.get(digest)) is None:
        return not_applied(7, "Tệp có trong sổ ghi của máy này; sổ ghi chung chưa có mốc cho tệp này.")

    def is_it(entry: Mapping[str, Any]) -> bool:
        return bool(entry["act"] == SIGNED_PAPER and entry["p"].get("pdf") == digest)

    try:
        seen = witnesses(proof, is_it)
    except Unsound:
        return failed(7, "Chứng minh rằng tệp có trong sổ ghi chung không đúng: sổ ghi đã bị sửa.")
    if not seen and proof.asked:
        return failed(7, "Không nơi nào trong các nơi làm chứng đã nêu làm chứng cho sổ ghi này.")
    if not seen:
        return not_applied(7, "Tệp có trong sổ ghi của máy này; chưa có cấp trên làm chứng cho sổ ghi.")
    return passed(7, f"Tệp có trong sổ ghi chung; làm chứng: {', '.join(seen)}.")


SIGNED_PAPER_RULES: Mapping[int, Callable[[PaperCase], RuleResult]] = {
    1: all_signed,
    2: nothing_after,
    3: sound,
    4: right_person,
    6: locked,
    7: file_in_the_log,
}
