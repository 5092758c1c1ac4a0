"""One peer connection of a load client: its own UDP socket, controlling in ICE, active in DTLS."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass

from aioice import stun

from media_server.checks import Credentials
from media_server.ice import IceMux, IceSession
from media_server.srtp import is_rtcp
from media_server.transport import PeerTransport, RTCCertificate

PRIORITY = 1853824767
ASK_AGAIN_S = 0.1
CONSENT_S = 2.5
TIMESTAMPNS = 35  # SO_TIMESTAMPNS of Linux: the kernel's own time of arrival
READS = 32
MARK = b"chibo-at"  # eight bytes before the time of sending at the end of a payload


@dataclass(slots=True)
class Stream:
    """What came of one SSRC."""

    count: int = 0
    first: int = -1
    highest: int = -1

    def note(self, sequence: int) -> None:
        """Count a packet; sequence numbers are extended by their wraps."""
        self.count += 1
        if self.first < 0:
            self.first = self.highest = sequence
            return
        step = (sequence - self.highest) & 0xFFFF
        if step < 0x8000:
            self.highest += step

    @property
    def expected(self) -> int:
        """Packets from the first to the highest number."""
        return self.highest - self.first + 1 if self.count else 0


class Route:
    """The only way to the server."""

    def __init__(self, sock: socket.socket, address: tuple[str, int]) -> None:
        self._sock, self._address = sock, address

    def send(self, datagram: bytes | memoryview) -> None:
        """Send; what does not fit is dropped."""
        with contextlib.suppress(OSError):
            self._sock.sendto(datagram, self._address)


class Leg(IceMux):
    """A socket for one session; with `timed` every packet is decrypted and its delay kept, in seconds."""

    def __init__(self, certificate: RTCCertificate, host: str, *, timed: bool = False) -> None:
        super().__init__()
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.sock.bind((host, 0))
        asyncio.get_running_loop().add_reader(self.sock, self._come)
        self.streams: dict[int, Stream] = {}
        self.delays: list[float] = []
        self.first_media: float | None = None
        self.connected = asyncio.Event()
        self.checked = asyncio.Event()
        self.media = asyncio.Event()
        self.rtcp: list[bytes] = []
        self._arrived = 0.0
        self.transport = PeerTransport(self, certificate, self, role="client")
        self.ice: IceSession = self.transport.ice
        self._deliver = self.ice.on_rtp
        self._timed = timed
        if timed:
            self.sock.setsockopt(socket.SOL_SOCKET, TIMESTAMPNS, 1)
        self._checks: asyncio.Task[None] | None = None
        self._remote: tuple[Credentials, dict[str, str]] | None = None
        self._address: tuple[str, int] | None = None

    def note(self, remote: Credentials, fingerprints: dict[str, str]) -> None:
        """Who the server is, of its description."""
        self._remote = (remote, fingerprints)
        self._connect()

    def reach(self, candidate: str) -> None:
        """Where the server is: the first address for UDP counts."""
        fields = candidate.split()
        if len(fields) > 5 and fields[2].lower() == "udp" and self._address is None:
            self._address = (fields[4], int(fields[5]))
            self._connect()

    def _connect(self) -> None:
        """Check the path, then shake hands."""
        if self._checks is None and self._remote is not None and self._address is not None:
            self.ice.selected = Route(self.sock, self._address)  # type: ignore[assignment] # a path without a mux
            self._checks = asyncio.create_task(self._shake(*self._remote, self._address))

    async def end(self) -> None:
        """Give everything back."""
        if self._checks is not None:
            self._checks.cancel()
            await asyncio.gather(self._checks, return_exceptions=True)
        await self.transport.close()
        asyncio.get_running_loop().remove_reader(self.sock)
        self.sock.close()

    async def _shake(
        self, remote: Credentials, fingerprints: dict[str, str], address: tuple[str, int]
    ) -> None:
        while not self.checked.is_set():
            self.sock.sendto(self._request(remote), address)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.checked.wait(), ASK_AGAIN_S)
        self.transport.start(fingerprints, data=True)
        while True:
            await asyncio.sleep(CONSENT_S)
            self.sock.sendto(self._request(remote), address)

    def _request(self, remote: Credentials) -> bytes:
        message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{remote.ufrag}:{self.ice.current.ufrag}"
        message.attributes["PRIORITY"] = PRIORITY
        message.attributes["ICE-CONTROLLING"] = secrets.randbits(64)
        message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity(remote.pwd.encode())
        message.add_fingerprint()
        return bytes(message)

    def _come(self) -> None:
        sock = self.sock
        for _ in range(READS):
            try:
                if self._timed:
                    datagram, ancillary, _, _ = sock.recvmsg(2048, 64)
                    self._arrived = _kernel_time(ancillary)
                else:
                    datagram = sock.recv(2048)
            except OSError:
                return
            self._sort(datagram)

    def _sort(self, datagram: bytes) -> None:
        first = datagram[0]
        if first > 127:
            self._on_media(datagram)
        elif first > 19:
            self.ice.on_dtls(datagram)
        elif datagram[:2] == b"\x01\x01":
            self.checked.set()

    def _on_media(self, datagram: bytes) -> None:
        if is_rtcp(datagram):
            if not self.streams:  # a publisher listens to what is asked of it
                self._deliver(datagram)
            return
        if self.first_media is None:
            self.first_media = time.perf_counter()
            self.media.set()
        sequence, ssrc = int.from_bytes(datagram[2:4]), int.from_bytes(datagram[8:12])
        stream = self.streams.get(ssrc)
        if stream is None:
            stream = self.streams[ssrc] = Stream()
        stream.note(sequence)
        if self._timed:
            self._deliver(datagram)

    def on_connected(self, _transport: PeerTransport) -> None:
        """The handshake is done."""
        self.connected.set()

    def on_closed(self, _transport: PeerTransport) -> None:
        """The server ended it: what is missing shows in the counts."""

    def on_rtp(self, _transport: PeerTransport, packet: bytes) -> None:
        """A timed packet carries when it was sent."""
        at = packet.rfind(MARK)
        if at >= 0:
            sent = struct.unpack_from("!Q", packet, at + len(MARK))[0]
            self.delays.append(self._arrived - sent / 1e9)

    def on_rtcp(self, _transport: PeerTransport, packet: bytes) -> None:
        """Reports are not needed."""

    def on_data(self, _transport: PeerTransport, label: str, payload: bytes) -> None:
        """Data is not needed."""


def _kernel_time(ancillary: Sequence[tuple[int, int, bytes]]) -> float:
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack("qq", data[:16])
            return float(seconds) + float(nanoseconds) / 1e9
    return time.time()
