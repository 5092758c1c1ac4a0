"""The operator's list of believed authorities: one dated YAML file that names certificates and revocation lists.

It is read anew for each use, so that fresh revocation lists count at once.
"""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from meetings.kernel.errors import Invalid
from meetings.minutes.listed import Listed, Purpose

log = logging.getLogger(__name__)
_MOST_NAME = 60  # characters: the name stands in the visible part of signatures


class BadTrustList(Invalid):
    """The list, or a file that it names, cannot be read."""

    code = "bad-trust-list"
    message = "Danh sách nơi cấp chứng thư không đọc được: {what}."


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Entry(_Strict):
    name: Annotated[str, Field(min_length=1, max_length=_MOST_NAME, pattern=r"^[^{}\n]+$")]
    purpose: Purpose
    certificates: str
    revocations: tuple[str, ...] = ()
    since: date
    until: date | None = None


class _List(_Strict):
    issued: date
    source: Annotated[str, Field(min_length=1, max_length=300)]
    authorities: tuple[_Entry, ...]


def read_list(file: Path) -> tuple[Listed, ...]:
    """The authorities of the list; files that it names belong to its folder. Raises BadTrustList."""
    try:
        read = _List.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise BadTrustList(what=file.name) from None
    except ValidationError as wrong:
        where = ".".join(map(str, wrong.errors(include_input=False)[0]["loc"])) or file.name
        raise BadTrustList(what=where) from None
    return tuple(_listed(entry, file.parent) for entry in read.authorities)


def _listed(entry: _Entry, folder: Path) -> Listed:
    crls = [_crl(folder / name) for name in entry.revocations]
    roots, between = _certificates(folder / entry.certificates)
    return Listed(
        name=entry.name,
        purpose=entry.purpose,
        roots=roots,
        between=between,
        since=entry.since,
        until=entry.until,
        lists=tuple(crl.public_bytes(Encoding.DER) for crl in crls),
        lists_end=min((crl.next_update_utc for crl in crls if crl.next_update_utc), default=None),
    )


def _certificates(file: Path) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Those that certify themselves, and the others."""
    try:
        found = x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError):
        raise BadTrustList(what=file.name) from None
    pem = [(one.subject == one.issuer, one.public_bytes(Encoding.PEM)) for one in found]
    roots = tuple(content for own, content in pem if own)
    if not roots:
        raise BadTrustList(what=f"{file.name}: thiếu chứng thư gốc")
    return roots, tuple(content for own, content in pem if not own)


def _crl(file: Path) -> x509.CertificateRevocationList:
    try:
        content = file.read_bytes()
        pem = content.startswith(b"-----")
        return x509.load_pem_x509_crl(content) if pem else x509.load_der_x509_crl(content)
    except (OSError, ValueError):
        raise BadTrustList(what=file.name) from None


class TrustList:
    """The list at `file`, or none at all."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._last: tuple[Listed, ...] = ()

    def read(self) -> tuple[Listed, ...]:
        """As it stands now; where it cannot be read, as it was read last. Reads files: not for the event loop."""
        if self._file is None:
            return ()
        try:
            self._last = read_list(self._file)
        except BadTrustList:
            log.warning("trust list unreadable, the last reading holds")
        return self._last
