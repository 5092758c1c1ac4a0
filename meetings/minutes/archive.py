"""Signed files made to last (PAdES B-LTA): certificates and lists inside, a time stamp over all, each year anew.

Synchronous, for a worker process. What no longer holds when the stamp is due is not stamped over.
"""

from __future__ import annotations

import io
from datetime import datetime

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError
from pyhanko.sign.validation import add_validation_info

from meetings.minutes.archive_proof import kept_in
from meetings.minutes.lasting import AuthorityAway, NotLasting
from meetings.minutes.trust import Trust, context

HASH = "sha256"
SECONDS = 15


def lasting(pdf: bytes, people: Trust, stamps: Trust, url: str) -> bytes:
    """The file with one more document time stamp from the authority at `url`. Raises AuthorityAway, NotLasting."""
    return lasting_by(pdf, people, stamps, HTTPTimeStamper(url, timeout=SECONDS))


def lasting_by(
    pdf: bytes, people: Trust, stamps: Trust, stamper: TimeStamper, moment: datetime | None = None
) -> bytes:
    """As `lasting`, by any time stamper; `moment`: judged as of then, not now."""
    made, out = PdfTimeStamper(stamper), io.BytesIO(pdf)
    try:
        if PdfFileReader(out).embedded_timestamp_signatures:
            reader = PdfFileReader(out)
            made.update_archival_timestamp_chain(
                reader, context(stamps, moment), in_place=True, default_md_algorithm=HASH
            )
        else:
            _add_evidence(out, people, stamps, moment)
            made.timestamp_pdf(IncrementalPdfFileWriter(out), HASH, context(stamps, moment), in_place=True)
    except TimestampRequestError:
        raise AuthorityAway from None
    except Exception:  # pyHanko raises many kinds for what does not hold
        raise NotLasting from None
    return out.getvalue()


def _add_evidence(out: io.BytesIO, people: Trust, stamps: Trust, moment: datetime | None) -> None:
    """Certificates and lists by which each signature, and its stamp, holds today."""
    both = Trust(
        roots=(*people.roots, *stamps.roots), crls=(*people.crls, *stamps.crls), listed=people.listed
    )
    for at in range(len(PdfFileReader(out).embedded_regular_signatures)):
        one = PdfFileReader(out).embedded_regular_signatures[at]
        add_validation_info(one, context(both, moment), in_place=True)


def document_stamps(pdf: bytes, stamps: Trust) -> list[datetime]:
    """The instants of the document time stamps that hold, are believed, and cover all that was there."""
    return [one.at for one in kept_in(PdfFileReader(io.BytesIO(pdf)), stamps).proofs]
