"""The nine rules of signing.md 5 as one function each: a case in, a verdict with its reason out."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import FieldMDPAction, MDPPerm
from pyhanko.sign.validation.status import SignatureCoverageLevel

from meetings.ledger.offline import COSIGNATURE, NOTE, Unsound, check_bundle, cosigners, read_key
from meetings.minutes.archive import document_stamps
from meetings.minutes.authority import fitting
from meetings.minutes.examine import Examined, soundness
from meetings.minutes.listed import same_name
from meetings.minutes.log_proof import FILED, LogProof
from meetings.minutes.reading import BadMinutes, from_json
from meetings.minutes.sameness import same_pages
from meetings.minutes.signing import SigningRole
from meetings.minutes.trust import TimestampTrust, Trust
from meetings.minutes.verification import RuleResult, failed, not_applied, passed

IN_ORDER = [role.value for role in (SigningRole.RECORDER, SigningRole.CHAIR)]
ROLE_NAMES = {SigningRole.RECORDER: "thư ký", SigningRole.CHAIR: "chủ trì"}
HARMLESS = {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES}


@dataclass(frozen=True, kw_only=True, slots=True)
class Logged:
    """What the ledger of this installation holds for the meeting.

    Hashes (hex) of files and of attached JSON.
    """

    files: frozenset[str]
    data: frozenset[str]
    proof: LogProof | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What there is to judge by. None means "not at hand": the rules that need it are then not applied.

    `fingerprints`: the certificate fingerprint logged for each signing role at that meeting; `moments`: when the
    ledger took each field's signature.
    """

    people: Trust
    fingerprints: Mapping[SigningRole, str] | None = None
    logged: Logged | None = None
    timestamps: TimestampTrust | None = None
    moments: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """The file under examination; `data` is its attached JSON, None when there is not exactly one."""

    pdf: bytes
    evidence: Evidence
    signatures: tuple[Examined, ...]
    data: bytes | None

    def by(self, role: SigningRole) -> Examined | None:
        """The signature in that role's field."""
        return next((one for one in self.signatures if one.field == role.value), None)


def both_signed(case: Case) -> RuleResult:
    """Rule 1: both fields signed, in order, no other signature (time stamps of the archive may follow)."""
    found = PdfFileReader(io.BytesIO(case.pdf)).embedded_signatures
    every = [str(one.field_name) for one in found]
    missing = [ROLE_NAMES[role] for role in SigningRole if role.value not in every]
    if missing:
        return failed(1, f"Thiếu chữ ký của {' và '.join(missing)}.")
    if [one.field for one in case.signatures] == IN_ORDER and every[:2] == IN_ORDER:
        return passed(1, "Thư ký ký trước, chủ trì ký sau, không có chữ ký nào khác.")
    return failed(1, "Có chữ ký lạ hoặc thứ tự ký không đúng.")


def nothing_after(case: Case) -> RuleResult:
    """Rule 2: the last signature covers the file, or only archive updates follow.

    Nobody changed what was locked.
    """
    if not case.signatures:
        return failed(2, "Tệp không có chữ ký nào.")
    last = case.signatures[-1].status
    whole = last.coverage is SignatureCoverageLevel.ENTIRE_FILE or last.modification_level in HARMLESS
    if whole and all(one.status.docmdp_ok for one in case.signatures):
        return passed(2, "Chữ ký cuối bao trùm cả tệp.")
    return failed(2, "Tệp đã bị thêm hoặc sửa sau khi ký.")


def each_sound(case: Case) -> RuleResult:
    """Rule 3: intact, valid, trusted, with hard-fail revocation."""
    if not case.signatures:
        return failed(3, "Tệp không có chữ ký nào.")
    wrong = [soundness(one) for one in case.signatures if not one.sound]
    if wrong:
        return failed(3, " ".join(wrong))
    if any(one.revoked_later for one in case.signatures):
        return passed(3, "Các chữ ký còn nguyên vẹn; có chứng thư bị thu hồi, nhưng sau khi đã ký.")
    if any(one.ended for one in case.signatures):
        return passed(
            3,
            "Các chữ ký còn nguyên vẹn; có chứng thư nay đã hết hạn, nhưng dấu lưu trữ cho thấy ký khi còn hạn.",
        )
    return passed(3, "Các chữ ký còn nguyên vẹn, chứng thư do nơi tin cậy cấp và chưa bị thu hồi.")


def right_people(case: Case) -> RuleResult:
    """Rule 4: the certificates logged for the roles; at least the names that the attached data give them."""
    if stranger := _name_mismatch(case):
        return failed(4, f"Người ký không phải {stranger} ghi trong biên bản.")
    known = case.evidence.fingerprints
    if known is None:
        return not_applied(
            4, "Tên người ký khớp biên bản; chưa có sổ ghi chứng thư của buổi họp để đối chiếu."
        )
    for role in SigningRole:
        one = case.by(role)
        if one is None or one.fingerprint != known.get(role):
            return failed(
                4, f"Chứng thư của {ROLE_NAMES[role]} không phải chứng thư đã ghi cho buổi họp này."
            )
    return passed(4, "Chứng thư của thư ký và chủ trì đúng như sổ ghi.")


def _name_mismatch(case: Case) -> str:
    facts = from_json(case.data or b"").facts
    officers = {SigningRole.RECORDER: facts.recorder, SigningRole.CHAIR: facts.chair}
    for role, officer in officers.items():
        one = case.by(role)
        if one is None or not same_name(one.signer, fitting(officer.name)):
            return ROLE_NAMES[role]
    return ""


def timestamped(case: Case) -> RuleResult:
    """Rule 5: a trusted time stamp in each signature, within the meeting's window."""
    wanted = case.evidence.timestamps
    if wanted is None:
        return not_applied(5, "Chưa có dịch vụ dấu thời gian để đối chiếu: giờ ký là giờ của máy chủ.")
    if case.signatures and all(_stamped(one, wanted) for one in case.signatures):
        return passed(5, "Mỗi chữ ký có dấu thời gian tin cậy, trong khoảng thời gian của buổi họp.")
    later = document_stamps(case.pdf, wanted.trust) if case.signatures else []
    if any(wanted.since <= at <= wanted.until for at in later):
        return passed(
            5, "Cả tệp có dấu thời gian tin cậy đóng sau khi ký, trong khoảng thời gian của buổi họp."
        )
    return failed(5, "Thiếu dấu thời gian tin cậy, hoặc dấu thời gian nằm ngoài khoảng của buổi họp.")


def _stamped(one: Examined, wanted: TimestampTrust) -> bool:
    stamp = one.status.timestamp_validity
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
        return False
    return wanted.since <= stamp.timestamp <= wanted.until


def locked(case: Case) -> RuleResult:
    """Rule 6: the recorder certified with P=2, the chair locked every field."""
    first, second = case.by(SigningRole.RECORDER), case.by(SigningRole.CHAIR)
    root = PdfFileReader(io.BytesIO(case.pdf)).root
    certified = first is not None and "/DocMDP" in root.get("/Perms", {})
    if first is None or not certified or first.found.docmdp_level is not MDPPerm.FILL_FORMS:
        return failed(6, "Chữ ký của thư ký chưa khóa nội dung biên bản.")
    if (
        second is None
        or second.found.fieldmdp is None
        or second.found.fieldmdp.action is not FieldMDPAction.ALL
    ):
        return failed(6, "Chữ ký của chủ trì chưa khóa toàn bộ tệp.")
    return passed(6, "Thư ký khóa nội dung, chủ trì khóa toàn bộ.")


def in_the_log(case: Case) -> RuleResult:
    """Rule 7: the file's hash in the log with a proof to a witnessed checkpoint. Without a witness: not applied."""
    logged = case.evidence.logged
    if logged is None:
        return not_applied(7, "Chưa có sổ ghi để đối chiếu.")
    if hashlib.sha256(case.pdf).hexdigest() not in logged.files:
        return failed(7, "Tệp này không có trong sổ ghi của chi bộ.")
    return proven(logged.proof, partial(filed, FILED, hashlib.sha256(case.pdf).hexdigest()), "Tệp")


def filed(acts: tuple[str, ...], file: str, entry: Mapping[str, Any]) -> bool:
    """Whether the entry is of such an act and names that file."""
    return bool(entry["act"] in acts and entry["p"].get("pdf") == file)


def proven(proof: LogProof | None, is_it: Callable[[Mapping[str, Any]], bool], what: str) -> RuleResult:
    """Rule 7 of what this machine's ledger has: whether the common log has it, and who witnessed. `what`: of it, in
    words."""
    if proof is None:
        return not_applied(
            7, f"{what} có trong sổ ghi của máy này; sổ ghi chung chưa có mốc cho {what.lower()} này."
        )
    try:
        seen = witnesses(proof, is_it)
    except Unsound:
        return failed(
            7, f"Chứng minh rằng {what.lower()} có trong sổ ghi chung không đúng: sổ ghi đã bị sửa."
        )
    if not seen and proof.asked:
        return failed(7, "Không nơi nào trong các nơi làm chứng đã nêu làm chứng cho sổ ghi này.")
    if not seen:
        return not_applied(7, f"{what} có trong sổ ghi của máy này; chưa có cấp trên làm chứng cho sổ ghi.")
    return passed(7, f"{what} có trong sổ ghi chung; làm chứng: {', '.join(seen)}.")


def witnesses(proof: LogProof, is_it: Callable[[Mapping[str, Any]], bool]) -> list[str]:
    """Who cosigned the checkpoint that holds that entry. Raises Unsound."""
    shown = check_bundle(proof.bundle, read_key(proof.log, NOTE))
    if not any(is_it(entry) for entry, _ in shown):
        raise Unsound("the proof is of something else")
    known = [read_key(one, COSIGNATURE) for one in proof.witnesses]
    found = cosigners(proof.bundle["checkpoint"], known)
    return sorted(one.name for one in known if str(one) in found)


def data_attached(case: Case) -> RuleResult:
    """Rule 8: the attached JSON is canonical and its hash is in the log."""
    if case.data is None:
        return failed(8, "Tệp không kèm đúng một bản dữ liệu gốc.")
    try:
        from_json(case.data)
    except BadMinutes:
        return failed(8, "Dữ liệu đính kèm không đúng dạng chuẩn.")
    logged = case.evidence.logged
    if logged is None:
        return not_applied(8, "Dữ liệu đúng dạng chuẩn; chưa có sổ ghi để đối chiếu.")
    if hashlib.sha256(case.data).hexdigest() not in logged.data:
        return failed(8, "Dữ liệu đính kèm không phải dữ liệu đã ghi trong sổ.")
    return passed(8, "Dữ liệu đúng dạng chuẩn và có trong sổ ghi.")


def pages_match(case: Case) -> RuleResult:
    """Rule 9: pages printed again from the attached data equal the pages shown."""
    if case.data is not None and same_pages(case.pdf, case.data):
        return passed(9, "In lại từ dữ liệu đính kèm được đúng những trang này.")
    return failed(9, "Chữ trên trang không khớp với dữ liệu đính kèm.")


RULE_FUNCTIONS: Mapping[int, Callable[[Case], RuleResult]] = {
    1: both_signed,
    2: nothing_after,
    3: each_sound,
    4: right_people,
    5: timestamped,
    6: locked,
    7: in_the_log,
    8: data_attached,
    9: pages_match,
}
