"""The same minutes as plain accessible HTML: for reading aloud, large print and screens.

Everything is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from html import escape

from meetings.minutes.beside import Beside
from meetings.minutes.blocks import (
    PARTY,
    Block,
    Check,
    Closing,
    Document,
    Header,
    Heading,
    Notice,
    Paragraph,
    Signatory,
    Table,
    Title,
    Weight,
)

_TAGS = {Weight.PLAIN: "{}", Weight.BOLD: "<strong>{}</strong>", Weight.ITALIC: "<em>{}</em>"}


def article(document: Document, *, signed: bool = False) -> str:
    """An `<article lang="vi">` to put into a page; no scripts, no styles, no addresses. Until it is `signed`, its print
    leaves room over each name."""
    parts = _all_made(document.blocks)
    if document.footer:
        parts.append(f"<p><small>{escape(document.footer)}</small></p>")
    classes = "minutes" if signed else "minutes unsigned"
    return f'<article lang="vi" class="{classes}">\n' + "\n".join(parts) + "\n</article>\n"


def beside_minutes(addenda: Sequence[tuple[Beside, Sequence[Block]]]) -> str:
    """Addenda as a section to stand beside the minutes; nothing where there are none."""
    if not addenda:
        return ""
    parts = "\n".join(_addendum(one, blocks) for one, blocks in addenda)
    head = f'<h2 id="addenda">Biên bản này có {len(addenda)} phụ lục</h2>'
    return f'<section lang="vi" class="addenda" aria-labelledby="addenda">{head}\n{parts}\n</section>\n'


def _addendum(one: Beside, blocks: Sequence[Block]) -> str:
    title = f'<h3><a href="{escape(one.address)}">{escape(one.title)}, ngày {escape(one.day)}</a></h3>'
    words = "".join(_made(block) for block in blocks).replace("<h2>", "<h4>").replace("</h2>", "</h4>")
    return f"<article>{title}<p><strong>{escape(one.said)}</strong></p>{words}</article>"


def _all_made(blocks: Sequence[Block]) -> list[str]:
    """A table right under its heading is named by it: the caption is for who hears the page."""
    made = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        text = _made(block)
        if isinstance(before, Heading) and isinstance(block, Table) and before.text.endswith(block.caption):
            text = text.replace("<caption>", '<caption class="vh">', 1)
        made.append(text)
    return made


@singledispatch
def _made(block: object) -> str:
    raise TypeError(type(block).__name__)


@_made.register
def _header(block: Header) -> str:
    left = "<br>".join(escape(line) for line in (block.superior, block.organisation, block.number) if line)
    return f"<header><p>{left}</p><p>{PARTY}<br><em>{escape(block.dateline)}</em></p></header>"


@_made.register
def _title(block: Title) -> str:
    return f"<h1>{escape(block.name)}<br>{escape(block.subject)}</h1>"


@_made.register
def _notice(block: Notice) -> str:
    return f'<p class="notice" role="note"><strong>{escape(block.text)}</strong></p>'


@_made.register
def _heading(block: Heading) -> str:
    return f"<h2>{escape(block.text)}</h2>"


@_made.register
def _paragraph(block: Paragraph) -> str:
    text = "".join(_TAGS[run.weight].format(escape(run.text)) for run in block.runs)
    return f"<p>- {text}</p>" if block.listed else f"<p>{text}</p>"


@_made.register
def _table(block: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in block.head)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in block.rows
    )
    caption = f"<caption>{escape(block.caption)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>"


@_made.register
def _closing(block: Closing) -> str:
    recipients = "".join(f"<li>{escape(each)}</li>" for each in block.recipients)
    places = f"{_signatory(block.recorder)}{_signatory(block.chair)}"
    return f"<footer>{places}<div><p>Nơi nhận:</p><ul>{recipients}</ul></div></footer>"


def _signatory(who: Signatory) -> str:
    lines = (who.powers, who.position) if who.powers else (who.position, "")  # both rooms begin level
    upper = "<br>".join(map(escape, lines))
    return f'<p class="place">{upper}<span class="room"></span><br>{escape(who.name)}</p>'


@_made.register
def _check(block: Check) -> str:
    lines = [f"Mã kiểm tra: {block.code}", f"Mã băm dữ liệu: {block.hash}", f"Sổ ghi: {block.head}"]
    lines += [f"Mốc sổ ghi chung: {block.mark}"] if block.mark else []
    lines += [f"Ai cũng có thể kiểm tra tệp này tại: {block.address}"] if block.address else []
    return "<p><small>" + "<br>".join(escape(line) for line in lines) + "</small></p>"
