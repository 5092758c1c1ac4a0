"""What someone who holds a signed file could do to it (signing.md 6)."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from meetings.minutes.facts import to_bytes
from meetings.minutes.keys import open_person_key
from meetings.minutes.pdf import ATTACHMENT, Printed, print_minutes
from meetings.minutes.records import Minutes
from meetings.minutes.signing import LoadedSigner, with_fields
from tests.minutes.office import PASSPHRASE, Office, Signer

NAME = generic.NameObject


def flipped(pdf: bytes, at: int) -> bytes:
    """One bit of one byte changed."""
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def _incremented(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
    return out.getvalue()


def overlaid(pdf: bytes) -> bytes:
    """Attack 2: a page painted over by an increment."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    paint = generic.StreamObject(stream_data=b"q 1 1 1 rg 0 0 600 400 re f Q")
    writer.add_stream_to_page(0, writer.add_object(paint))  # type: ignore[no-untyped-call]  # as below
    return _incremented(writer)


def annotated(pdf: bytes) -> bytes:
    """Attack 3: a text annotation put onto the first page by an increment."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    box = generic.ArrayObject(map(generic.NumberObject, (100, 600, 400, 700)))
    note = generic.DictionaryObject(  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
        {
            NAME("/Type"): NAME("/Annot"),
            NAME("/Subtype"): NAME("/FreeText"),
            NAME("/Rect"): box,
            NAME("/Contents"): generic.TextStringObject("Nghị quyết không được thông qua"),
        }
    )
    page, _ = writer.find_page_for_modification(0)  # type: ignore[no-untyped-call]  # as above
    writer.register_annotation(page, writer.add_object(note))  # type: ignore[no-untyped-call]  # as above
    return _incremented(writer)


def with_other_data(pdf: bytes, data: bytes) -> bytes:
    """Attack 4: the attached JSON replaced by an increment."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    entry = writer.root["/AF"][0]["/EF"].raw_get("/F")
    stream = generic.StreamObject(
        {NAME("/Type"): NAME("/EmbeddedFile"), NAME("/Subtype"): NAME("/application/json")}, stream_data=data
    )
    writer.objects[entry.generation, entry.idnum] = stream
    return _incremented(writer)


def third_signature(pdf: bytes, who: Signer, office: Office) -> bytes:
    """Attack 5: one more signature field after the lock, signed by a real member."""
    key = open_person_key(who.key.wrapped, PASSPHRASE)
    signer = LoadedSigner(key, who.certificate, office.stored.certificate)
    meta = signers.PdfSignatureMetadata(field_name="Them", md_algorithm="sha256")
    maker = signers.PdfSigner(meta, signer, new_field_spec=fields.SigFieldSpec("Them"))
    return bytes(maker.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getbuffer())


def gap(pdf: bytes) -> tuple[int, int]:
    """Where the last signature's value stands: the only bytes that it cannot cover."""
    ranges = re.findall(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", pdf)
    _, length, second, _ = (int(part) for part in ranges[-1])
    return length, second


def transplanted(pdf: bytes, other: bytes) -> bytes:
    """Attack 12: the last signature's value taken from another signed file."""
    (start, end), (first, last) = gap(pdf), gap(other)
    value = other[first + 1 : last - 1].rstrip(b"0")
    return pdf[: start + 1] + value.ljust(end - start - 2, b"0") + pdf[end - 1 :]


def widened(pdf: bytes) -> bytes:
    """Attack 12: the last signature's range claims less than the file."""
    found = list(re.finditer(rb"/ByteRange\s*\[\s*0\s+(\d+)", pdf))[-1]
    start, end = found.span(1)
    return pdf[:start] + str(int(found[1]) - 1000).encode().rjust(end - start) + pdf[end:]


def before_signing(minutes: Minutes, change: str) -> bytes:
    """Pages and data that disagree, or hidden things, made before anyone signs (attack 15 and rule 9)."""
    printed = print_minutes(to_bytes(minutes))
    with pikepdf.open(io.BytesIO(printed.pdf)) as pdf:
        _CHANGES[change](pdf, minutes)
        out = io.BytesIO()
        pdf.save(out)
    return with_fields(Printed(pdf=out.getvalue(), places=printed.places))


def _other_data(pdf: pikepdf.Pdf, minutes: Minutes) -> None:
    facts = replace(minutes.facts, demonstration_clock=not minutes.facts.demonstration_clock)
    data = to_bytes(replace(minutes, facts=facts))
    spec = pdf.attachments[ATTACHMENT]
    spec.obj.EF.F.write(data)


def _no_data(pdf: pikepdf.Pdf, minutes: Minutes) -> None:
    del pdf.attachments[ATTACHMENT]


def _layers(pdf: pikepdf.Pdf, minutes: Minutes) -> None:
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array(), D=pikepdf.Dictionary())


def _script(pdf: pikepdf.Pdf, minutes: Minutes) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _note(pdf: pikepdf.Pdf, minutes: Minutes) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[0, 0, 300, 300])
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))


def _other_font(pdf: pikepdf.Pdf, minutes: Minutes) -> None:
    regular, bold = sorted(pdf.pages[0].obj.Resources.Font.keys())[:2]
    fonts = pdf.pages[0].obj.Resources.Font
    fonts[regular], fonts[bold] = fonts[bold], fonts[regular]


def _extra_page(pdf: pikepdf.Pdf, minutes: Minutes) -> None:
    pdf.pages.append(pdf.pages[0])


_CHANGES = {
    "other data": _other_data,
    "no data": _no_data,
    "layers": _layers,
    "script": _script,
    "note": _note,
    "other font": _other_font,
    "extra page": _extra_page,
}
BEFORE_SIGNING = tuple(_CHANGES)
