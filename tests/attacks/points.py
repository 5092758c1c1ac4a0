"""The attacks on minutes and log (docs/SECURITY.md): what is done, what must come of it, which tests do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FILES: Mapping[str, str] = {
    "verify": "tests/minutes/test_verify.py",
    "time": "tests/attacks/test_in_time.py",
    "signing": "tests/minutes/test_signing.py",
    "deferred": "tests/minutes/test_deferred_pdf.py",
    "device": "tests/minutes/test_service_deferring.py",
    "kept": "tests/minutes/test_archive_proof.py",
    "beside": "tests/cli/test_prepared.py",
    "token": "tests/minutes/test_service_tokens.py",
    "outside": "tests/minutes/test_external.py",
    "authority": "tests/minutes/test_service_certifying.py",
    "killed": "tests/crash/test_killed.py",
    "elsewhere": "tests/crash/test_killed_elsewhere.py",
    "papers": "tests/minutes/test_service_papers_signed.py",
    "clock": "tests/minutes/test_signing_clock.py",
    "pdf": "tests/minutes/test_pdf.py",
    "faces": "tests/minutes/test_typefaces.py",
    "log": "tests/ledger/test_log.py",
    "export": "tests/ledger/test_export.py",
    "witness": "tests/ledger/test_witness.py",
    "notes": "tests/ledger/test_signers.py",
    "tree": "tests/ledger/test_merkle.py",
    "rows": "tests/oversight/test_reconcile.py",
    "chain": "tests/cli/test_verify.py",
    "drill": "tests/cli/test_backup.py",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Attack:
    """`number` of the trial's list; `tests` as FILE:FUNCTION, the file by its short name above."""

    number: int
    what: str
    expected: str
    tests: tuple[str, ...]

    @property
    def nodes(self) -> tuple[str, ...]:
        """The tests as pytest names them."""
        return tuple(f"{FILES[file]}::{name}" for file, _, name in (one.partition(":") for one in self.tests))


def _attack(number: int, what: str, expected: str, *tests: str) -> Attack:
    return Attack(number=number, what=what, expected=expected, tests=tests)


ATTACKS = (
    _attack(1, "one byte flipped", "rejected by rule 3", "verify:test_one_byte_flipped"),
    _attack(1, "any byte flipped that a signature can cover", "rejected", "verify:test_any_byte_flipped"),
    _attack(2, "page painted over after both signed", "rejected by 2, 9", "verify:test_a_page_painted_over"),
    _attack(3, "note added after both signed", "rejected by 2, 9", "verify:test_a_note_added"),
    _attack(4, "attached data replaced", "rejected by 2, 9", "verify:test_the_data_replaced"),
    _attack(
        4,
        "a signed resolution touched, painted over, noted on, or signed and never kept",
        "rejected",
        "papers:test_a_touched_file_is_refused",
    ),
    _attack(5, "third signature after the lock", "rejected by 1, 2", "verify:test_a_third_signature"),
    _attack(
        6,
        "second certification",
        "refused when signing",
        "signing:test_nobody_signs_twice",
        "signing:test_a_second_certification_before_the_chair_is_refused",
    ),
    _attack(
        7,
        "chair's signature cut off",
        "rejected by 1, though all that remains is sound",
        "verify:test_the_chairs_signature_cut_off",
    ),
    _attack(
        8,
        "another member, or a namesake, in the chair's field",
        "rejected by 4 alone",
        "verify:test_another_member_in_the_chairs_field",
        "verify:test_a_namesake_in_the_chairs_field",
    ),
    _attack(
        8,
        "another's token, one of an unlisted authority, or of an unlisted one below a listed root",
        "refused before signing",
        "token:test_whose_certificate_it_is_must_fit_whose_place_it_is",
        "outside:test_below_a_listed_root_only_the_listed_authority_issues",
    ),
    _attack(
        9,
        "rogue authority with the same names",
        "rejected by 3, 4",
        "verify:test_a_rogue_authority_with_the_same_names",
    ),
    _attack(
        10,
        "certificate taken back before signing; no list at hand",
        "rejected by 3",
        "verify:test_revoked_before_signing",
        "verify:test_no_list_of_revocations",
    ),
    _attack(
        10,
        "certificate taken back after signing",
        "accepted by the logged moment, rejected without it",
        "authority:test_what_was_signed_before_stays_signed_when_the_certificate_is_taken_back",
    ),
    _attack(
        11,
        "certificate expired at signing; stamped, read after expiry",
        "rejected by 3",
        "time:test_a_certificate_that_had_expired_at_signing",
        "time:test_a_stamped_signature_is_read_after_its_certificate_ended",
    ),
    _attack(
        11,
        "read years after the certificates ended, with stamps of the archive renewed in time",
        "accepted",
        "kept:test_a_file_of_the_archive_is_accepted_years_after_its_certificates_ended",
    ),
    _attack(
        11,
        "the same with no stamp, one not renewed in time, one set too late, one of nobody known, or taken back before",
        "rejected by 3",
        "kept:test_without_stamps_that_hold_today_the_end_is_the_end",
        "kept:test_a_stamp_set_after_the_certificates_ended_proves_nothing",
        "kept:test_stamps_of_nobody_known_prove_nothing",
        "kept:test_a_certificate_taken_back_before_its_stamp_stays_taken_back",
    ),
    _attack(
        12,
        "signature moved from another file; its range widened",
        "rejected by 3; by 2, 3",
        "verify:test_a_signature_from_another_file",
        "verify:test_a_range_that_leaves_something_out",
    ),
    _attack(
        13,
        "signing device gives a wrong value, or signed other bytes",
        "rejected by 3",
        "time:test_a_value_that_is_no_signature_of_the_file",
    ),
    _attack(
        13,
        "in two steps: wrong value, another key; file, digest or attributes swapped; another field",
        "refused, nothing signed",
        "deferred:test_a_value_by_another_key_or_of_other_bytes_is_refused",
        "deferred:test_a_file_swapped_between_the_steps_is_refused",
        "deferred:test_a_signature_prepared_for_one_field_does_not_land_in_another",
    ),
    _attack(
        13,
        "beside a USB token: file, hole, attributes or certificate other than told, a bare digest",
        "the program refuses, nothing signed",
        "beside:test_what_was_changed_is_refused",
        "beside:test_attributes_about_anothers_certificate_are_refused",
    ),
    _attack(
        14,
        "no time stamp, or one outside the sitting's window, where one is asked",
        "rejected by 5 alone",
        "verify:test_no_timestamp_where_one_is_asked",
        "verify:test_timestamps_inside_and_outside_the_window",
    ),
    _attack(
        14,
        "machine's clock a day off the authority's",
        "refused before anything is kept",
        "clock:test_nothing_is_signed_and_the_operator_is_sent_for",
        "clock:test_nor_by_a_key_that_is_elsewhere",
    ),
    _attack(
        15,
        "seven files prepared before signing (layers, script, note, fonts, page, data)",
        "rejected by 9",
        "verify:test_what_was_prepared_before_signing",
    ),
    _attack(
        16,
        "stamp drawn in the text",
        "told as not signed",
        "verify:test_a_stamp_drawn_in_the_text_is_no_signature",
    ),
    _attack(
        17,
        "decomposed, hidden, unmapped characters, markup in names",
        "refused or escaped; text comes out as it went in",
        "pdf:test_the_text_comes_out_as_it_went_in",
        "pdf:test_markup_in_a_name_is_only_a_name",
        "pdf:test_what_cannot_be_shown_is_refused",
        "pdf:test_decomposed_text_never_reaches_the_paper",
        "faces:test_a_hidden_character_is_refused",
        "faces:test_a_character_without_a_glyph_is_refused",
    ),
    _attack(
        18,
        "signature replayed; two finish the same field",
        "kept once, the rest refused",
        "time:test_a_signature_made_ahead_is_kept_once",
    ),
    _attack(
        18,
        "in two steps: replayed, finished on two devices, finished after half an hour",
        "kept once, the rest refused",
        "device:test_of_two_devices_that_finish_one_is_kept_and_the_other_told",
        "device:test_what_was_prepared_anew_replaces_what_waited",
        "device:test_a_prepared_file_waits_half_an_hour_and_can_be_prepared_again",
    ),
    _attack(
        18,
        "by a token's code: wrong, replaced, spent, too old; finished by two programs",
        "kept once, the rest refused",
        "token:test_a_code_is_for_one_signature_and_a_quarter_of_an_hour",
        "token:test_two_programs_finish_the_same_signature",
    ),
    _attack(
        19,
        "key taken back between digest and finish",
        "refused, nothing kept",
        "time:test_a_key_taken_back_between_digest_and_finish",
    ),
    _attack(
        19,
        "in two steps: certificate taken back, or device replaced, between them",
        "refused, nothing kept",
        "device:test_a_certificate_taken_back_between_the_steps_signs_nothing",
        "device:test_a_lost_device_is_replaced_by_another",
    ),
    _attack(
        19,
        "by a token: certificate taken back between the two steps",
        "refused, nothing kept",
        "token:test_a_certificate_taken_back_between_the_steps_signs_nothing",
    ),
    _attack(
        20,
        "log rows changed or removed by the application's role",
        "refused by guards",
        "log:test_the_application_may_neither_change_nor_remove",
    ),
    _attack(
        20,
        "the same by the owner of the tables, guards dropped",
        "the sequencer stops; files and chain do not verify",
        "log:test_a_log_that_was_touched_goes_no_further",
        "export:test_what_was_changed_in_the_database_shows_in_the_files",
        "export:test_every_touched_file_is_found",
        "chain:test_the_first_broken_entry_is_named",
    ),
    _attack(20, "log rolled back", "the witness refuses", "witness:test_a_rollback_is_refused"),
    _attack(20, "older backup restored", "the witness refuses", "drill:test_the_drill"),
    _attack(
        21,
        "log rebuilt with the real key",
        "the witness refuses and keeps the checkpoint",
        "witness:test_a_rewritten_past_is_refused_even_with_the_real_key",
    ),
    _attack(
        21,
        "two witnesses shown two logs",
        "found when they compare",
        "witness:test_two_views_show_when_witnesses_compare",
    ),
    _attack(
        22,
        "eight writers, three sequencers; kill -9 while sequencing",
        "no gap, no fork",
        "log:test_many_writers_and_sequencers_at_once",
        "log:test_killed_at_any_moment",
    ),
    _attack(
        22,
        "kill -9 between every two steps of drafting, rendering, approving, signing, sequencing",
        "nothing half-done seen; repeating finishes it",
        "killed:test_killed_between_any_two_steps",
    ),
    _attack(
        22,
        "kill -9 between every two steps of signing by a browser's key and by a token",
        "nothing half-done seen; repeating finishes it",
        "elsewhere:test_killed_between_any_two_steps_of_signing_elsewhere",
    ),
    _attack(
        23,
        "row without its entry, entry without its row, altered row",
        "each is named",
        "rows:test_whoever_touches_one_side_is_found",
    ),
    _attack(
        24,
        "personal values erased",
        "root and proofs stand, the value is nowhere",
        "log:test_an_erased_value_is_gone_and_the_proof_stays",
        "export:test_erased_values_are_not_in_the_files",
    ),
    _attack(
        25,
        "proofs of wrong size, place, length or hash; every edge size; another implementation",
        "refused; roots and proofs are the same",
        "tree:test_the_empty_tree_is_that_of_the_standard",
        "tree:test_every_root_and_proof_is_that_of_another_implementation",
        "tree:test_inclusion_holds_only_where_the_leaf_stands",
        "tree:test_consistency_holds_only_for_a_true_beginning",
        "tree:test_no_random_change_survives",
    ),
    _attack(
        26,
        "notes of unknown keys, a signer twice, malformed, text behind",
        "refused; a signer counts once",
        "notes:test_a_stranger_says_nothing",
        "notes:test_a_signer_counts_once",
        "notes:test_whatever_is_malformed_is_refused",
    ),
)
