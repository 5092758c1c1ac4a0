"""What every part of the layout draws with: lines of escaped text, and the styles of tables."""

from __future__ import annotations

from xml.sax.saxutils import escape

from reportlab.lib.colors import black, white
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, TableStyle
from reportlab.platypus import Paragraph as Text

from meetings.minutes import styles
from meetings.minutes.blocks import Run, Signatory, Weight
from meetings.minutes.typefaces import REGULAR

_TAGS = {Weight.PLAIN: "{}", Weight.BOLD: "<b>{}</b>", Weight.ITALIC: "<i>{}</i>"}
FONT = ("FONTNAME", (0, 0), (-1, -1), REGULAR)  # in every table, else Helvetica leaks in
BARE = TableStyle(
    [
        FONT,
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
)
LINED = TableStyle(
    [
        FONT,
        ("GRID", (0, 0), (-1, -1), 0.6, black),
        ("BACKGROUND", (0, 0), (-1, 0), white),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
)
FRAMED = TableStyle(
    [
        FONT,
        ("BOX", (0, 0), (-1, -1), 1.0, black),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
        ("LEFTPADDING", (0, 0), (-1, -1), 8),
        ("RIGHTPADDING", (0, 0), (-1, -1), 8),
    ]
)


def line(text: str, style: ParagraphStyle) -> Text:
    """One paragraph of raw text: a name with `<b>` or `&` is only a name."""
    return Text(escape(text), style)


def marked(run: Run) -> str:
    """A run as reportlab's markup."""
    return _TAGS[run.weight].format(escape(run.text))


def signing(who: Signatory, room: Flowable) -> list[Flowable]:
    """Powers and position, room for the signature that tells where it stands, the name."""
    upper = (who.powers, styles.CENTRED_BOLD), (who.position, styles.CENTRED)
    lines = upper if who.powers else (upper[1], upper[0])
    return [
        *(line(text, style) for text, style in lines),
        room,
        line(who.name, styles.CENTRED_BOLD),
    ]


def recipients(names: tuple[str, ...]) -> list[Flowable]:
    """ "Nơi nhận:" and its list, the last with a full stop."""
    marks = [","] * (len(names) - 1) + ["."]
    listed = [line(f"- {who}{mark}", styles.RECIPIENTS) for who, mark in zip(names, marks, strict=True)]
    return [Text("<u>Nơi nhận:</u>", styles.RECIPIENTS_HEAD), *listed]
