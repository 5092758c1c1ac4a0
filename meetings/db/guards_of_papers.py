"""Guards of issued papers and of the signatures on them."""

from __future__ import annotations

from meetings.db.guard import Guard

_KIND = "(SELECT kind FROM issued_paper WHERE id = NEW.paper_id)"
_SIGNED = "SELECT count(*) FROM paper_signature WHERE paper_id = NEW.paper_id"
_PLACE = (
    f"CASE {_KIND} WHEN 'counting' THEN 'KiemPhieu' || NEW.sequence"
    " WHEN 'addendum' THEN CASE NEW.sequence WHEN 1 THEN 'NguoiGhi' WHEN 2 THEN 'ChuTri' ELSE '' END"
    " WHEN 'attendance' THEN CASE NEW.sequence WHEN 1 THEN 'NguoiGhi' WHEN 2 THEN 'ChuTri' ELSE '' END"
    " ELSE CASE NEW.sequence WHEN 1 THEN 'NguoiKy' ELSE '' END END"
)


def papers() -> tuple[Guard, ...]:
    """What says anything of minutes follows their approval; places are signed by their kind, in order, by keys or by
    hand."""
    minutes = "EXISTS (SELECT 1 FROM minutes WHERE meeting_id = NEW.meeting_id)"
    by_hand = "EXISTS (SELECT 1 FROM ink_signature WHERE about_id = NEW.paper_id)"
    by_keys = "EXISTS (SELECT 1 FROM paper_signature WHERE paper_id = NEW.about_id AND sequence = places)"
    return (
        _on(
            "issued_paper",
            "of_minutes",
            f"NEW.kind IN ('addendum', 'excerpt', 'attendance') AND NOT {minutes}",
        ),
        _on("paper_signature", "in_place", f"(NEW.role = {_PLACE}) IS NOT TRUE OR NEW.sequence > NEW.places"),
        _on("paper_signature", "in_turn", f"NEW.sequence <> 1 + ({_SIGNED})"),
        _on("paper_signature", "by_hand", by_hand),
        _on("ink_signature", "by_keys", by_keys),
    )


def _on(table: str, name: str, when: str) -> Guard:
    return Guard(name=f"{table}_{name}", table=table, event="insert", when=when, asks=True)
