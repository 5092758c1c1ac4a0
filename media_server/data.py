"""Data packets between participants: who sent it is decided here, never by the sender."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from google.protobuf.message import DecodeError
from livekit.protocol import models

NOT_RELAYED = (None, "speaker", "metrics", "transcription")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who really sent it. A hidden sender stays nameless."""

    sid: str
    identity: str
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Relayed:
    """A packet ready to go out. No `identities` and `sids`: for everyone else. `sequence` 0: not numbered."""

    payload: bytes
    identities: frozenset[str]
    sids: frozenset[str]
    sequence: int

    def is_for(self, identity: str, sid: str) -> bool:
        """Whether this participant is addressed."""
        if not self.identities and not self.sids:
            return True
        return identity in self.identities or sid in self.sids


def relay(message: bytes, sender: Sender, *, lossy: bool) -> Relayed | None:
    """Stamp the true sender on a participant's packet; None if it is malformed or of a kind not relayed."""
    packet = models.DataPacket()
    try:
        packet.ParseFromString(message)
    except DecodeError:
        return None
    if packet.WhichOneof("value") in NOT_RELAYED:
        return None
    shown = Sender(sid="", identity="") if sender.hidden else sender
    packet.kind = models.DataPacket.LOSSY if lossy else models.DataPacket.RELIABLE
    packet.participant_sid = shown.sid
    packet.participant_identity = shown.identity
    return _addressed(packet, shown)


def from_server(
    payload: bytes,
    topic: str | None,
    *,
    lossy: bool,
    identities: Iterable[str],
    sids: Iterable[str],
    nonce: bytes,
) -> Relayed:
    """A packet of the server API: it has no sender, and no topic if None is given."""
    packet = models.DataPacket(
        kind=models.DataPacket.LOSSY if lossy else models.DataPacket.RELIABLE,
        destination_identities=identities,
        user=models.UserPacket(payload=payload, topic=topic, destination_sids=sids, nonce=nonce),
    )
    return _addressed(packet, Sender(sid="", identity=""))


def _addressed(packet: models.DataPacket, sender: Sender) -> Relayed:
    identities = set(packet.destination_identities)
    sids: set[str] = set()
    if packet.HasField("user"):
        user = packet.user
        user.participant_sid = sender.sid
        user.participant_identity = sender.identity
        identities = identities or set(user.destination_identities)
        sids = set(user.destination_sids)
    return Relayed(
        payload=packet.SerializeToString(),
        identities=frozenset(identities),
        sids=frozenset(sids),
        sequence=packet.sequence,
    )
