"""The operator's list of authorities: read whole or refused by name; a list spoilt later holds as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetings.minutes.listed import Purpose, same_name
from meetings.minutes.signature_class import SignatureClass
from meetings.minutes.trust_list import BadTrustList, TrustList, read_list
from tests.minutes.outside import NAME, Outside, new_outside


@pytest.fixture(scope="module")
def outside() -> Outside:
    return new_outside()


def test_a_list_is_read_with_its_files(outside: Outside, tmp_path: Path) -> None:
    [one] = read_list(outside.write(tmp_path, purpose="official"))
    assert (one.name, one.purpose, one.kind) == (NAME, Purpose.OFFICIAL, SignatureClass.OFFICIAL)
    assert (len(one.roots), len(one.between), len(one.lists)) == (1, 1, 2)
    assert one.kind.said(one.name) == "Chữ ký số chuyên dùng công vụ"
    assert "Danh sách thu hồi dùng đến" in one.line()


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("purpose: public", "purpose: secret", "purpose"),
        ("name: ", "nom: ", "name"),
        ("certificates: goc.pem", "certificates: khac.pem", "khac.pem"),
        ("- thu-hoi.crl", "- goc.pem", "goc.pem"),
        ("issued: ", "ngay: ", "issued"),
        (f"name: {NAME}", 'name: "{x}"', "name"),
        ("authorities:", "authorities: [", "tin-cay.yaml"),
    ],
)
def test_what_is_wrong_is_named(
    outside: Outside, tmp_path: Path, before: str, after: str, named: str
) -> None:
    file = outside.write(tmp_path)
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(BadTrustList, match=named):
        read_list(file)


def test_a_list_that_is_spoilt_later_holds_as_it_was(outside: Outside, tmp_path: Path) -> None:
    file = outside.write(tmp_path)
    trusted = TrustList(file)
    before = trusted.read()
    file.write_text("[", encoding="utf-8")
    assert trusted.read() == before
    assert len(before) == 1
    assert TrustList().read() == ()
    assert TrustList(file).read() == ()


def test_names_are_compared_as_people_read_them() -> None:
    assert same_name("NGUYỄN  VĂN MẪU", "Nguyễn Văn Mẫu")
    assert not same_name("Nguyễn Văn Mẫu", "Nguyễn Văn Mậu")
