"""How many have the software: both wholes named, above 100 % explained and never clamped (rules.md 6.10)."""

from __future__ import annotations

from dataclasses import replace

from meetings.committees.members import AccountCount
from meetings.committees.rules import Category
from meetings.oversight.installs import Published, above_hundred_text, installs_text, published_of


def test_above_one_hundred_is_explained_never_clamped() -> None:
    published = Published(
        percent="104",
        all_installed=48597,
        all_members=57597,
        inside=43000,
        required=46700,
        outside=5597,
    )
    assert above_hundred_text(published) == (
        "104 % (cách tính đã công bố): tử số gồm cả đảng viên ngoài diện phải cài đặt, nên có thể vượt 100 %. "
        "Trong diện: 43.000/46.700 = 92,08 %. Ngoài diện đã cài đặt: 5.597 đồng chí. "
        "Trên tổng số: 48.597/57.597 = 84,37 %."
    )
    assert above_hundred_text(replace(published, outside=None)) == (
        "Nguồn không công bố mẫu số; không tính lại được."
    )


def count(category: Category, members: int, *, smartphone: bool = True, account: bool = True) -> AccountCount:
    return AccountCount(category=category, smartphone=smartphone, account=account, members=members)


def test_who_is_asked_to_install_and_who_did_without_being_asked() -> None:
    counts = [
        count(Category.OFFICIAL, 10),
        count(Category.OFFICIAL, 2, account=False),
        count(Category.OFFICIAL, 3, smartphone=False, account=False),
        count(Category.PROBATIONARY, 1),
        count(Category.EXEMPT, 4),
        count(Category.OFFICIAL, 1, smartphone=False),
        count(Category.SUSPENDED, 1, account=False),
        count(Category.TEMPORARY_ARRIVED, 5),
    ]
    found = published_of(counts)
    assert (found.inside, found.required, found.outside) == (11, 13, 5)
    assert (found.all_installed, found.all_members, found.percent) == (16, 22, "123,08")
    assert installs_text(found).startswith("123,08 % (cách tính đã công bố): tử số gồm cả")


def test_up_to_one_hundred_nothing_needs_explaining() -> None:
    found = published_of([count(Category.OFFICIAL, 9), count(Category.OFFICIAL, 1, account=False)])
    assert installs_text(found) == (
        "Trong diện phải cài đặt: 9/10 = 90,00 %. Ngoài diện đã cài đặt: 0 đồng chí. "
        "Trên tổng số: 9/10 = 90,00 %."
    )
    assert "0/0 = –" in installs_text(published_of([]))
