"""Whole minutes (printed, PDF/A, fields, two B-T signatures) beside the plain pipeline of pyHanko and reportlab.

`python -m bench.minutes [--rounds 7]` prints one JSON document: medians of CPU seconds, in interleaved rounds. "Plain"
prints the same pages and takes pyHanko as its manual shows it: SimpleSigner and the library's font factory. What the
time-stamp authority spends is left out of both.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any, TypeVar

from cryptography.hazmat.primitives import serialization
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.font.opentype import GlyphAccumulatorFactory
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from meetings.minutes.facts import to_bytes
from meetings.minutes.keys import open_person_key
from meetings.minutes.pdf import print_minutes
from meetings.minutes.signing import LoadedSigner, SigningRole, sign_with, with_fields
from meetings.minutes.typefaces import FILES, FONTS, REGULAR
from meetings.minutes.verify import verify
from tests.minutes.office import PASSPHRASE, Office, Signed, Signer, new_office, order, signed_by_both
from tests.minutes.sittings import hybrid

R = TypeVar("R")


class Elsewhere(DummyTimeStamper):
    """An authority on another machine: what its signatures cost here counts for nobody."""

    spent = 0.0

    async def async_request_tsa_response(self, req: Any) -> Any:
        """As the authority would answer."""
        begun = time.process_time()
        answer = await super().async_request_tsa_response(req)
        self.spent += time.process_time() - begun
        return answer


@dataclass
class Table:
    """Both pipelines over the same minutes, people and time stamps."""

    signed: Signed
    stamper: Elsewhere
    spent: dict[str, list[float]]

    def ours(self) -> bytes:
        """As the service does it, its keys opened from their passphrases before."""
        pdf = self._ready("ours")
        for role, who in self._people():
            signer = loaded(who, self.signed.office)
            asked = order(pdf, role, who, self.signed.office)
            pdf = self._timed(f"ours: {role.name.lower()}", partial(sign_with, asked, signer, self.stamper))
        return pdf

    def plain(self) -> bytes:
        """As the manual does it."""
        pdf = self._ready("plain")
        for role, who in self._people():
            signer = simple(who, self.signed.office)
            pdf = self._timed(f"plain: {role.name.lower()}", partial(self._plainly, pdf, role, who, signer))
        return pdf

    def verified(self, pdf: bytes) -> None:
        """By all nine rules."""
        evidence = self.signed.evidence()
        report = self._timed("verification", partial(verify, pdf, evidence))
        assert report.accepted

    def _ready(self, whose: str) -> bytes:
        data = to_bytes(self.signed.minutes)
        printed = self._timed(f"{whose}: print and PDF/A", partial(print_minutes, data))
        return self._timed(f"{whose}: fields", partial(with_fields, printed))

    def _people(self) -> list[tuple[SigningRole, Signer]]:
        return [(SigningRole.RECORDER, self.signed.recorder), (SigningRole.CHAIR, self.signed.chair)]

    def _plainly(self, pdf: bytes, role: SigningRole, who: Signer, signer: signers.Signer) -> bytes:
        recorder = role is SigningRole.RECORDER
        meta = signers.PdfSignatureMetadata(
            field_name=role.value,
            md_algorithm="sha256",
            name=who.name,
            certify=recorder,
            docmdp_permissions=fields.MDPPerm.FILL_FORMS,
            subfilter=fields.SigSeedSubFilter.PADES,
        )
        face = GlyphAccumulatorFactory(str(FONTS / FILES[REGULAR]), font_size=9)
        style = TextStampStyle(
            stamp_text=f"Đã ký: {who.name}\n%(ts)s", text_box_style=TextBoxStyle(font=face, font_size=9)
        )
        maker = signers.PdfSigner(meta, signer, timestamper=self.stamper, stamp_style=style)
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        return bytes(maker.sign_pdf(writer, existing_fields_only=True).getbuffer())

    def _timed(self, name: str, step: Callable[[], R]) -> R:
        begun, theirs = time.process_time(), self.stamper.spent
        made = step()
        spent = time.process_time() - begun - (self.stamper.spent - theirs)
        self.spent.setdefault(name, []).append(spent)
        return made


def loaded(who: Signer, office: Office) -> LoadedSigner:
    """Ours."""
    key = open_person_key(who.key.wrapped, PASSPHRASE)
    return LoadedSigner(key, who.certificate, office.stored.certificate)


def simple(who: Signer, office: Office) -> signers.SimpleSigner:
    """PyHanko's own."""
    key = open_person_key(who.key.wrapped, PASSPHRASE).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    own, root = (load_certs_from_pemder_data(pem) for pem in (who.certificate, office.stored.certificate))
    known = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # untyped there
    known.register_multiple([*root])
    return signers.SimpleSigner(
        signing_cert=next(iter(own)),
        signing_key=load_private_key_from_pemder_data(key, None),
        cert_registry=known,
    )


def table() -> Table:
    """An invented office, and a time-stamp authority."""
    office, stamps, minutes = new_office(), new_office(), hybrid()
    root = stamps.authority.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (certificate,) = load_certs_from_pemder_data(stamps.stored.certificate)
    stamper = Elsewhere(certificate, load_private_key_from_pemder_data(root, None))
    ready = with_fields(print_minutes(to_bytes(minutes)))
    return Table(signed=signed_by_both(minutes, ready, office), stamper=stamper, spent={})


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # each stamp's own root is told as self-signed
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    bench = table()
    for _ in range(options.rounds):
        pdf = bench.ours()
        bench.plain()
        bench.verified(pdf)
    steps = {name: round(median(times), 3) for name, times in bench.spent.items()}
    whole = {
        one: sum(time for name, time in steps.items() if name.startswith(one)) for one in ("ours", "plain")
    }
    print(json.dumps({**steps, **whole, "ours / plain": round(whole["ours"] / whole["plain"], 2)}, indent=1))


if __name__ == "__main__":
    main()
