from __future__ import annotations

from media_server.checks import BindingRequest
from media_server.nomination import GIVEN_UP_S, MOVED_S, Standing, pair_priority, replaces


def check(nominated: bool, priority: int = 5) -> BindingRequest:
    return BindingRequest(
        transaction=b"", ufrag="u", nominated=nominated, priority=priority, signed=b"", signature=b""
    )


def path(*checks: BindingRequest, restarts: int = 0, at: float = 100.0) -> Standing:
    standing = Standing(eager=checks[0].nominated)
    for each in checks:
        standing.note(each, 7, restarts, at)
    return standing


def test_a_client_that_checks_before_it_nominates_has_the_last_word() -> None:
    used = path(check(nominated=False), check(nominated=True, priority=9))
    other = path(check(nominated=False, priority=1), check(nominated=True, priority=1))
    assert replaces(other, used, nominated=True, now=100.0)
    assert not replaces(other, used, nominated=False, now=100.0)


def test_of_paths_nominated_at_first_sight_the_best_is_meant() -> None:
    good, poor = path(check(nominated=True, priority=9)), path(check(nominated=True, priority=1))
    assert replaces(good, poor, nominated=True, now=100.0)
    assert not replaces(poor, good, nominated=True, now=100.0)
    assert replaces(path(check(nominated=True, priority=1), restarts=1), good, nominated=True, now=100.0)
    assert replaces(poor, path(check(nominated=False, priority=9)), nominated=True, now=100.0)


def test_of_pairs_that_which_is_worse_at_one_end_is_worse() -> None:
    """As Firefox said of TCP: it gave IPv6 more, the server gave it less."""
    ipv4, ipv6 = pair_priority(2105458943, 1671430143), pair_priority(2105524479, 1671429887)
    assert (ipv4, ipv6) == (7178737805944521215, 7178736706433024511)


def test_a_client_that_a_nat_has_moved_is_followed_as_soon_as_its_old_address_is_silent() -> None:
    old, new = path(check(nominated=True)), path(check(nominated=True))
    assert not replaces(new, old, nominated=True, now=100.0 + MOVED_S)
    assert replaces(new, old, nominated=True, now=100.1 + MOVED_S)


def test_the_path_still_checked_takes_the_place_of_one_given_up() -> None:
    """Firefox nominates no more after the first second; it only asks for consent, on the path it uses."""
    used, checked = path(check(nominated=True, priority=9)), path(check(nominated=True, priority=1))
    assert not replaces(checked, used, nominated=False, now=100.0 + GIVEN_UP_S)
    assert replaces(checked, used, nominated=False, now=100.1 + GIVEN_UP_S)
