"""What the program beside a token checks before it signs: that the attributes are about this very file and certificate.

The same as web/src/prepared.ts in a browser. Nothing that the server says of the digest is believed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from asn1crypto import cms, tsp

from meetings.kernel.errors import Refused

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
_CONTENT, _DIGEST, _CERTIFICATE = "content_type", "message_digest", "signing_certificate_v2"
_NAMING: type = tsp.SigningCertificateV2  # its module teaches cms to read that attribute
_KNOWN = frozenset({_CONTENT, _DIGEST, _CERTIFICATE, "cms_algorithm_protection"})


class Mismatch(Refused):
    """What the server wants signed is not the file that it shows."""

    code = "prepared-mismatch"
    message = (
        "DỪNG LẠI: tệp máy chủ gửi không khớp với nội dung sẽ ký ({what}). Chưa có gì được ký."
        " Xin báo cấp trên và người quản trị."
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """As the server tells of a prepared signature: the file, where its hole is, the attributes (DER) to sign."""

    pdf: bytes
    attributes: bytes
    start: int
    end: int


def checked_digest(told: Told, certificate: bytes) -> str:
    """SHA-256 (hex) of the file without its hole, when all of it fits that certificate (DER). Raises Mismatch."""
    _check_hole(told)
    digest = hashlib.sha256(told.pdf[: told.start] + told.pdf[told.end :]).digest()
    values = _values(told.attributes)
    if values.get(_CONTENT) != "data":
        raise Mismatch(what="loại nội dung")
    if values.get(_DIGEST) != digest:
        raise Mismatch(what="mã của tệp")
    if _named(values.get(_CERTIFICATE)) != [hashlib.sha256(certificate).digest()]:
        raise Mismatch(what="chứng thư")
    return digest.hex()


def _check_hole(told: Told) -> None:
    """What is left out of the hash is the room for the signature alone, and readers will leave out just that."""
    ranges = [tuple(map(int, found)) for found in _RANGE.findall(told.pdf)]
    expected = (0, told.start, told.end, len(told.pdf) - told.end)
    hole = told.pdf[told.start : told.end]
    empty = len(hole) > 2 and hole[:1] + hole[-1:] == b"<>" and not hole[1:-1].strip(b"0")
    if not empty or not ranges or ranges[-1] != expected:
        raise Mismatch(what="chỗ chữ ký")


def _values(attributes: bytes) -> dict[str, object]:
    """The single value of each attribute, by kind: only kinds known here, each once, in the one form that is DER."""
    try:
        read = cms.CMSAttributes.load(attributes, strict=True)
        pairs = [(one["type"].native, [value.native for value in one["values"]]) for one in read]
        again = cms.CMSAttributes.load(attributes, strict=True).dump(force=True)
    except (ValueError, TypeError, KeyError):
        raise Mismatch(what="dữ liệu ký") from None
    kinds = [kind for kind, _ in pairs]
    single = all(len(values) == 1 for _, values in pairs)
    if again != attributes or not single or len(set(kinds)) != len(kinds) or not set(kinds) <= _KNOWN:
        raise Mismatch(what="dữ liệu ký")
    return {kind: values[0] for kind, values in pairs}


def _named(value: object) -> list[bytes]:
    """The hashes by which a signingCertificateV2 names certificates; the default algorithm is SHA-256."""
    certificates = value.get("certs") if isinstance(value, dict) else None
    named = certificates if isinstance(certificates, list) else []
    plain = all((one.get("hash_algorithm") or {}).get("algorithm") == "sha256" for one in named)
    return [one["cert_hash"] for one in named] if plain else []
