"""What voting must bear, item by item, and the tests that show it.

`python -m tests.house.promises > docs/BALLOTS.md` writes the table.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

SECRET, BURSTS, CLOCKS = (
    "tests/voting/test_secret.py",
    "tests/voting/test_casting_bursts.py",
    "tests/voting/test_casting_clocks.py",
)
SERVICE, BLIND = "tests/voting/test_service.py", "tests/voting/test_blind.py"
STORM, KILL = "tests/crash/test_ballots.py", "tests/crash/test_kill.py"
ADVERSARY, BOOTH = "tests/adversary/test_adversary.py", "web/tests/booth.test.ts"


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """One thing that may go wrong, and the tests (file, name) in which it does."""

    about: str
    tests: tuple[tuple[str, str], ...]


PROMISES = (
    Promise(
        about="The same token twice, or with another choice; a token of another question; altered serial, prefix or"
        " signature",
        tests=(
            (SECRET, "test_tokens_are_good_for_one_choice_of_one_question"),
            (BOOTH, "the first choice stands, also when it is sent again"),
        ),
    ),
    Promise(
        about="A voter who is not entitled; a second blinded message",
        tests=(
            (SECRET, "test_one_ballot_for_each_member_in_the_hall"),
            ("tests/voting/test_secret_handlers.py", "test_who_may_not"),
        ),
    ),
    Promise(
        about="kill -9 of worker and database while secret ballots are given out, held and written: counts equal",
        tests=(
            (KILL, "test_every_secret_ballot_told_to_be_recorded_is_counted_once"),
            (KILL, "test_no_secret_ballot_is_lost_in_a_storm"),
        ),
    ),
    Promise(
        about="kill -9 of worker, database and phones while an open vote opens, is answered and closes: every"
        " acknowledged ballot stands once and is counted as told",
        tests=(
            (STORM, "test_one_vote_in_a_storm"),
            (STORM, "test_many_votes_in_a_storm"),
            (KILL, "test_nothing_acknowledged_is_lost"),
        ),
    ),
    Promise(
        about="The order of secret ballots from xmin, ctid, rowid, WAL, page bytes, logs, metrics and backups, of votes"
        " of 5, 12 and 30: no better than chance; the same attacks beat chance against a naive box",
        tests=(
            (ADVERSARY, "test_no_better_than_chance"),
            (ADVERSARY, "test_no_better_than_chance_over_many_votes"),
            (ADVERSARY, "test_the_adversary_is_able"),
        ),
    ),
    Promise(
        about="One phone is given another public key: it stops; the key stands in the ledger before any ballot",
        tests=(
            (
                BOOTH,
                "stops at a key that is not the one named, at another than before, and when the member says so",
            ),
            (SECRET, "test_the_ledger_has_the_key_before_any_ballot_and_no_ballot"),
        ),
    ),
    Promise(
        about="Casting before issuing ends, after the close, during a restart",
        tests=(
            (SECRET, "test_phases_go_forward_and_the_private_key_is_gone"),
            (SECRET, "test_nothing_is_written_before_all_have_come_or_casting_ends"),
            (SECRET, "test_what_a_process_held_was_told_to_nobody_and_is_sent_again"),
        ),
    ),
    Promise(
        about="More received than issued: impossible in the database itself",
        tests=((SECRET, "test_the_database_itself_refuses"),),
    ),
    Promise(
        about="Blinded values 0, 1, n - 1, n and more, wrong lengths; a faulty signature is not answered",
        tests=(
            (BLIND, "test_what_is_no_blinded_message_is_refused"),
            (BLIND, "test_a_multiple_of_a_prime_is_refused"),
            (BLIND, "test_a_faulty_signature_is_not_answered"),
            ("tests/voting/test_secret_handlers.py", "test_bad_numbers"),
        ),
    ),
    Promise(
        about="A retry after a lost answer gives the first receipt",
        tests=(
            (SERVICE, "test_the_same_request_gives_the_same_receipt"),
            ("tests/voting/test_handlers.py", "test_the_same_ballot_twice_and_another_under_its_id"),
            (STORM, "test_one_vote_in_a_storm"),
        ),
    ),
    Promise(
        about="Voting, then leaving: never above 100 %",
        tests=(
            (BURSTS, "test_who_votes_and_leaves_is_counted_within_the_base"),
            (SERVICE, "test_the_base_stays_and_who_left_is_told_at_closing"),
            ("tests/voting/test_tally.py", "test_results_add_up_and_never_pass_the_base"),
        ),
    ),
    Promise(
        about="A deadline ends a vote with every scheduler stopped",
        tests=(
            (SERVICE, "test_late_is_kept_and_never_counted"),
            (SECRET, "test_the_deadline_ends_casting_with_nobody_pressing_anything"),
            ("tests/journeys/test_late.py", "test_both_texts_are_shown_and_the_tally_does_not_move"),
        ),
    ),
    Promise(
        about="Clocks set by a day, forward and back, while people vote: the database's clock decides at the write",
        tests=(
            (CLOCKS, "test_a_worker_whose_clock_is_wrong_takes_what_is_in_time_and_nothing_else"),
            (CLOCKS, "test_a_vote_opened_by_a_wrong_clock_ends_when_it_should"),
            (CLOCKS, "test_workers_a_day_apart_agree_ballot_by_ballot"),
            (CLOCKS, "test_the_database_s_own_clock_is_stepped"),
            (CLOCKS, "test_the_server_s_clock_decides_not_the_machine_s_of_the_service"),
            (CLOCKS, "test_secret_ballots_go_by_the_database_s_clock_too"),
        ),
    ),
    Promise(
        about="Two devices of one member",
        tests=((BURSTS, "test_two_devices_of_one_member"),),
    ),
    Promise(
        about="A member transferred to another cell during a vote",
        tests=(
            (BURSTS, "test_a_member_transferred_while_voting_keeps_the_answer_and_may_change_it"),
            (SECRET, "test_a_member_transferred_while_voting_keeps_the_ballot"),
        ),
    ),
    Promise(
        about="250 voters at once",
        tests=(
            (BURSTS, "test_250_at_once_and_each_sends_twice"),
            (BURSTS, "test_a_full_hall_takes_and_casts_secret_ballots_at_once"),
        ),
    ),
)


def page() -> str:
    """The table."""
    rows = [f"| {one.about} | {'<br>'.join(map(_named, one.tests))} |" for one in PROMISES]
    head = [
        "# What voting bears",
        "",
        "Made by `python -m tests.house.promises`; do not edit. A test looks that it is current and that every test",
        "named here exists.",
        "",
        "| What happens | Shown by |",
        "|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def _named(test: tuple[str, str]) -> str:
    return f"`{test[0]}`: {test[1]}"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a console's or a file's stream
    sys.stdout.write(page())
