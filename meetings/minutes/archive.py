"""Signed files made to last (PAdES B-LTA): certificates and lists inside, a time stamp over all, each year anew.

Synchronous, for a worker process. What no longer holds when the stamp is due is not stamped over.
"""

from __future__ import annotations

import asyncio
import io
from datetime import datetime

from asn1crypto import crl, pem
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError
from pyhanko.sign.validation import add_validation_info, validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from meetings.minutes.examine import Trust, context, roots_of
from meetings.minutes.lasting import AuthorityAway, NotLasting

HASH = "sha256"
SECONDS = 15
_WHOLE = {SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION}


def lasting(pdf: bytes, people: Trust, stamps: Trust, url: str) -> bytes:
    """The file with one more document time stamp from the authority at `url`. Raises AuthorityAway, NotLasting."""
    return lasting_by(pdf, people, stamps, HTTPTimeStamper(url, timeout=SECONDS))


def lasting_by(pdf: bytes, people: Trust, stamps: Trust, stamper: TimeStamper) -> bytes:
    """As `lasting`, by any time stamper."""
    made, out = PdfTimeStamper(stamper), io.BytesIO(pdf)
    try:
        if PdfFileReader(out).embedded_timestamp_signatures:
            reader = PdfFileReader(out)
            made.update_archival_timestamp_chain(
                reader, context(stamps), in_place=True, default_md_algorithm=HASH
            )
        else:
            _add_evidence(out, people, stamps)
            made.timestamp_pdf(IncrementalPdfFileWriter(out), HASH, context(stamps), in_place=True)
    except TimestampRequestError:
        raise AuthorityAway from None
    except Exception:  # pyHanko raises many kinds for what does not hold
        raise NotLasting from None
    return out.getvalue()


def _add_evidence(out: io.BytesIO, people: Trust, stamps: Trust) -> None:
    """Certificates and lists by which each signature, and its stamp, holds today."""
    both = Trust(roots=(*people.roots, *stamps.roots), crls=(*people.crls, *stamps.crls))
    for at in range(len(PdfFileReader(out).embedded_regular_signatures)):
        one = PdfFileReader(out).embedded_regular_signatures[at]
        add_validation_info(one, context(both), in_place=True)


def document_stamps(pdf: bytes, stamps: Trust) -> list[datetime]:
    """The instants of the document time stamps that hold, are believed, and cover all that was there."""
    found = []
    for one in PdfFileReader(io.BytesIO(pdf)).embedded_timestamp_signatures:
        status = validate_pdf_timestamp(one, context(stamps))
        if status.intact and status.valid and status.trusted and status.coverage in _WHOLE:
            found.append(status.timestamp)
    return found


def carried(one: EmbeddedPdfSignature, people: Trust, stamps: Trust) -> bool:
    """Whether the document time stamps after it prove that the signature held while its certificate did."""
    if not one.reader.embedded_timestamp_signatures:
        return False
    spec = SignatureValidationSpec(
        cert_validation_policy=_policy(people),
        ts_cert_validation_policy=_policy(stamps),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(
            online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY
        ),
        local_knowledge=LocalKnowledge(known_crls=[*_lists(people), *_lists(stamps)]),
    )
    result = asyncio.run(ades_lta_validation(one, PdfSignatureValidationSpec(spec)))
    return result.ades_subindic is AdESPassed.OK


def _policy(trust: Trust) -> CertValidationPolicySpec:
    return CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=roots_of(trust)),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("require")),
    )


def _lists(trust: Trust) -> list[CRLContainer]:
    found = (pem.unarmor(one)[2] if pem.detect(one) else one for one in trust.crls)
    return [CRLContainer(crl_data=crl.CertificateList.load(one)) for one in found]
