"""DTLS, SCTP and SRTP of one peer connection. Only here are private names of aiortc known."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

from aiortc import rtcdtlstransport
from aiortc.exceptions import InvalidStateError
from aiortc.rtcdatachannel import RTCDataChannel, RTCDataChannelParameters
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcsctptransport import InboundStream, RTCSctpCapabilities, RTCSctpTransport

from media_server import rtcp, srtp
from media_server.floods import Bucket
from media_server.ice import IceMux, IceSession
from media_server.sctp import is_bearable, within
from media_server.srtp import SrtpBox, is_rtcp

__all__ = [
    "LARGEST_MESSAGE",
    "LOSSY",
    "RELIABLE",
    "PeerTransport",
    "RTCCertificate",
    "missing_names",
    "new_certificate",
]

log = logging.getLogger(__name__)

RELIABLE = "_reliable"
LOSSY = "_lossy"
SCTP_PORT = 5000
LARGEST_MESSAGE = 65536  # bytes, told to clients as a=max-message-size
DTLS_BACKLOG = 256  # datagrams waiting for the handshake or for SCTP
MOST_WAITING = 256  # reliable messages kept until their channel opens
HANDSHAKE_WITHIN_S = 10.0
WINDOW = 256 * 1024  # bytes of unfinished messages held for a client
MOST_CHUNKS = 256  # and in so many chunks
MOST_STREAMS = 8
MOST_CHANNELS = 4  # data channels of one connection; SDKs open two or three
DATA_BURST_S = 8.0  # data of so many seconds at once
CHUNK_COST = 400  # bytes of data take as much time as a chunk does besides its own


class Peer(Protocol):
    """What a transport tells its owner. All are called on the event loop and must not raise."""

    def on_connected(self, transport: PeerTransport) -> None:
        """DTLS is up: media and data may flow."""

    def on_closed(self, transport: PeerTransport) -> None:
        """The other end closed DTLS, or the handshake failed."""

    def on_rtp(self, transport: PeerTransport, packet: bytes) -> None:
        """An authenticated RTP packet arrived."""

    def on_rtcp(self, transport: PeerTransport, packet: bytes) -> None:
        """An authenticated RTCP compound arrived."""

    def on_data(self, transport: PeerTransport, label: str, payload: bytes) -> None:
        """A message arrived on a data channel."""


SCTP_STATE = (
    "_advertised_rwnd _last_received_tsn _sack_needed _sack_misordered _sack_duplicates"
    " _inbound_streams _data_channels _sent_queue"
)
SCTP_NAMES = (
    "_handle_data _send_chunk _transmit _receive_data_chunk _receive_sack_chunk _mark_received"
    " _get_inbound_stream _receive"
)


def missing_names() -> list[str]:
    """Names of the pinned libraries that this file needs and that are not there. Must be empty to start."""
    needed: tuple[tuple[str, Any, str], ...] = (
        ("RTCDtlsTransport", RTCDtlsTransport, "_set_role _setup_srtp _register_data_receiver _recv_next"),
        ("rtcdtlstransport", rtcdtlstransport, "SRTP_AEAD_AES_128_GCM SRTP_AES128_CM_SHA1_80 SRTP_PROFILES"),
        ("RTCSctpTransport", RTCSctpTransport, SCTP_NAMES),
        ("RTCDataChannel", RTCDataChannel, "bufferedAmount"),
    )
    found = [f"{where}.{n}" for where, owner, names in needed for n in names.split() if not hasattr(owner, n)]
    return found + _missing_attributes() + srtp.missing_names() + rtcp.missing_names()


def new_certificate() -> RTCCertificate:
    """A self-signed certificate valid for 30 days; sessions are told its fingerprint by SDP."""
    return RTCCertificate.generateCertificate()


def sha256_fingerprint(certificate: RTCCertificate) -> str:
    """The value of `a=fingerprint:sha-256`."""
    return next(each.value for each in certificate.getFingerprints() if each.algorithm == "sha-256")


class _DtlsPipe:
    """Stands in for aiortc's ICE transport: carries DTLS datagrams only."""

    role = "controlling"
    state = "completed"

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[bytes] = asyncio.Queue(DTLS_BACKLOG)
        self.begun = asyncio.Event()
        self.send: Callable[[bytes], None] = lambda _: None
        self.closed = False

    def put(self, datagram: bytes) -> None:
        self.begun.set()
        if not self.inbox.full():
            self.inbox.put_nowait(datagram)

    async def _recv(self) -> bytes:
        if self.closed:
            raise ConnectionError
        datagram = await self.inbox.get()
        await asyncio.sleep(0)  # a queue that is not empty would keep everybody else waiting
        return datagram

    async def _send(self, datagram: bytes) -> None:
        if self.closed:
            raise ConnectionError
        self.send(datagram)


class _Sctp(RTCSctpTransport):
    """Survives malformed chunks and late timers, and does and holds only so much for the other end.

    Data for which there is no place is not acknowledged: an honest client sends it again, and more slowly.
    """

    closed = False

    def __init__(self, dtls: RTCDtlsTransport, bytes_per_s: int) -> None:
        super().__init__(dtls)
        self._advertised_rwnd = WINDOW
        self._allowed = Bucket(bytes_per_s, bytes_per_s * DATA_BURST_S)
        self._complained = False

    async def _handle_data(self, data: bytes) -> None:
        try:
            if is_bearable(data):
                await super()._handle_data(data)
            else:
                self._complain("Unbearable")
        except ConnectionError:
            raise
        except Exception as problem:  # whatever a hostile peer's chunk provokes ends with that chunk
            self._complain(type(problem).__name__)

    def _complain(self, problem: str) -> None:
        if not self._complained:
            self._complained = True
            log.warning("SCTP chunks dropped", extra={"problem": problem})

    async def _receive_data_chunk(self, chunk: Any) -> None:
        self._sack_needed = True
        if self._has_room(chunk):
            await super()._receive_data_chunk(chunk)

    def _has_room(self, chunk: Any) -> bool:
        """What comes in order has a reserve of one message: what waits behind it can go then."""
        if self._last_received_tsn is None:
            return False
        held = sum(len(each.reassembly) for each in self._inbound_streams.values())
        reserve = MOST_CHUNKS, LARGEST_MESSAGE
        if chunk.tsn != (self._last_received_tsn + 1) % 2**32:
            reserve = 0, 0
            held = max(held, len(self._sack_misordered))
        fits = held < MOST_CHUNKS + reserve[0] and self._advertised_rwnd + reserve[1] > 0
        return fits and self._allowed.take(time.monotonic(), len(chunk.user_data) + CHUNK_COST)

    async def _receive_sack_chunk(self, chunk: Any) -> None:
        chunk.gaps = list(within(chunk.gaps, len(self._sent_queue)))  # gone through number by number
        await super()._receive_sack_chunk(chunk)

    def _mark_received(self, tsn: int) -> bool:
        """Whether it had come before. The library would sort all that is ahead for each that comes."""
        last, ahead = self._last_received_tsn or 0, self._sack_misordered
        if (last - tsn) % 2**32 < 2**31 or tsn in ahead:
            self._sack_duplicates.append(tsn)
            return True
        ahead.add(tsn)
        while (following := (last + 1) % 2**32) in ahead:
            ahead.discard(following)
            last = following
        self._last_received_tsn = last
        return False

    def _get_inbound_stream(self, stream_id: int) -> Any:
        if stream_id not in self._inbound_streams and len(self._inbound_streams) >= MOST_STREAMS:
            raise ValueError("too many streams")
        return super()._get_inbound_stream(stream_id)

    async def _receive(self, stream_id: int, pp_id: int, data: bytes) -> None:
        """Channels beyond the few are never opened, so nothing that comes on them is listened to."""
        if stream_id in self._data_channels or len(self._data_channels) < MOST_CHANNELS:
            await super()._receive(stream_id, pp_id, data)

    async def _send_chunk(self, chunk: Any) -> None:
        if self.closed:
            return
        with contextlib.suppress(ConnectionError):
            await super()._send_chunk(chunk)

    async def _transmit(self) -> None:
        if not self.closed:  # a transmission already scheduled would arm the T3 timer for ever
            await super()._transmit()


class PeerTransport:
    """One DTLS association over one ICE session. A server is the passive side, a bench's client the other."""

    def __init__(
        self,
        mux: IceMux,
        certificate: RTCCertificate,
        peer: Peer,
        *,
        opens: Sequence[str] = (),
        role: Literal["server", "client"] = "server",
    ) -> None:
        self._pipe = _DtlsPipe()
        self.ice = IceSession(mux, self._pipe.put, self._on_srtp)
        self._pipe.send = self._send_dtls
        self._peer = peer
        self._opens = opens
        self._turns = mux.handshakes
        self.traffic = mux.traffic
        self._data_bytes = mux.caps.data_bytes
        self._dtls = RTCDtlsTransport(self._pipe, [certificate])  # type: ignore[arg-type] # duck-typed ICE transport
        self._dtls._set_role(role)
        self._awaited = role == "server"  # the other side begins
        self._dtls._srtp_profiles = _profiles()
        self._sctp: _Sctp | None = None
        self._channels: dict[str, RTCDataChannel] = {}
        self._waiting: list[bytes] = []
        self._box: SrtpBox | None = None
        self._task: asyncio.Task[None] | None = None
        self.fingerprint = sha256_fingerprint(certificate)
        self.connected = False

    def start(self, fingerprints: Mapping[str, str], *, data: bool) -> None:
        """Begin the handshake once. `fingerprints` maps algorithm to value; others are refused by DTLS."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(dict(fingerprints), data=data))

    def send_rtp(self, packet: bytes) -> bool:
        """Protect and send; False if the transport is not up."""
        if self._box is None:
            return False
        protected = self._box.protect(packet)
        if protected is not None:
            self.ice.send(protected)
        return protected is not None

    def send_rtcp(self, packet: bytes) -> None:
        """Protect and send a compound."""
        if self._box is not None:
            protected = self._box.protect_rtcp(packet)
            if protected is not None:
                self.ice.send(protected)

    def send_data(self, label: str, payload: bytes) -> bool:
        """Queue a message; False if it is lost. What must be reliable waits for its channel to open."""
        channel = self._channels.get(label)
        if channel is None or channel.readyState != "open":
            waits = label == RELIABLE and len(self._waiting) < MOST_WAITING
            if waits:
                self._waiting.append(payload)
            return waits
        with contextlib.suppress(InvalidStateError):
            channel.send(payload)
            return True
        return False

    def data_backlog(self, label: str) -> int:
        """Bytes queued on a channel and not yet sent."""
        channel = self._channels.get(label)
        return channel.bufferedAmount if channel else 0

    def _send_dtls(self, datagram: bytes) -> None:
        self.ice.send(datagram)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for payload in waiting:
            self.send_data(RELIABLE, payload)

    async def close(self) -> None:
        """End DTLS and SCTP, free the path. Safe to call twice."""
        self.connected = False
        self._box = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._sctp is not None:
            await _quietly(self._sctp.stop())
            self._sctp.closed = True
        await _quietly(self._dtls.stop())
        self._pipe.closed = True
        self.ice.close()

    async def _run(self, fingerprints: Mapping[str, str], *, data: bool) -> None:
        remote = RTCDtlsParameters(
            [RTCDtlsFingerprint(algorithm=a, value=v) for a, v in fingerprints.items()]
        )
        await self._handshake(remote)
        if self._dtls.state != "connected":
            self._peer.on_closed(self)
            return
        self._box = SrtpBox(self._dtls._rx_srtp, self._dtls._tx_srtp)
        self._dtls.on("statechange", self._on_state)
        if data:
            await self._start_sctp()
        self.connected = True
        self._peer.on_connected(self)

    async def _handshake(self, remote: RTCDtlsParameters) -> None:
        """A client that has begun waits its turn; one that does not go on loses it."""
        if self._awaited:
            await self._pipe.begun.wait()
        with contextlib.suppress(TimeoutError):
            async with self._turns, asyncio.timeout(HANDSHAKE_WITHIN_S):
                await self._dtls.start(remote)

    async def _start_sctp(self) -> None:
        self._sctp = _Sctp(self._dtls, self._data_bytes)
        self._sctp.on("datachannel", self._adopt)
        await self._sctp.start(RTCSctpCapabilities(maxMessageSize=LARGEST_MESSAGE), SCTP_PORT)
        for label in self._opens:
            lossy = label == LOSSY
            parameters = RTCDataChannelParameters(
                label=label, ordered=not lossy, maxRetransmits=0 if lossy else None
            )
            channel = RTCDataChannel(self._sctp, parameters)
            self._adopt(channel)

    def _adopt(self, channel: RTCDataChannel) -> None:
        label = channel.label
        if label not in (RELIABLE, LOSSY):
            return
        self._channels[label] = channel
        if label == RELIABLE:
            if channel.readyState == "open":  # the client opened it
                self._flush()
            else:
                channel.on("open", self._flush)

        def receive(message: bytes | str) -> None:
            if isinstance(message, bytes):
                self._peer.on_data(self, label, message)

        channel.on("message", receive)

    def _on_state(self) -> None:
        if self._dtls.state in ("closed", "failed") and self.connected:
            self.connected = False
            self._peer.on_closed(self)

    def _on_srtp(self, datagram: bytes) -> None:
        box = self._box
        if box is None:
            return
        if is_rtcp(datagram):
            packet = box.unprotect_rtcp(datagram)
            if packet is not None:
                self._peer.on_rtcp(self, packet)
        else:
            packet = box.unprotect(datagram)
            if packet is not None:
                self._peer.on_rtp(self, packet)


def _profiles() -> list[Any]:
    """AES-128-GCM first: the default order prefers AES-256-GCM, which costs more per packet."""
    wanted = [rtcdtlstransport.SRTP_AEAD_AES_128_GCM, rtcdtlstransport.SRTP_AES128_CM_SHA1_80]
    return [each for each in wanted if each in rtcdtlstransport.SRTP_PROFILES]


async def _quietly(act: Awaitable[None]) -> None:
    with contextlib.suppress(ConnectionError, InvalidStateError):
        await act


def _missing_attributes() -> list[str]:
    """Names that only instances have."""
    dtls = RTCDtlsTransport(_DtlsPipe(), [new_certificate()])  # type: ignore[arg-type] # duck-typed ICE transport
    wanted = ((dtls, "_srtp_profiles _rx_srtp _tx_srtp"), (InboundStream(), "reassembly"))
    found = [f"{type(o).__name__}.{n}" for o, names in wanted for n in names.split() if not hasattr(o, n)]
    made = RTCSctpTransport.__init__.__code__.co_names  # it is made on a running loop only
    return found + [f"RTCSctpTransport.{each}" for each in SCTP_STATE.split() if each not in made]
