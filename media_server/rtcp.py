"""RTCP both ways: what arrives becomes a few facts, what is sent is built here (RFC 3550, RFC 4585)."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

from aiortc import rtp

NTP_EPOCH = 2208988800  # seconds from 1900 to 1970
PLI, FIR = 1, 4  # formats of payload feedback: RFC 4585 (July 2006) 6.3.1, RFC 5104 (February 2008) 4.3.1
MOST_NACKED = 256  # sequence numbers taken from one compound


NAMES = (
    "AnyRtcpPacket RTCP_PSFB_APP RTCP_RTPFB RTCP_RTPFB_NACK RtcpPacket RtcpPsfbPacket RtcpReceiverInfo RtcpRrPacket"
    " RtcpRtpfbPacket RtcpSenderInfo RtcpSrPacket clamp_packets_lost pack_remb_fci unpack_remb_fci"
)


def missing_names() -> list[str]:
    """Names of `aiortc.rtp` that this file needs and that are not there. Must be empty to start."""
    return [f"aiortc.rtp.{each}" for each in NAMES.split() if not hasattr(rtp, each)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderReport:
    """When (NTP, 32.32 fixed point) the sender's media clock showed which RTP time."""

    ssrc: int
    ntp: int
    rtp_time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """How a receiver gets one SSRC: extended highest sequence number and packets lost so far."""

    ssrc: int
    highest: int
    lost: int


@dataclass(slots=True, kw_only=True)
class Feedback:
    """The facts of one compound. `nacks` and `keyframes` name the media SSRC they are about.

    `estimate` is the bits per second a receiver says it can take, None if it does not say.
    """

    reports: list[SenderReport] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    estimate: int | None = None
    nacks: dict[int, list[int]] = field(default_factory=dict)
    keyframes: set[int] = field(default_factory=set)


def read(compound: bytes) -> Feedback:
    """Take a compound apart. Malformed ones give no facts."""
    feedback = Feedback()
    try:
        packets = rtp.RtcpPacket.parse(compound)
        for packet in packets:
            _collect(feedback, packet)
    except (ValueError, IndexError, struct.error, OverflowError, AssertionError):
        return Feedback()
    return feedback


def sender_report(ssrc: int, ntp: int, rtp_time: int, packets: int, octets: int) -> bytes:
    """A sender report without blocks. Counters wrap at 32 bits."""
    info = rtp.RtcpSenderInfo(
        ntp_timestamp=ntp,
        rtp_timestamp=rtp_time & 0xFFFFFFFF,
        packet_count=packets & 0xFFFFFFFF,
        octet_count=octets & 0xFFFFFFFF,
    )
    return bytes(rtp.RtcpSrPacket(ssrc=ssrc, sender_info=info))


def receiver_report(ssrc: int, blocks: list[rtp.RtcpReceiverInfo]) -> bytes:
    """A receiver report; at most 31 blocks fit one."""
    return bytes(rtp.RtcpRrPacket(ssrc=ssrc, reports=blocks[:31]))


def nack(ssrc: int, media_ssrc: int, lost: Iterable[int]) -> bytes:
    """Ask for packets again, by sequence numbers modulo 65536 (RFC 4585, July 2006, section 6.2.1)."""
    masks: dict[int, int] = {}
    first = None
    for sequence in lost:
        behind = -1 if first is None else (sequence - first - 1) & 0xFFFF
        if first is None or behind >= 16:
            first = sequence
            masks[first] = 0
        else:
            masks[first] |= 1 << behind
    fci = b"".join(struct.pack("!HH", *each) for each in masks.items())
    return struct.pack("!BBHLL", 0x81, rtp.RTCP_RTPFB, 2 + len(masks), ssrc, media_ssrc) + fci


def pli(ssrc: int, media_ssrc: int) -> bytes:
    """Ask for a key frame."""
    return bytes(rtp.RtcpPsfbPacket(fmt=PLI, ssrc=ssrc, media_ssrc=media_ssrc))


def remb(ssrc: int, bitrate: int, media_ssrcs: list[int]) -> bytes:
    """Tell a publisher how much it may send, in bits per second."""
    fci = rtp.pack_remb_fci(bitrate, media_ssrcs)
    return bytes(rtp.RtcpPsfbPacket(fmt=rtp.RTCP_PSFB_APP, ssrc=ssrc, media_ssrc=0, fci=fci))


class Reception:
    """Statistics of one received SSRC (RFC 3550, July 2003, appendix A). `now` is monotonic seconds."""

    def __init__(self, ssrc: int, clock_rate: int) -> None:
        self.ssrc = ssrc
        self.highest = -1  # extended by the number of wraps
        self._clock_rate = clock_rate
        self._first = 0
        self._received = 0
        self._expected_before = 0
        self._received_before = 0
        self._jitter = 0.0
        self._transit: float | None = None
        self._last_report = 0
        self._last_report_at = 0.0

    def note(self, sequence: int, timestamp: int, now: float) -> list[int]:
        """Count a packet; return the sequence numbers newly found missing (empty for late ones)."""
        self._received += 1
        if self.highest < 0:
            self._first = self.highest = sequence
            return []
        step = (sequence - self.highest) & 0xFFFF
        if step == 0 or step >= 0x8000:
            return []
        missing = [(self.highest + each) & 0xFFFF for each in range(1, min(step, 100))]
        self.highest += step
        self._measure(timestamp, now)
        return missing

    def extended(self, sequence: int) -> int:
        """A recent sequence number with the wraps counted; after the first `note`."""
        return self.highest + ((sequence - self.highest + 0x8000) & 0xFFFF) - 0x8000

    @property
    def expected(self) -> int:
        """Packets sent so far, by their numbers."""
        return self.highest - self._first + 1 if self.highest >= 0 else 0

    @property
    def lost(self) -> int:
        """Packets missing so far; late ones count as received."""
        return self.expected - self._received

    def note_report(self, report: SenderReport, now: float) -> None:
        """Remember a sender report, so that the sender can measure its round trip."""
        self._last_report = (report.ntp >> 16) & 0xFFFFFFFF
        self._last_report_at = now

    def block(self, now: float) -> rtp.RtcpReceiverInfo:
        """The report block since the last one."""
        expected, lost = self.expected, self.lost
        recent = expected - self._expected_before
        recent_lost = recent - (self._received - self._received_before)
        self._expected_before, self._received_before = expected, self._received
        fraction = (recent_lost << 8) // recent if recent > 0 and recent_lost > 0 else 0
        delay = int((now - self._last_report_at) * 65536) if self._last_report else 0
        return rtp.RtcpReceiverInfo(
            ssrc=self.ssrc,
            fraction_lost=min(fraction, 255),
            packets_lost=rtp.clamp_packets_lost(lost),
            highest_sequence=self.highest & 0xFFFFFFFF,
            jitter=int(self._jitter) & 0xFFFFFFFF,
            lsr=self._last_report,
            dlsr=min(max(delay, 0), 0xFFFFFFFF),
        )

    def _measure(self, timestamp: int, now: float) -> None:
        transit = now * self._clock_rate - timestamp
        if self._transit is not None:
            difference = abs(transit - self._transit)
            if difference < self._clock_rate * 10:  # a wrapped or jumped timestamp is no jitter
                self._jitter += (difference - self._jitter) / 16
        self._transit = transit


def _collect(feedback: Feedback, packet: rtp.AnyRtcpPacket) -> None:
    if isinstance(packet, rtp.RtcpSrPacket):
        info = packet.sender_info
        feedback.reports.append(
            SenderReport(ssrc=packet.ssrc, ntp=info.ntp_timestamp, rtp_time=info.rtp_timestamp)
        )
    if isinstance(packet, rtp.RtcpSrPacket | rtp.RtcpRrPacket):
        feedback.blocks += [
            Block(ssrc=each.ssrc, highest=each.highest_sequence, lost=each.packets_lost)
            for each in packet.reports
        ]
    elif isinstance(packet, rtp.RtcpRtpfbPacket) and packet.fmt == rtp.RTCP_RTPFB_NACK:
        feedback.nacks.setdefault(packet.media_ssrc, []).extend(
            each & 0xFFFF for each in packet.lost[:MOST_NACKED]
        )
    elif isinstance(packet, rtp.RtcpPsfbPacket):
        _collect_payload_feedback(feedback, packet)


def _collect_payload_feedback(feedback: Feedback, packet: rtp.RtcpPsfbPacket) -> None:
    if packet.fmt == PLI:
        feedback.keyframes.add(packet.media_ssrc)
    elif packet.fmt == FIR:
        entries = range(0, len(packet.fci) - 7, 8)
        feedback.keyframes.update(struct.unpack_from("!L", packet.fci, each)[0] for each in entries)
    elif packet.fmt == rtp.RTCP_PSFB_APP and packet.fci[:4] == b"REMB":
        feedback.estimate = rtp.unpack_remb_fci(packet.fci)[0]
