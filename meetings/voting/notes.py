"""What stands beside the sentence of a result: exempt members, figures, devices, who came and went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from meetings.committees.policies import PolicyKey
from meetings.kernel.ids import Id
from meetings.voting.figures import said
from meetings.voting.rules import (
    Base,
    DecisionRule,
    Excluded,
    HallCount,
    Included,
    Move,
    Standpoint,
    Tally,
    Vote,
)
from meetings.voting.sentences import answers_en, answers_text
from meetings.voting.subjects import REASONS

Note = tuple[str, str]  # Vietnamese, English


def beside(
    base: Base,
    rule: DecisionRule,
    names: Mapping[Id, str],
    devices: Tally,
    hall: HallCount,
    moves: Sequence[Move],
    assisted: int = 0,
) -> tuple[Note, ...]:
    """Every note in both languages."""
    return (
        *_exempt(base, names),
        *_figures(rule),
        *_tellers(hall, names),
        *_devices(devices, hall),
        *_assisted(assisted),
        *came_and_went(moves, names),
    )


def for_minutes(
    base: Base,
    rule: DecisionRule,
    names: Mapping[Id, str],
    hall: HallCount,
    moves: Sequence[Move],
    assisted: int = 0,
) -> tuple[Note, ...]:
    """The same without the devices, which have their own line there."""
    return beside(base, rule, names, Tally(), hall, moves, assisted)


def _assisted(count: int) -> Iterator[Note]:
    if count:
        yield (
            f"Trong các ý kiến trên máy có {count} ý kiến do người điều hành ghi giúp.",
            f"Of the answers on devices {count} were written down for members by who led.",
        )


def about_oneself(vote: Vote, base: Base) -> Iterator[Note]:
    """No text read by us takes the person concerned out of the base, so nothing does."""
    if vote.person is not None and vote.person.member in base.members:
        yield (
            (
                f"Đồng chí {vote.person.name} là người được xem xét và vẫn ở trong số làm căn cứ tính: "
                "các văn bản đã đối chiếu không trừ người được xem xét."
            ),
            f"{vote.person.name}, whom this is about, stays in the base: no text compared takes them out.",
        )


def _tellers(hall: HallCount, names: Mapping[Id, str]) -> Iterator[Note]:
    if hall.tellers:
        named = ", ".join(names.get(one, "") for one in hall.tellers)
        yield f"Người đếm: {named}.", f"Counted by: {named}."


def people(base: Base, names: Mapping[Id, str]) -> tuple[Standpoint, ...]:
    """The roll with the reason behind every inclusion and exclusion."""
    roll: list[tuple[Id, Included | Excluded]] = [*base.included, *base.excluded]
    return tuple(
        Standpoint(
            member=who,
            name=names.get(who, ""),
            counted=isinstance(why, Included),
            reason=why,
            text=REASONS[why][0],
            text_en=REASONS[why][1],
        )
        for who, why in roll
    )


def _exempt(base: Base, names: Mapping[Id, str]) -> Iterator[Note]:
    if exempt := base.having(Included.EXEMPT_TAKING_PART):
        named = ", ".join(names.get(member, "") for member in exempt)
        yield (
            (
                f"Đảng viên được miễn sinh hoạt có mặt và tham gia biểu quyết: {named}. "
                "Việc này theo cấu hình, có thể thay đổi khi có quy định mới."
            ),
            f"Exempt members present and taking part: {named}. This is configured and may change.",
        )


def _figures(rule: DecisionRule) -> Iterator[Note]:
    """Whether exempt members vote is told with their names, so the default is not told again."""
    for figure in rule.figures:
        if figure.key is not PolicyKey.EXEMPT_VOTE or figure.set_by_name is not None:
            yield said(figure)


def _devices(devices: Tally, hall: HallCount) -> Iterator[Note]:
    if devices.total:
        counted = Tally(in_favour=hall.in_favour, against=hall.against, abstain=hall.abstain)
        yield (
            (
                f"Đối chiếu: thiết bị tại hội trường ghi {answers_text(devices)}; "
                f"đếm tại hội trường được {answers_text(counted)}. Kết quả lấy theo đếm tại hội trường."
            ),
            (
                f"Compared: devices in the hall say {answers_en(devices)}; the hall counted {answers_en(counted)}. "
                "The count in the hall is the result."
            ),
        )


def came_and_went(moves: Sequence[Move], names: Mapping[Id, str]) -> Iterator[Note]:
    """Said at closing: the base stays as it was fixed at the opening, and who has moved since."""
    if not moves:
        return
    vi = "; ".join(f"{names.get(one.member, '')}: {_way(one, 0)}" for one in moves)
    en = "; ".join(f"{names.get(one.member, '')}: {_way(one, 1)}" for one in moves)
    yield (
        f"Số làm căn cứ tính cố định từ lúc mở biểu quyết. Thay đổi trong lúc biểu quyết: {vi}.",
        f"The base is fixed when the vote opens. Changes until it ended: {en}.",
    )


def _way(move: Move, language: int) -> str:
    unknown = ("không có trong danh sách", "not on the roll")[language]
    before = REASONS[move.before][language] if move.before else unknown
    after = REASONS[move.after][language] if move.after else unknown
    return (f"từ “{before}” thành “{after}”", f"from “{before}” to “{after}”")[
        language
    ]  # no arrow: it must print
