"""DTLS, SCTP and SRTP of one peer connection. Only here are private names of aiortc and pylibsrtp known."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

import pylibsrtp
from aiortc import rtcdtlstransport
from aiortc.exceptions import InvalidStateError
from aiortc.rtcdatachannel import RTCDataChannel, RTCDataChannelParameters
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport
from pylibsrtp import _binding as srtp

from media_server.ice import IceMux, IceSession

__all__ = [
    "LARGEST_MESSAGE",
    "LOSSY",
    "RELIABLE",
    "PeerTransport",
    "RTCCertificate",
    "SrtpBox",
    "is_rtcp",
    "missing_names",
    "new_certificate",
]

log = logging.getLogger(__name__)

RELIABLE = "_reliable"
LOSSY = "_lossy"
SCTP_PORT = 5000
LARGEST_MESSAGE = 65536  # bytes, told to clients as a=max-message-size
SRTP_BUFFER = 2048  # bytes: the longest datagram and the longest trailer fit
SHORTEST, LONGEST = 8, SRTP_BUFFER - 256  # bytes of a packet before its trailer
DTLS_BACKLOG = 256  # datagrams waiting for the handshake or for SCTP
MOST_WAITING = 256  # reliable messages kept until their channel opens
HANDSHAKE_WITHIN_S = 10.0
OK = 0  # srtp_err_status_ok


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


def missing_names() -> list[str]:
    """Names of the pinned libraries that this file needs and that are not there. Must be empty to start."""
    needed: tuple[tuple[str, Any, str], ...] = (
        ("RTCDtlsTransport", RTCDtlsTransport, "_set_role _setup_srtp _register_data_receiver _recv_next"),
        ("rtcdtlstransport", rtcdtlstransport, "SRTP_AEAD_AES_128_GCM SRTP_AES128_CM_SHA1_80 SRTP_PROFILES"),
        ("RTCSctpTransport", RTCSctpTransport, "_handle_data _send_chunk _transmit"),
        ("RTCDataChannel", RTCDataChannel, "bufferedAmount"),
        ("pylibsrtp._binding", srtp, "ffi lib"),
        (
            "pylibsrtp._binding.lib",
            srtp.lib,
            "srtp_protect srtp_protect_rtcp srtp_unprotect srtp_unprotect_rtcp",
        ),
    )
    found = [f"{where}.{n}" for where, owner, names in needed for n in names.split() if not hasattr(owner, n)]
    return found + _missing_attributes()


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
        return await self.inbox.get()

    async def _send(self, datagram: bytes) -> None:
        if self.closed:
            raise ConnectionError
        self.send(datagram)


class _Sctp(RTCSctpTransport):
    """Survives malformed chunks, and timers that fire after the transport is gone."""

    closed = False

    async def _handle_data(self, data: bytes) -> None:
        try:
            await super()._handle_data(data)
        except ConnectionError:
            raise
        except Exception as problem:  # whatever a hostile peer's chunk provokes ends with that chunk
            log.warning("SCTP chunk dropped", extra={"problem": type(problem).__name__})

    async def _send_chunk(self, chunk: Any) -> None:
        if self.closed:
            return
        with contextlib.suppress(ConnectionError):
            await super()._send_chunk(chunk)

    async def _transmit(self) -> None:
        if not self.closed:  # a transmission already scheduled would arm the T3 timer for ever
            await super()._transmit()


class SrtpBox:
    """Protects and unprotects in one preallocated buffer. A result is good until the next call."""

    def __init__(self, receive: pylibsrtp.Session, transmit: pylibsrtp.Session) -> None:
        self._keep = (receive, transmit)
        self._rx = receive._srtp[0]
        self._tx = transmit._srtp[0]
        self._cdata = srtp.ffi.new("char[]", SRTP_BUFFER)
        self._view = memoryview(srtp.ffi.buffer(self._cdata))
        self._length = srtp.ffi.new("int *")

    def protect(self, packet: bytes) -> memoryview | None:
        """None if the packet cannot be protected (too long, or the library refuses). The hottest of all."""
        size = len(packet)
        if not SHORTEST <= size <= LONGEST:
            return None
        self._view[:size] = packet
        self._length[0] = size
        if srtp.lib.srtp_protect(self._tx, self._cdata, self._length) != OK:
            return None
        return self._view[: self._length[0]]

    def protect_rtcp(self, packet: bytes) -> memoryview | None:
        """The same for RTCP."""
        return self._run(srtp.lib.srtp_protect_rtcp, self._tx, packet)

    def unprotect(self, packet: bytes) -> bytes | None:
        """None if the packet is forged, replayed or malformed."""
        view = self._run(srtp.lib.srtp_unprotect, self._rx, packet)
        return None if view is None else bytes(view)

    def unprotect_rtcp(self, packet: bytes) -> bytes | None:
        """The same for RTCP."""
        view = self._run(srtp.lib.srtp_unprotect_rtcp, self._rx, packet)
        return None if view is None else bytes(view)

    def _run(self, function: Callable[..., int], context: Any, packet: bytes) -> memoryview | None:
        size = len(packet)
        if not SHORTEST <= size <= LONGEST:
            return None
        self._view[:size] = packet
        self._length[0] = size
        if function(context, self._cdata, self._length) != OK:
            return None
        return self._view[: self._length[0]]


def is_rtcp(packet: bytes) -> bool:
    """Second byte 192..223 (RFC 5761, April 2010, section 4)."""
    return len(packet) > 1 and 192 <= packet[1] <= 223


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
        self._sctp = _Sctp(self._dtls)
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
        self._channels[channel.label] = channel
        label = channel.label
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
    session = pylibsrtp.Session()
    wanted = ((dtls, "_srtp_profiles"), (dtls, "_rx_srtp"), (dtls, "_tx_srtp"), (session, "_srtp"))
    return [f"{type(owner).__name__}.{name}" for owner, name in wanted if not hasattr(owner, name)]
