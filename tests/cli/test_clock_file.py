"""The demonstration's clock goes on over a restart from where it stood."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from meetings.cli.clock_file import clock_of, keep
from meetings.kernel.clock import ShiftedClock, SystemClock, real_now
from meetings.settings import Settings, load

START = datetime.fromisoformat("2026-11-24T19:00:00+07:00")


def settings(folder: Path, mode: str = "demo") -> Settings:
    changes: dict[str, object] = {"data.dir": str(folder), "clock.mode": mode}
    if mode == "demo":
        changes |= {"clock.start": START.isoformat(), "clock.rate": 60.0}
    return load(None, {}, changes)


def demo(folder: Path) -> ShiftedClock:
    clock = clock_of(settings(folder))
    assert isinstance(clock, ShiftedClock)
    return clock


def test_the_first_start_begins_at_the_set_moment(tmp_path: Path) -> None:
    clock = demo(tmp_path)
    assert (clock.start, clock.rate) == (START, 60.0)


def test_a_restart_goes_on(tmp_path: Path) -> None:
    first = demo(tmp_path)
    second = demo(tmp_path)
    moment = real_now() + timedelta(minutes=3)
    assert second.at(moment) == first.at(moment)


def test_a_jump_is_kept(tmp_path: Path) -> None:
    first = demo(tmp_path)
    first.jump_to(START + timedelta(days=8))
    keep(settings(tmp_path), first)
    second = demo(tmp_path)
    assert second.now() >= START + timedelta(days=8)
    assert second.at(first.since) == first.start
    assert [one.name for one in tmp_path.iterdir()] == ["clock.json"]


def test_a_real_clock_leaves_no_file(tmp_path: Path) -> None:
    assert isinstance(clock_of(settings(tmp_path, "real")), SystemClock)
    assert not list(tmp_path.iterdir())
