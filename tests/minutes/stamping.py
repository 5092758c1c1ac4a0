"""An invented time-stamp authority that answers over HTTP, or is away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from asn1crypto.tsp import TimeStampReq
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from meetings.kernel.clock import real_now
from meetings.minutes.trust import Trust
from tests.minutes.office import Office, new_office


@dataclass
class StampAuthority:
    """`url` answers while `away` is False."""

    url: str
    office: Office
    away: bool = False
    asked: int = 0

    @property
    def trust(self) -> Trust:
        return self.office.trust()


LIFE = (timedelta(days=1), timedelta(days=-300))


def stamper_of(
    office: Office, life: tuple[timedelta, timedelta] = LIFE, at: datetime | None = None
) -> DummyTimeStamper:
    """A certificate of the office for stamping times and nothing else, that lived from so long ago to so long ago.
    `at`: the time that it stamps, if not now."""
    key, root = (
        rsa.generate_private_key(65537, 2048),
        x509.load_pem_x509_certificate(office.stored.certificate),
    )
    now = real_now()
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nơi cấp dấu thời gian mẫu")]))
        .issuer_name(root.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - life[0])
        .not_valid_after(now - life[1])
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(office.authority.key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (certificate,) = load_certs_from_pemder_data(made.public_bytes(serialization.Encoding.PEM))
    return DummyTimeStamper(certificate, load_private_key_from_pemder_data(pem, None), fixed_dt=at)


@contextmanager
def stamp_authority(at: datetime | None = None) -> Iterator[StampAuthority]:
    office = new_office()
    stamper = stamper_of(office, at=at)

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            authority.asked += 1
            asked = TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            if authority.away:
                self.send_error(503)
                return
            body = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    authority = StampAuthority(url=f"http://127.0.0.1:{server.server_port}/", office=office)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
