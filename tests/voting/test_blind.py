"""RSABSSA-SHA384-PSS against the vectors of RFC 9474, appendix A; and what a signer must refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from demo.blinding import NotSigned, blind, encode, finish
from meetings.voting.blind import (
    LENGTH,
    BadBlinded,
    FaultySignature,
    fingerprint,
    make_key,
    modulus_of,
    sign_blinded,
    sign_raw,
    verify,
)

ROOT = Path(__file__).resolve().parents[2]
VECTORS: list[Mapping[str, str]] = json.loads((ROOT / "web" / "tests" / "rfc9474.json").read_text("ascii"))


@pytest.fixture(scope="module")
def private() -> bytes:
    return make_key()


def numbers(vector: Mapping[str, str]) -> rsa.RSAPrivateNumbers:
    p, q, d, n = (int(vector[name], 16) for name in "pqdn")
    return rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, p),
        dmq1=rsa.rsa_crt_dmq1(d, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(int(vector["e"], 16), n),
    )


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
def test_the_vectors_of_the_rfc(vector: Mapping[str, str]) -> None:
    n, e = int(vector["n"], 16), int(vector["e"], 16)
    encoded = encode(bytes.fromhex(vector["prepared_msg"]), n.bit_length() - 1, bytes.fromhex(vector["salt"]))
    assert encoded.hex() == vector["encoded_msg"]
    factor = pow(int(vector["inv"], 16), -1, n)
    blinded = int.from_bytes(encoded) * pow(factor, e, n) % n
    assert f"{blinded:x}".zfill(len(vector["blinded_msg"])) == vector["blinded_msg"]
    signed = sign_raw(numbers(vector), bytes.fromhex(vector["blinded_msg"]))
    assert signed.hex() == vector["blind_sig"]
    finished = int.from_bytes(signed) * int(vector["inv"], 16) % n
    assert f"{finished:x}".zfill(len(vector["sig"])) == vector["sig"]


def test_a_token_goes_round(private: bytes) -> None:
    modulus = modulus_of(private)
    token = blind(modulus.hex())
    signed = sign_blinded(private, bytes.fromhex(token.blinded))
    signature = bytes.fromhex(finish(modulus.hex(), token, signed.hex()))
    message = bytes.fromhex(token.prefix + token.serial)
    assert verify(modulus, message, signature)
    assert not verify(modulus, message[:-1] + bytes([message[-1] ^ 1]), signature)
    assert not verify(modulus, message, signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not verify(modulus, message, signature[:-1])
    assert not verify(modulus_of(make_key()), message, signature), "a token of another question"
    assert len(fingerprint(modulus)) == 64


def test_the_phone_notices_a_signature_of_another_key(private: bytes) -> None:
    modulus = modulus_of(private).hex()
    token = blind(modulus)
    other = make_key()
    wrong = sign_blinded(other, bytes.fromhex(blind(modulus_of(other).hex()).blinded))
    with pytest.raises(NotSigned):
        finish(modulus, token, wrong.hex())


def test_what_is_no_blinded_message_is_refused(private: bytes) -> None:
    n = int.from_bytes(modulus_of(private))
    good = (2).to_bytes(LENGTH)
    assert len(sign_blinded(private, good)) == LENGTH
    for number in (0, 1, n - 1, n, n + 1):
        with pytest.raises(BadBlinded):
            sign_blinded(private, number.to_bytes(LENGTH))
    for bytes_ in (b"", good[1:], b"\0" + good):
        with pytest.raises(BadBlinded):
            sign_blinded(private, bytes_)


def test_a_multiple_of_a_prime_is_refused() -> None:
    key = numbers(VECTORS[0])
    with pytest.raises(BadBlinded):
        sign_raw(key, (2 * key.p).to_bytes(512))


def test_a_faulty_signature_is_not_answered() -> None:
    """A fault in one half of the computation would give the factors away."""
    key = numbers(VECTORS[0])
    broken = rsa.RSAPrivateNumbers(
        p=key.p,
        q=key.q,
        d=key.d,
        dmp1=key.dmp1 + 2,
        dmq1=key.dmq1,
        iqmp=key.iqmp,
        public_numbers=key.public_numbers,
    )
    with pytest.raises(FaultySignature):
        sign_raw(broken, bytes.fromhex(VECTORS[0]["blinded_msg"]))
