from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.allowance import GOOD_FOR_S, GOOD_MOST_S, Allowance, Sample
from media_server.feed import HIGHEST, OFF


def sample(loss: float | None, highest: int = HIGHEST, estimate: int | None = None) -> Sample:
    return Sample(loss=loss, estimate=estimate, sent=1_000_000.0, highest=highest)


def ceilings(
    losses: Sequence[float | None], allowance: Allowance | None = None, start: float = 0.0
) -> list[int]:
    """The ceiling after each second; what is sent follows it at once."""
    allowance = allowance or Allowance()
    seen = []
    for second, loss in enumerate(losses):
        allowance.observe(sample(loss, allowance.ceiling), start + second)
        seen.append(allowance.ceiling)
    return seen


def test_a_weak_connection_gets_less_step_by_step_and_at_last_audio_only() -> None:
    seen = ceilings([0.2] * 20)
    assert seen[:3] == [2, 2, 1]
    assert seen[-1] == OFF
    assert [seen.index(each) for each in (1, 0, OFF)] == [2, 7, 12]


def test_one_bad_second_changes_nothing() -> None:
    assert set(ceilings([0.0, 0.9, 0.0, 0.9, 0.0, 0.2, 0.2, 0.05] * 5)) == {HIGHEST}


def test_much_loss_is_answered_sooner() -> None:
    assert ceilings([0.5, 0.5]) == [2, 1]


def test_a_report_counts_until_the_next_one() -> None:
    assert ceilings([0.2, None, 0.2]) == [2, 2, 1]
    assert ceilings([0.9] + [None] * 9)[-1] == HIGHEST, "an outage that is over"
    assert ceilings([0.2, 0.0] + [None] * 9)[-1] == HIGHEST


def test_what_is_neither_good_nor_bad_stays_as_it_is() -> None:
    assert set(ceilings([0.2] * 3 + [0.06] * 100)[3:]) == {1}


def test_video_comes_back_by_itself_though_nothing_is_known() -> None:
    seen = ceilings([0.4] * 20 + [None] * 60)
    assert seen[19] == OFF and seen[-1] == HIGHEST


def test_a_try_that_fails_makes_the_next_wait_longer() -> None:
    allowance, raised, now = Allowance(), list[float](), 0.0
    bears = 0
    while now < 400:
        before = allowance.ceiling
        allowance.observe(sample(0.2 if before > bears else 0.0, before), now)
        raised += [now] if allowance.ceiling > before else []
        now += 1
    waits = [round(b - a) for a, b in itertools.pairwise(raised)]
    assert waits == sorted(waits)
    assert waits[0] > GOOD_FOR_S and GOOD_MOST_S <= waits[-1] < GOOD_MOST_S + 15
    bears = HIGHEST
    seen = ceilings([0.0] * 200, allowance, now)
    assert seen[-1] == HIGHEST


def test_one_step_less_is_less_than_what_is_sent() -> None:
    allowance = Allowance()
    for second in range(3):
        allowance.observe(sample(0.2, highest=0), float(second))
    assert allowance.ceiling == OFF, "there is nothing between the lowest layer and none"


def _estimates(values: Callable[[int], int | None], seconds: int) -> int:
    allowance = Allowance()
    for second in range(seconds):
        allowance.observe(sample(None, allowance.ceiling, values(second)), float(second))
    return allowance.ceiling


def test_an_estimate_far_under_what_is_sent_counts_unless_it_rises() -> None:
    assert _estimates(lambda _: 400_000, 6) == 1
    assert _estimates(lambda _: 400_000, 4) == HIGHEST, "not at once"
    assert _estimates(lambda second: 100_000 + 1000 * second, 60) == HIGHEST
    assert _estimates(lambda _: 900_000, 60) == HIGHEST
    assert _estimates(lambda second: 400_000 if second < 2 else None, 6) == 1, "silence changes nothing"


def test_an_estimate_that_ends_with_the_pictures_keeps_none_of_them_away() -> None:
    allowance, seen = Allowance(), []
    for second in range(60):
        poor = 100_000 if second < 20 and allowance.ceiling > OFF else None
        allowance.observe(sample(None, allowance.ceiling, poor), float(second))
        seen.append(allowance.ceiling)
    assert OFF in seen and seen[-1] == HIGHEST


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | st.floats(0, 1), max_size=80))
def test_it_never_swings(losses: list[float | None]) -> None:
    seen = [HIGHEST, *ceilings(losses)]
    changes = [second for second in range(1, len(seen)) if seen[second] != seen[second - 1]]
    assert all(b - a >= 3 for a, b in itertools.pairwise(changes))
    assert all(abs(seen[each] - seen[each - 1]) == 1 for each in changes)
    assert all(OFF <= each <= HIGHEST for each in seen)
