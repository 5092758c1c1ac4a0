"""Ballots: what is printed on each slip. Pure.

190-QĐ/TW (10/10/2024), Điều 15, and 244-QĐ/TW (09/06/2014), Điều 17: names printed, the seal at the upper left
that of the convening committee (of the base committee for a cell below one); without a surplus of names, boxes
for đồng ý and không đồng ý; with one, names that are not chosen are crossed out.
"""

from __future__ import annotations

from meetings.minutes.blocks import Slips, Title
from meetings.minutes.papers.records import Ballots

_BOXES = ("Đồng ý", "Không đồng ý")
_PLAIN = "Không ký tên, không viết thêm."


def slips(ballots: Ballots) -> Slips:
    """All slips of one vote, alike to the last letter."""
    where = ballots.paper.organisation
    surplus = ballots.seats is not None and len(ballots.names) > ballots.seats
    election = ballots.seats is not None
    return Slips(
        copies=ballots.copies,
        superior=where.superior.upper(),
        organisation=where.cell.upper(),
        stamp=f"(đóng dấu: {where.superior or where.cell})",
        title=Title(
            name="PHIẾU BẦU CỬ" if election else "PHIẾU BIỂU QUYẾT",
            subject=f"{ballots.question} (bầu {ballots.seats} đồng chí)"
            if election
            else f"{ballots.question} (ngày {ballots.paper.day})"
            if ballots.names
            else f"ngày {ballots.paper.day}",
        ),
        head="Họ và tên" if ballots.names else "Nội dung",
        lines=ballots.names or (ballots.question,),
        boxes=() if surplus else _BOXES,
        notes=_crossing_out(ballots.seats or 0) if surplus else _ticking(election=election),
    )


def _ticking(*, election: bool) -> tuple[str, ...]:
    each = "mỗi dòng" if election else "ở dòng trên"
    return (
        f"Đánh dấu X vào một ô {each}. {_PLAIN}",
        "Đánh dấu cả hai ô hoặc bỏ trống: phiếu vẫn hợp lệ, dòng đó không tính cho bên nào.",
    )


def _crossing_out(seats: int) -> tuple[str, ...]:
    return (
        f"Gạch ngang họ và tên đồng chí không bầu; để lại nhiều nhất {seats} tên. {_PLAIN}",
        f"Phiếu để lại quá {seats} tên là phiếu không hợp lệ.",
    )


def footer(ballots: Ballots) -> str:
    """Outside the slips: how many there are and what to do with them."""
    return f"{ballots.copies} phiếu giống nhau. Đóng dấu vào góc trên bên trái rồi cắt theo đường nét đứt."
