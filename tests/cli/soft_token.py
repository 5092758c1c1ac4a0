"""A software token (SoftHSM) that stands for a USB token: made, given a key of its own and certificates.

Run as a program it works inside the token: the library can be loaded for one configuration in a process only.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key

PIN, LABEL = "246810", "Token mau"
ROOT = Path(__file__).resolve().parents[2]


def module() -> Path | None:
    """SoftHSM's library."""
    return next(iter(sorted(Path("/usr/lib").glob("**/softhsm/libsofthsm2.so"))), None)


def why_not() -> str:
    """Why nothing can be shown with a token here; empty when it can."""
    if module() is None or shutil.which("softhsm2-util") is None:
        return "no SoftHSM here (on Debian: apt-get install softhsm2)"
    if importlib.util.find_spec("pkcs11") is None:
        return "python-pkcs11 is not installed (chibo[token])"
    return ""


@dataclass(frozen=True, kw_only=True)
class SoftToken:
    folder: Path

    @property
    def env(self) -> dict[str, str]:
        """By this a process finds this token and no other."""
        return {**os.environ, "SOFTHSM2_CONF": str(self.folder / "softhsm2.conf"), "PYTHONUTF8": "1"}

    def plug_in(self, label: str = LABEL) -> None:
        words = ["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "13579246"]
        subprocess.run(["softhsm2-util", *words], env=self.env, check=True, capture_output=True)

    def make_key(self) -> RSAPublicKey:
        """Made inside, never outside."""
        made = load_der_public_key(bytes.fromhex(self._inside("key")))
        assert isinstance(made, RSAPublicKey)
        return made

    def store(self, certificate: x509.Certificate, id_: int = 1) -> None:
        file = self.folder / f"{certificate.serial_number:x}.der"
        file.write_bytes(certificate.public_bytes(Encoding.DER))
        self._inside("certificate", str(file), str(id_))

    def _inside(self, *words: str) -> str:
        command = [sys.executable, "-m", "tests.cli.soft_token", *words]
        done = subprocess.run(command, env=self.env, check=True, capture_output=True, text=True, cwd=ROOT)
        return done.stdout.strip()


def empty_slot(folder: Path) -> SoftToken:
    """Where a token could be plugged in."""
    (folder / "tokens").mkdir(parents=True)
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    return SoftToken(folder=folder)


def main(words: list[str]) -> None:
    pkcs11: Any = importlib.import_module("pkcs11")
    encode: Any = importlib.import_module("pkcs11.util.rsa").encode_rsa_public_key
    token = pkcs11.lib(str(module())).get_token(token_label=LABEL)
    with token.open(user_pin=PIN, rw=True) as session:
        if words[0] == "key":
            public, _ = session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, id=b"\x01")
            print(_spki(encode(public)).hex())
            return
        content, kind = Path(words[1]).read_bytes(), pkcs11.Attribute
        session.create_object(
            {
                kind.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                kind.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                kind.TOKEN: True,
                kind.ID: bytes([int(words[2])]),
                kind.SUBJECT: x509.load_der_x509_certificate(content).subject.public_bytes(),
                kind.VALUE: content,
            }
        )


def _spki(rsa: bytes) -> bytes:
    keys: Any = importlib.import_module("asn1crypto.keys")
    return bytes(keys.PublicKeyInfo.wrap(keys.RSAPublicKey.load(rsa), "rsa").dump())


if __name__ == "__main__":
    main(sys.argv[1:])
