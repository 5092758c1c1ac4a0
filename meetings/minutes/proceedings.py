"""What happened, item by item, and what was decided.

The hall's count is the result, phones stand apart (rules.md 3).
"""

from __future__ import annotations

from collections.abc import Iterator

from meetings.minutes.blocks import Block, Paragraph, Run, Weight, labelled, plain
from meetings.minutes.records import ItemFacts, MotionFacts, Tally, VoteFacts


def item_blocks(number: int, item: ItemFacts, text: str, supplement: bool) -> Iterator[Block]:
    """One item: times and presenter from the facts, then the recorder's words, the conclusion, the votes."""
    yield Paragraph((Run(f"{number}. {item.title}", Weight.BOLD), Run(_times(item), Weight.ITALIC)))
    if item.presenter:
        yield labelled("Người trình bày:", f"đồng chí {item.presenter}.")
    if item.speakers:
        yield labelled("Phát biểu:", f"{', '.join(item.speakers)}.")
    if text.strip():
        first, *others = [line for line in text.split("\n") if line.strip()]
        yield labelled("Diễn biến (thư ký ghi):", first)
        yield from (plain(line) for line in others)
    for motion in item.motions:
        yield _motion(motion)
    if item.draft:
        first, *others = [line for line in item.draft.split("\n") if line.strip()]
        yield labelled("Dự thảo nghị quyết khi kết thúc nội dung:", first)
        yield from (plain(line) for line in others)
    if item.conclusion:
        yield labelled("Kết luận của chủ trì:", item.conclusion)
    for vote in item.votes:
        yield from _opinions_only(vote) if supplement else _vote(vote)
    yield from _reserved(item.reserved)


def _motion(motion: MotionFacts) -> Block:
    reason = f" Lý do: {_sentence(motion.reason)}" if motion.reason else ""
    said = f"{_sentence(motion.words)}{reason} {_sentence(motion.outcome)}"
    return labelled(f"Đề nghị số {motion.number} của đồng chí {motion.member}:", said)


def _times(item: ItemFacts) -> str:
    planned = f"dự kiến {item.planned} phút" if item.planned else ""
    held = f"từ {item.started.time} đến {item.ended.time}" if item.started and item.ended else ""
    said = "; ".join(part for part in (planned, held) if part)
    return f" ({said})" if said else ""


def _vote(vote: VoteFacts) -> Iterator[Block]:
    yield labelled("Biểu quyết:", _sentence(vote.question))
    if vote.person:
        yield labelled("Người được xem xét:", f"{vote.person}.", listed=True)
    yield plain(f"Hình thức: {vote.form}.", listed=True)
    if vote.counted:
        absent = "" if vote.absent is None else f", vắng mặt {vote.absent}"
        yield labelled("Kết quả tại hội trường:", f"{_tally(vote.counted)}{absent}.", listed=True)
    if vote.explanation:
        yield plain(vote.explanation, listed=True)
    if vote.passed is not None:
        verdict = "được thông qua" if vote.passed else "không được thông qua"
        yield Paragraph((Run(f"Kết luận: {verdict}.", Weight.BOLD),), listed=True)
    if vote.devices and vote.counted and _answered(vote.devices):
        yield plain(_devices(vote.devices, vote.counted), listed=True)
    if vote.opinions:
        said = f"{_tally(vote.opinions)}. Ghi riêng, không tính vào kết quả."
        yield labelled("Ý kiến qua điện thoại:", said, listed=True)
    yield from _beside(vote)


def _opinions_only(vote: VoteFacts) -> Iterator[Block]:
    """A supplement: what people think, without base, threshold or verdict."""
    yield labelled("Lấy ý kiến:", _sentence(vote.question))
    yield plain(
        f"Hình thức: {vote.form}. Buổi bổ trợ chỉ ghi nhận ý kiến, không có kết quả biểu quyết.", listed=True
    )
    if vote.opinions:
        yield labelled("Ý kiến qua điện thoại:", f"{_tally(vote.opinions)}.", listed=True)
    yield from _beside(vote)


def _answered(devices: Tally) -> bool:
    """Where nobody answered there is nothing to compare."""
    return any((devices.favour, devices.against, devices.abstain))


def _devices(devices: Tally, counted: Tally) -> str:
    said = f"Trả lời trên máy của các đồng chí trong hội trường (để đối chiếu): {_tally(devices)}"
    gaps = (
        ("tán thành", devices.favour - counted.favour),
        ("không tán thành", devices.against - counted.against),
        ("không có ý kiến", devices.abstain - counted.abstain),
    )
    found = ", ".join(f"{name} {gap:+d}" for name, gap in gaps if gap)
    return f"{said}; chênh lệch so với kết quả tại hội trường: {found or 'không có'}.".replace("-", "−")


def _beside(vote: VoteFacts) -> Iterator[Block]:
    yield from _reserved(vote.reserved, listed=True)
    if vote.late:
        yield plain(f"Ý kiến đến muộn, không được tính: {vote.late}.", listed=True)


def _reserved(words: tuple[str, ...], *, listed: bool = False) -> Iterator[Block]:
    if words:
        yield labelled("Bảo lưu ý kiến:", f"{'; '.join(words)}.", listed=listed)


def _tally(tally: Tally) -> str:
    return f"tán thành {tally.favour}, không tán thành {tally.against}, không có ý kiến {tally.abstain}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
