from __future__ import annotations

import logging
from pathlib import Path

import pytest

from media_server.outbox import Letter, Outbox
from tests.media_server.people import until


def letter(number: int) -> Letter:
    return Letter(number=number, receiver=0, room="họp", body=b"{}", created_at=1)


async def _reopened(file: Path) -> list[int]:
    box = Outbox(file)
    left = [each.number for each in await box.open()]
    await box.close()
    return left


async def test_what_is_kept_and_not_forgotten_is_found_again(tmp_path: Path) -> None:
    file = tmp_path / "webhooks.sqlite"
    box = Outbox(file)
    assert await box.open() == []
    for number in (1, 2, 3):
        box.keep(letter(number))
    box.forget(letter(2))
    await box.close()
    assert await _reopened(file) == [1, 3]


async def test_a_letter_is_on_disk_while_the_box_is_open(tmp_path: Path) -> None:
    """Nobody closes a box whose process is killed."""
    file = tmp_path / "webhooks.sqlite"
    box = Outbox(file)
    await box.open()
    box.keep(letter(1))
    found: list[int] = []
    while not found:
        found = await _reopened(file)
    assert found == [1]
    box.forget(letter(1))
    while found:
        found = await _reopened(file)
    await box.close()


async def test_a_broken_file_is_put_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "webhooks.sqlite"
    file.write_bytes(b"this is no database" * 1000)
    assert await _reopened(file) == []
    assert (tmp_path / "webhooks.unreadable").exists()
    assert "put aside" in caplog.text


async def test_a_failing_disk_is_told_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "webhooks.sqlite"
    box, other = Outbox(file), Outbox(file)
    await box.open()
    await other.open()
    await _break(other)
    with caplog.at_level(logging.ERROR):
        box.keep(letter(1))
        await until(lambda: box.failures)
    await _mend(other)
    await other.close()
    await box.close()
    assert "not written down" in caplog.text
    assert await _reopened(file) == [1]


async def _break(box: Outbox) -> None:
    await _run(box, "ALTER TABLE letter RENAME TO elsewhere")


async def _mend(box: Outbox) -> None:
    await _run(box, "ALTER TABLE elsewhere RENAME TO letter")


async def _run(box: Outbox, statement: str) -> None:
    assert box._database is not None
    box._database.execute(statement)
    box._database.commit()
