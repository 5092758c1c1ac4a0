"""Pure: how many members have the software, on which whole, and rates above 100 % (rules.md 6.10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from meetings.committees.members import AccountCount
from meetings.committees.rules import Category
from meetings.kernel.text import number_text, percent_text

# Project reading of the published figures (domain.md 7, unsure): whoever has a smartphone is asked to install,
# except exempt and suspended members. Who is here for a time is counted at home.
_NOT_ASKED = frozenset({Category.EXEMPT, Category.SUSPENDED})
_ELSEWHERE = frozenset({Category.TEMPORARY_ARRIVED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """A published rate above 100 % (rules.md 6.10). `percent` as printed there ("104").

    `inside` of `required` and `outside` are the split, where known; `all_installed` of `all_members`: everyone.
    """

    percent: str
    all_installed: int
    all_members: int
    inside: int | None = None
    required: int | None = None
    outside: int | None = None


def above_hundred_text(published: Published) -> str:
    """rules.md 6.10: never clamped; explained, or said to be beyond recomputing."""
    if published.inside is None or published.required is None or published.outside is None:
        return "Nguồn không công bố mẫu số; không tính lại được."
    inside, required = number_text(published.inside), number_text(published.required)
    return (
        f"{published.percent} % (cách tính đã công bố): tử số gồm cả đảng viên ngoài diện phải cài đặt, "
        f"nên có thể vượt 100 %. Trong diện: {inside}/{required} = "
        f"{percent_text(published.inside, published.required)}. Ngoài diện đã cài đặt: "
        f"{number_text(published.outside)} đồng chí. Trên tổng số: {number_text(published.all_installed)}/"
        f"{number_text(published.all_members)} = "
        f"{percent_text(published.all_installed, published.all_members)}."
    )


def published_of(counts: Iterable[AccountCount]) -> Published:
    """The figures of one's own members, in the published way: everybody who installed over those who are asked
    to, which may exceed 100 %."""
    ours = [one for one in counts if one.category not in _ELSEWHERE]
    asked = [one for one in ours if one.smartphone and one.category not in _NOT_ASKED]
    installed = sum(one.members for one in ours if one.account)
    inside = sum(one.members for one in asked if one.account)
    required = sum(one.members for one in asked)
    return Published(
        percent=percent_text(installed, required).removesuffix(" %"),
        all_installed=installed,
        all_members=sum(one.members for one in ours),
        inside=inside,
        required=required,
        outside=installed - inside,
    )


def installs_text(published: Published) -> str:
    """Both rates as a/b; where the published way exceeds 100 %, the sentence of rules.md 6.10."""
    inside, required, outside = published.inside, published.required, published.outside
    if inside is None or required is None or outside is None or inside + outside > required:
        return above_hundred_text(published)
    return (
        f"Trong diện phải cài đặt: {number_text(inside)}/{number_text(required)} = "
        f"{percent_text(inside, required)}. Ngoài diện đã cài đặt: {number_text(outside)} đồng chí. "
        f"Trên tổng số: {number_text(published.all_installed)}/{number_text(published.all_members)} = "
        f"{percent_text(published.all_installed, published.all_members)}."
    )
