"""Whose certificates are believed, and what pyHanko is given of it.

Where no list of revocations is at hand, nothing is trusted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto.x509 import Certificate
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko_certvalidator import ValidationContext

from meetings.kernel.clock import real_now
from meetings.minutes.listed import Listed


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """Whose certificates are believed: roots (PEM) and their lists of certificates taken back (DER); beside them the
    authorities outside this installation."""

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...] = ()
    listed: tuple[Listed, ...] = ()

    def roots_at(self, moment: datetime) -> tuple[bytes, ...]:
        """All that is believed for what was signed then."""
        return (
            *self.roots,
            *(pem for one in self.listed if one.in_force(moment) for pem in one.roots),
        )

    @property
    def every_list(self) -> tuple[bytes, ...]:
        """Of all of them."""
        return (*self.crls, *(crl for one in self.listed for crl in one.lists))


@dataclass(frozen=True, kw_only=True, slots=True)
class TimestampTrust:
    """Believed time-stamp authorities, and between which instants a signature of this meeting may lie."""

    trust: Trust
    since: datetime
    until: datetime


def context(trust: Trust, moment: datetime | None = None) -> ValidationContext:
    """As of now, or as of a proven moment; later lists tell what was taken back before it."""
    believed = trust.roots_at(moment or real_now())
    roots = certificates(believed)
    # "hard-fail" would not check a certificate that names no place for its list, as ours do not.
    return ValidationContext(
        trust_roots=roots,
        other_certs=certificates(pem for one in trust.listed for pem in one.between),
        crls=trust.every_list,
        revocation_mode="require",
        allow_fetching=False,
        moment=moment,
        retroactive_revinfo=moment is not None,
    )


def certificates(pem: Iterable[bytes]) -> list[Certificate]:
    """For pyHanko."""
    content = b"\n".join(pem)
    return list(load_certs_from_pemder_data(content)) if content else []
