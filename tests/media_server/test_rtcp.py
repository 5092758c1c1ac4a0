from __future__ import annotations

import ast
from pathlib import Path

from aiortc import rtp
from hypothesis import given, settings
from hypothesis import strategies as st

from media_server import rtcp


def test_what_was_built_is_read() -> None:
    compound = (
        rtcp.sender_report(7, 1 << 40, 5, 6, 7)
        + rtcp.nack(1, 7, [10, 11, 40])
        + rtcp.pli(1, 8)
        + bytes(
            rtp.RtcpPsfbPacket(fmt=rtcp.FIR, ssrc=1, media_ssrc=0, fci=b"\x00\x00\x00\x09\x01\x00\x00\x00")
        )
        + rtcp.remb(1, 1_000_000, [7])
    )
    facts = rtcp.read(compound)
    assert facts.reports == [rtcp.SenderReport(ssrc=7, ntp=1 << 40, rtp_time=5)]
    assert facts.nacks == {7: [10, 11, 40]}
    assert facts.keyframes == {8, 9}


def test_numbers_are_asked_for_across_the_wrap() -> None:
    wanted = [65534, 65535, 0, 3, 40]
    assert rtcp.read(rtcp.nack(1, 7, wanted)).nacks == {7: wanted}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 65535), max_size=60, unique=True))
def test_any_missing_numbers_can_be_asked_for(lost: list[int]) -> None:
    assert set(rtcp.read(rtcp.nack(1, 7, lost)).nacks.get(7, [])) == set(lost)


def test_what_a_receiver_reports_is_read() -> None:
    reception = rtcp.Reception(7, 90000)
    for sequence in (10, 11, 14):
        reception.note(sequence, 0, 0.0)
    compound = rtcp.receiver_report(1, [reception.block(1.0)]) + rtcp.remb(1, 1_000_000, [7])
    facts = rtcp.read(compound)
    assert facts.blocks == [rtcp.Block(ssrc=7, highest=14, lost=2)]
    assert facts.estimate is not None and abs(facts.estimate - 1_000_000) < 16


def test_remb_carries_the_bitrate() -> None:
    packet = rtp.RtcpPacket.parse(rtcp.remb(1, 3_000_000, [7]))[0]
    assert isinstance(packet, rtp.RtcpPsfbPacket)
    bitrate, ssrcs = rtp.unpack_remb_fci(packet.fci)
    assert abs(bitrate - 3_000_000) < 16
    assert ssrcs == [7]


def test_loss_is_found_counted_and_reported() -> None:
    reception = rtcp.Reception(5, 48000)
    assert reception.note(65534, 0, 0.0) == []
    assert reception.note(65535, 960, 0.02) == []
    assert reception.note(2, 3840, 0.08) == [0, 1]
    assert reception.note(0, 1920, 0.09) == []
    block = reception.block(1.0)
    assert (block.packets_lost, block.highest_sequence) == (1, 65536 + 2)
    assert block.fraction_lost == (1 << 8) // 5
    assert reception.block(2.0).fraction_lost == 0


def test_the_sender_can_measure_its_round_trip() -> None:
    reception = rtcp.Reception(5, 48000)
    reception.note(1, 0, 0.0)
    reception.note_report(rtcp.SenderReport(ssrc=5, ntp=0x1234_5678_9ABC_DEF0, rtp_time=0), 10.0)
    block = reception.block(10.5)
    assert (block.lsr, block.dlsr) == (0x5678_9ABC, 32768)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 65535), max_size=80))
def test_reports_of_any_order_can_be_sent(sequences: list[int]) -> None:
    reception = rtcp.Reception(5, 48000)
    for number, sequence in enumerate(sequences):
        missing = reception.note(sequence, number, number / 50)
        assert len(missing) < 100
    if sequences:
        report = rtcp.receiver_report(1, [reception.block(100.0)])
        assert rtp.RtcpPacket.parse(report)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=120)
    | st.builds(lambda kind, rest: bytes([0x81, kind]) + rest, st.integers(200, 207), st.binary(max_size=80))
)
def test_no_bytes_harm_the_reader(compound: bytes) -> None:
    facts = rtcp.read(compound)
    assert all(0 <= lost <= 0xFFFF for each in facts.nacks.values() for lost in each)


def test_the_check_at_the_start_knows_every_name_that_is_used() -> None:
    tree = ast.parse(Path(rtcp.__file__).read_text(encoding="utf-8"))
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rtp"
    }
    assert used == set(rtcp.NAMES.split())
    assert rtcp.missing_names() == []
