"""Sizes and margins of a Party paper in one table (domain.md 4.4: 05-HD/VPTW 2026, as far as it was seen)."""

from __future__ import annotations

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm

from meetings.minutes.typefaces import BOLD, ITALIC, REGULAR

PAGE_WIDTH, PAGE_HEIGHT = A4
TOP, BOTTOM, INNER, OUTER = 20 * mm, 20 * mm, 30 * mm, 15 * mm  # verso mirrored
TEXT_WIDTH = PAGE_WIDTH - INNER - OUTER
PAGE_NUMBER_FROM_TOP = 10 * mm
PARTY_SIZE = 15
SIGNING_WIDTH, SIGNING_HEIGHT = 76 * mm, 25 * mm
QR_SIZE = 27 * mm
CUT_MARGIN, CUT_FOOT = 10 * mm, 14 * mm  # of a sheet of ballots
CUT_WIDTH, CUT_HEIGHT = PAGE_WIDTH - 2 * CUT_MARGIN, PAGE_HEIGHT - CUT_MARGIN - CUT_FOOT

BODY = ParagraphStyle(
    "body",
    fontName=REGULAR,
    fontSize=14,
    leading=20,
    alignment=TA_JUSTIFY,
    firstLineIndent=10 * mm,
    spaceAfter=6,
)
LISTED = ParagraphStyle("listed", parent=BODY, firstLineIndent=10 * mm)
HEADING = ParagraphStyle(
    "heading", parent=BODY, fontName=BOLD, alignment=TA_LEFT, spaceBefore=6, keepWithNext=1
)
TABLE_HEADING = ParagraphStyle("table-heading", parent=HEADING, keepWithNext=0)
NOTICE = ParagraphStyle("notice", parent=BODY, fontName=BOLD, firstLineIndent=0, spaceAfter=0)
CENTRED = ParagraphStyle("centred", fontName=REGULAR, fontSize=14, leading=18, alignment=TA_CENTER)
CENTRED_BOLD = ParagraphStyle("centred-bold", parent=CENTRED, fontName=BOLD)
DATELINE = ParagraphStyle("dateline", parent=CENTRED, fontName=ITALIC)
NAME = ParagraphStyle("name", parent=CENTRED, fontName=BOLD, fontSize=16, leading=22)
SUBJECT = ParagraphStyle("subject", parent=CENTRED, fontName=BOLD, fontSize=15, leading=20)
CELL = ParagraphStyle("cell", fontName=REGULAR, fontSize=13, leading=16)
CELL_HEAD = ParagraphStyle("cell-head", parent=CELL, fontName=BOLD, alignment=TA_CENTER)
CELL_NUMBER = ParagraphStyle("cell-number", parent=CELL, alignment=TA_CENTER)
FILL = ParagraphStyle("fill", parent=BODY, alignment=TA_LEFT, leading=24)
RECIPIENTS_HEAD = ParagraphStyle("recipients-head", fontName=REGULAR, fontSize=14, leading=18)
RECIPIENTS = ParagraphStyle("recipients", fontName=REGULAR, fontSize=12, leading=15)
SMALL = ParagraphStyle("small", fontName=REGULAR, fontSize=9, leading=12)
SLIP_ORGANISATION = ParagraphStyle(
    "slip-organisation", fontName=REGULAR, fontSize=9, leading=11, alignment=TA_CENTER
)
SLIP_CELL_NAME = ParagraphStyle("slip-cell-name", parent=SLIP_ORGANISATION, fontName=BOLD)
SLIP_STAMP = ParagraphStyle("slip-stamp", parent=SLIP_ORGANISATION, fontName=ITALIC, fontSize=8, leading=10)
SLIP_TITLE = ParagraphStyle("slip-title", parent=CENTRED, fontName=BOLD, fontSize=14, leading=18)
SLIP_SUBJECT = ParagraphStyle(
    "slip-subject", parent=CENTRED, fontName=BOLD, fontSize=12, leading=15, spaceAfter=5
)
SLIP_LINE = ParagraphStyle("slip-line", fontName=REGULAR, fontSize=13, leading=16)
SLIP_HEAD = ParagraphStyle(
    "slip-head", parent=SLIP_LINE, fontName=BOLD, fontSize=11, leading=13, alignment=TA_CENTER
)
SLIP_NOTE = ParagraphStyle("slip-note", fontName=ITALIC, fontSize=9.5, leading=12)
