"""Counting-board minutes: the numbers as the board wrote them down, each with its arithmetic. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.kernel.text import percent_text
from meetings.minutes.blocks import (
    Block,
    Fill,
    Heading,
    Notice,
    Paragraph,
    Run,
    Signatories,
    Signatory,
    Table,
    Title,
    Weight,
    labelled,
    plain,
)
from meetings.minutes.furniture import PRACTICE_PAPER, subject
from meetings.minutes.papers.places import places_of
from meetings.minutes.papers.records import CountedLine, Counting

_DOTS = "." * 24
_TIGHT = "\u00a0"  # keeps a number and its sign on one line


def blocks(count: Counting) -> Iterator[Block]:
    """From the title to the board's signatures."""
    again = f" (vòng {count.round})" if count.round else ""
    yield Title(name="BIÊN BẢN KIỂM PHIẾU", subject=f"{count.question}{again}")
    yield from _practice(count)
    yield from _opening(count)
    yield Heading("II. Số phiếu")
    yield _ballots(count)
    yield Heading("III. Kết quả")
    yield _lines(count)
    yield plain(count.explanation)
    yield _verdict(count)
    yield from _ending(count)


def _practice(count: Counting) -> Iterator[Block]:
    if count.paper.standing.value == "none":
        yield Notice(PRACTICE_PAPER)


def _opening(count: Counting) -> Iterator[Block]:
    what = subject(count.kind, count.paper.standing, count.month, count.opened.day)
    yield Heading("I. Thời gian, địa điểm, ban kiểm phiếu")
    yield labelled("Tại buổi:", f"{what}, {count.place}.")
    ended = f"kết thúc {count.closed.time} ngày {count.closed.day}"
    yield labelled("Thời gian:", f"bắt đầu bỏ phiếu {count.opened.time}; {ended}.")
    yield labelled(
        "Ban kiểm phiếu:", f"{len(count.board)} đồng chí: {', '.join(one.name for one in count.board)}."
    )
    form = "phiếu kín bằng giấy tại hội trường"
    seats = f", bầu {count.seats} trong {len(count.lines)} đồng chí" if count.seats else ""
    yield labelled("Hình thức:", f"{form}{seats}.")


def _ballots(count: Counting) -> Table:
    """Issued, returned, valid, invalid, blank: how each follows from the others."""
    unreturned = count.issued - count.returned
    marked = count.valid - count.blank
    rows = (
        ("Đảng viên được bỏ phiếu, có mặt", str(count.entitled), ""),
        ("Phiếu phát ra", str(count.issued), f"{count.issued} ≤ {count.entitled}"),
        (
            "Phiếu thu về",
            str(count.returned),
            f"{count.issued} − {count.returned} = {unreturned} phiếu không thu về",
        ),
        ("Phiếu hợp lệ", str(count.valid), ""),
        (
            "Phiếu không hợp lệ",
            str(count.invalid),
            f"{count.valid} + {count.invalid} = {count.returned} phiếu thu về",
        ),
        (
            "Phiếu trắng (trong số hợp lệ)",
            str(count.blank),
            f"{count.valid} − {count.blank} = {marked} phiếu có đánh dấu",
        ),
    )
    return Table(
        caption="Số phiếu", head=("Loại", "Số", "Cách tính"), rows=rows, widths=(42, 12, 46), numbers=(1,)
    )


def _lines(count: Counting) -> Table:
    """Each line: for + against + neither = valid, and its share of the base."""
    election = count.seats is not None
    rows = tuple(_line(count, number, line) for number, line in enumerate(count.lines, 1))
    head = (
        "TT",
        "Họ và tên" if election or count.person else "Nội dung",
        "Đồng ý",
        "Không đồng ý",
        "Không tính",
        "Cộng (phiếu hợp lệ)",
        "Đồng ý trên căn cứ",
    )
    return Table(
        caption="Kết quả từng dòng",
        head=head,
        rows=rows,
        widths=(8, 25, 11, 13, 13, 14, 16),
        numbers=(0, 2, 3, 4, 5, 6),
    )


def _line(count: Counting, number: int, line: CountedLine) -> tuple[str, ...]:
    neither = count.valid - line.in_favour - line.against
    share = percent_text(line.in_favour, count.base).replace(" ", _TIGHT)
    return (
        str(number),
        line.name,
        str(line.in_favour),
        str(line.against),
        str(neither),
        f"{line.in_favour} + {line.against} + {neither} = {count.valid}",
        f"{line.in_favour}/{count.base} = {share}",
    )


def _verdict(count: Counting) -> Block:
    return Paragraph((Run(_outcome(count), Weight.BOLD),))


def _outcome(count: Counting) -> str:
    if count.seats is None:
        if count.passed is None:
            return "Chỉ lấy ý kiến, không quyết định."
        return f"Kết luận: {'được thông qua' if count.passed else 'không được thông qua'}."
    elected = [line.name for line in count.lines if line.elected]
    tied = [line.name for line in count.lines if line.tied]
    said = f"Kết luận: trúng cử {len(elected)}/{count.seats}"
    said += f": {', '.join(elected)}." if elected else "."
    return said + (f" Bằng phiếu ở vị trí cuối: {', '.join(tied)}." if tied else "")


def _ending(count: Counting) -> Iterator[Block]:
    """What only people in the hall know is left to be written by hand."""
    yield Heading("IV. Niêm phong")
    yield Fill(f"Số phiếu đã kiểm được niêm phong lúc {_DOTS} và giao cho đồng chí {_DOTS}{_DOTS}")
    yield Fill(f"Biên bản đọc trước hội nghị lúc {_DOTS}, lập thành {_DOTS} bản.")
    yield Signatories(
        tuple(
            Signatory(powers="", position="", name=one.name, field=field)
            for field, one in places_of(count).items()
        ),
        "BAN KIỂM PHIẾU",
    )
