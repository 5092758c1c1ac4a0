"""What participants are told of a room, as messages of the protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from livekit.protocol import models, rtc

from media_server.participant import Participant
from media_server.speakers import Speaking

Hears = Callable[[Participant, str], bool]


def tell_speakers(
    speaking: Iterable[Speaking], receivers: Iterable[Participant], hears: Hears | None
) -> None:
    """Tell who speaks; `hears` tells whether a receiver may know of a speaker (None: everybody may)."""
    told = list(speaking)
    if not told:
        return
    everything = _speakers(told)
    for receiver in receivers:
        if hears is None:
            receiver.send_bytes(everything)
        elif known := [each for each in told if hears(receiver, each.sid)]:
            receiver.send_bytes(everything if len(known) == len(told) else _speakers(known))


def update(infos: Iterable[models.ParticipantInfo]) -> rtc.SignalResponse:
    """How participants are now."""
    return rtc.SignalResponse(update=rtc.ParticipantUpdate(participants=infos))


def leave(reason: int, action: int) -> rtc.SignalResponse:
    """Why a participant must go, and what its client is to do then."""
    request = rtc.LeaveRequest(
        reason=models.DisconnectReason.Name(reason), action=rtc.LeaveRequest.Action.Name(action)
    )
    return rtc.SignalResponse(leave=request)


def _speakers(speaking: Iterable[Speaking]) -> bytes:
    infos = [models.SpeakerInfo(sid=each.sid, level=each.level, active=each.active) for each in speaking]
    changed = rtc.SpeakersChanged(speakers=infos)
    return rtc.SignalResponse(speakers_changed=changed).SerializeToString()
