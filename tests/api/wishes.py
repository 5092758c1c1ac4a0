"""A body for every write that the service would take, were the moment right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.journeys.sittings import PLACE, new_id
from tests.scans import in_json, picture

NOW = "2026-11-24T19:30:00+07:00"  # of the scene, when people ask
LATER = "2026-12-11T19:30:00+07:00"
PAPER = "Quyết định mẫu số 03-QĐ/ĐU ngày 01/11/2026"
HASH = "ab" * 32
MEASURED_BY_PEOPLE = ("preparation", "conduct", "principles", "results", "ending")


def wish(operation: str, ids: Mapping[str, str]) -> dict[str, Any]:
    """The body for that operation about these ids. Raises KeyError for an operation nobody thought of."""
    made: dict[str, dict[str, Any]] = {
        **_of_committees(ids),
        **_of_convening(ids),
        **_of_attendance(ids),
        **_of_the_evening(ids),
        **_of_ballots(ids),
    }
    return made[operation]


def _of_committees(ids: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    since = {"since": "2026-11-01"}
    return {
        "sign_in": {"token": "A" * 22},
        "sign_out": {},
        "read_out_code": {},
        "sign_in_by_code": {"code": "000000", "birth_year": 1970},
        "hand_off_browser": {},
        "begin_passkey": {},
        "keep_passkey": {"credential": {"id": "AAAA"}, "label": "Máy mẫu"},
        "revoke_own_passkey": {},
        "revoke_passkey": {},
        "unlink_outside_account": {},
        "ask_for_passkey": {},
        "sign_in_by_passkey": {"credential": {"id": "AAAA"}},
        "invite_member": {"member": ids["member"], "channel": "paper"},
        "revoke_device": {},
        "found_org": {"parent": ids["org"], "name": "Chi bộ mới", "kind": "cell", **since},
        "change_org": {"name": "Tên mới", **since},
        "appoint": {"person": ids["person"], "role": "auditor", "paper": PAPER, **since},
        "end_mandate": {"until": "2026-12-31"},
        "set_policy": {"key": "hall_minimum", "value": ">1/2", "valid_from": "2026-12-01", "citation": PAPER},
        "change_category": {"category": "exempt", "paper": PAPER, **since},
        "read_notice": {},
        "end_membership": {"until": "2026-12-31", "reason": "transferred", "paper": PAPER},
        "import_roster": {"rows": [["Họ và tên"], ["Mẫu"]], "dry_run": True},
        "freeze_quarter": {},
        "verify_file": {"file": "aGVsbG8="},
        "set_criteria": {
            "valid_from": "2026-12-01",
            "citation": PAPER,
            "lines": [{"key": "all", "title": "Cả buổi", "most": 100}],
            "ranks": [{"least": 50, "name": "Đạt"}, {"least": 0, "name": "Chưa đạt"}],
        },
        "cosign": {"size": 1, "line": "— witness " + "A" * 40},
    }


def _of_convening(ids: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    times = {"opened_at": "2026-11-02T19:30:00+07:00", "closed_at": "2026-11-02T21:00:00+07:00"}
    return {
        "set_series": {"since": "2027-01-01", "day_of_month": 3, "local_time": "19:30", "place": PLACE},
        "call_meeting": {"kind": "regular", "mode": "in_person", "starts_at": LATER, "place": PLACE},
        "decide_month": {
            "number": "Công văn số 1",
            "issued_on": "2026-11-01",
            "issuer": "Đảng ủy",
            "reason": "",
            "scan": in_json(picture()),
        },
        "decide_days": {
            "first": "2027-02-05",
            "last": "2027-02-09",
            "off": True,
            "name": "Nghỉ Tết",
            "citation": PAPER,
        },
        "fulfil_month": {"meeting": ids["planned"]},
        "enter_paper_meeting": {"place": PLACE, "photo": in_json(picture()), **times},
        "move_meeting": {"starts_at": LATER},
        "cancel_meeting": {"reason": "Mưa lũ"},
        "convene_meeting": {"how": "zalo_text", "left_out": []},
        "restate_meeting": {"what": "Địa điểm", "before": "A", "after": "B", "reason": "Ghi nhầm"},
        "tell_again": {"how": "zalo_text"},
        "tell_member": {"how": "zalo_text"},
    }


def _of_attendance(ids: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    about = {"member": ids["member"]}
    return {
        "take_ticket": {},
        "remove_from_room": {**about, "reason": "Gây ồn"},
        "readmit_to_room": {**about, "reason": "Đã xong"},
        "post_check_in": {"id": new_id(), "code": "12345678"},
        "post_heartbeat": {"participant_sid": "PA_mau"},
        "post_roll": {"id": new_id(), "marks": [{**about, "mark": "present"}]},
        "post_roster_correction": {**about, "reason": "Ghi sót"},
        "post_correction": {"id": new_id(), **about, "mark": "absent", "reason": "Ghi nhầm"},
        "ask_leave": {"id": new_id(), "reason": "ill", "note": ""},
        "say_coming": {},
        "decide_leave": {"decision": "excused", "reason": "ill"},
        "contest_leave": {"note": "Xin xem lại"},
        "welcome_guest": {"full_name": "Khách Mẫu", "comes_from": "Đảng ủy xã"},
        "issue_pass": {"name": "Người giúp Mẫu"},
        "revoke_pass": {},
        "declare_shared_phone": {"members": [ids["member"], ids["chair"]]},
    }


def _of_the_evening(ids: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    return {
        "put_agenda": {"items": [{"title": "Nội dung", "planned_minutes": 10}]},
        "start_item": {},
        "stop_item": {"conclusion": "Nhất trí"},
        "raise_hand": {"id": new_id()},
        "call_speaker": {},
        "finish_speaker": {},
        "lower_hand": {},
        "give_task": {"title": "Vận động hộ mẫu", "member": ids["member"], "due": "2026-12-20"},
        "write_draft": {"id": new_id(), "after": 0, "text": "Dự thảo mẫu"},
        "move_motion": {"id": new_id(), "kind": "words", "text": "Nghỉ giải lao 5 phút"},
        "decide_motion": {"taken_up": True},
        "withdraw_motion": {},
        "vote_on_motion": {"minutes": 5},
        "report_task": {"outcome": "done", "note": "Đã xong"},
        "open_vote": {"question": "Nhất trí chứ?", "item": ids["item"], "minutes": 5},
        "count_hands": {"in_favour": 12, "against": 1, "abstain": 1},
        "close_vote": {},
        "cast_ballot": {"id": new_id(), "version": 1, "choice": "for"},
        "open_sitting": {},
        "name_parts": {"chair": ids["chair"], "recorder": ids["recorder"]},
        "state_fees": {"fee_paid": 20, "fee_total": 25},
        "read_out_minutes": {},
        "close_sitting": {},
        "score_sitting": {"lines": [{"key": key, "points": 5} for key in MEASURED_BY_PEOPLE]},
        "bring_offline_record": _offline(ids),
        "approve_minutes": {},
        "write_minutes": {"words": "Bí thư nêu.", "over": ""},
        "sign_minutes": {"role": "chair", "passphrase": "mật khẩu mẫu dài"},
        "sign_minutes_in_ink": {"scan": in_json(picture())},
        "revoke_signing_key": {},
        "certify_device_key": {"request": "aGVsbG8="},
        "prepare_signature": {"role": "chair"},
        "open_signing_code": {"role": "chair"},
        "prepare_for_token": {"code": "000000000000", "certificate": "aGVsbG8="},
        "finish_by_token": {"code": "000000000000", "signature": "aGVsbG8="},
        "finish_signature": {"signature": "aGVsbG8="},
        "sign_paper": {"passphrase": "mật khẩu mẫu dài"},
        "prepare_paper_signature": {"role": "signer"},
        "open_paper_code": {},
        "sign_paper_in_ink": {"scan": in_json(picture()), "witness": ids["member"]},
        "finish_paper_signature": {"signature": "aGVsbG8="},
        "make_signing_key": {"passphrase": "mật khẩu mẫu dài"},
        "change_signing_passphrase": {
            "passphrase": "mật khẩu mẫu dài",
            "new_passphrase": "mật khẩu khác dài",
        },
    }


def _offline(ids: Mapping[str, str]) -> dict[str, Any]:
    """Moments of the planned sitting, which has not come yet."""
    times = {"opened_at": LATER, "confirmed_at": LATER, "closed_at": "2026-12-11T21:00:00+07:00"}
    return {
        "id": new_id(),
        "based_on": 10**6,
        "sent_at": NOW,
        **times,
        "marks": [{"member": ids["member"], "mark": "present", "device_at": LATER}],
        "head_count": 1,
        "chair": ids["chair"],
        "recorder": ids["recorder"],
        "items": [{"id": new_id(), "title": "Nội dung", "planned_minutes": 10}],
        "words": "Bí thư nêu.",
    }


def _of_ballots(ids: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    counts = {"issued": 14, "returned": 14, "valid": 14, "invalid": 0}
    return {
        "mark_answer": {"id": new_id(), "member": ids["member"], "choice": "for"},
        "count_paper": {**counts, "lines": [{"in_favour": 14, "against": 0}], "board": [ids["chair"]]},
        "reserve_opinion": {"id": new_id(), "vote": ids["vote"], "words": "Tôi xin bảo lưu ý kiến"},
        "start_casting": {"minutes": 3},
        "end_casting": {},
        "set_aside": {"minutes": 3},
        "ask_secret_ballot": {"blinded": "ab" * 256},
        "cast_secret_ballot": {
            "vote": ids["vote"],
            "serial": HASH,
            "prefix": HASH,
            "signature": "ab" * 256,
            "mark": "f",
        },
        "check_secret_receipt": {"vote": ids["vote"], "receipt": HASH},
        "defer_item": {"title": "Kết nạp người mẫu"},
        "begin_election": {"kind": "secretary_election", "title": "Bầu bí thư chi bộ", "seats": 1},
        "name_candidate": {"member": ids["member"], "step": "by_convenor"},
        "close_candidate_list": {},
        "open_round": {"minutes": 30},
        "print_ballots_ahead": {
            "question": "Kết nạp người mẫu",
            "kind": "admission",
            "person": {"name": "Mẫu"},
        },
        "issue_paper": {"kind": "convocation"},
        "begin_document_term": {"name": "Nhiệm kỳ mẫu", "since": "2027-01-01"},
    }
