"""Pure: an addendum as it is shown beside the minutes that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """`address`: of its file; `signed`, `awaited`: who signed by key, and who did not; `in_ink`: all by hand;
    `data`: its canonical JSON."""

    title: str
    day: str
    address: str
    signed: tuple[str, ...]
    awaited: tuple[str, ...]
    data: bytes
    in_ink: bool = False

    @property
    def said(self) -> str:
        """Whether it holds yet."""
        if self.in_ink:
            return f"Đã ký tay trên giấy, có bản chụp: {', '.join(self.signed)}."
        if not self.awaited:
            return f"Đã ký: {', '.join(self.signed)}."
        return f"Chưa đủ chữ ký, chưa phải là đính chính. Đang chờ: {', '.join(self.awaited)}."
