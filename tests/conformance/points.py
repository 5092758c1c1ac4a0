"""What the suite shows, point by point, and why a cell may differ between servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

POINTS: Mapping[int, str] = {
    1: "Tokens checked at the validate addresses",
    2: "Connecting, by the older and the newer path",
    3: "A tone passes with its frequency and level",
    4: "A picture passes with its size and colour",
    5: "Simulcast: the highest layer arrives, a lower one on demand",
    6: "Muting and unmuting",
    7: "Muting from outside; unmuting from outside is refused",
    8: "Data: reliable, lossy, to some, under the sender's true name",
    9: "Text streams, byte streams and calls (RPC)",
    10: "Who comes late finds the tracks",
    11: "Four people publish and unpublish three times",
    12: "Subscribing and unsubscribing at will",
    13: "Grants: publish, subscribe, data, hidden",
    14: "The publisher says who may listen",
    15: "A second device takes the place of the first",
    16: "Removal and the end of a room give their reasons",
    17: "A cut signal connection is resumed, without loss",
    18: "A killed client is gone after a while",
    19: "Server API: every call, what is absent, what is not allowed",
    20: "Webhooks: set, order, signature",
    21: "Limits: participants, empty and departure timeouts",
    22: "Name, metadata and attributes",
    23: "Who speaks",
    24: "Vietnamese names everywhere",
    25: "Falling back to the older path where the newer one is missing",
}

UNRELIABLE: Set[tuple[int, str, str, str]] = {(11, "livekit-server", "Firefox", "single")}  # see DIFFERENCES

DIFFERENCES: Sequence[tuple[str, str]] = (
    (
        "Calls on somebody absent",
        (
            "SendData, UpdateSubscriptions and MutePublishedTrack on a room or participant that is not there are "
            "`unavailable` (503) on livekit-server: it asks the node that would hold it over its message bus, and "
            "nobody answers. The embedded server knows all its rooms and says `not_found` (404), as both do for all "
            "other calls. An application has to treat the two alike."
        ),
    ),
    (
        "Passing participants on",
        (
            "ForwardParticipant and MoveParticipant need several rooms' media on one message bus. The open "
            "livekit-server has them only in name and says `unavailable`; the embedded one says `unimplemented`."
        ),
    ),
    (
        "Recording, ingress, SIP",
        (
            'livekit-server without Redis says `internal` (500, "redis required"); the embedded server says '
            "`unimplemented` (501) and names what is missing. Both refuse."
        ),
    ),
    (
        "A killed client",
        (
            "The embedded server counts 15 s of silence; livekit-server waits for ICE to be disconnected and then to "
            "fail, 20 to 30 s. Both are within what the point asks."
        ),
    ),
    (
        "Firefox",
        (
            "It gathers no candidate on loopback, so it cannot reach an embedded server at 127.0.0.1, which, "
            "being ICE-lite, never asks first; livekit-server asks first and is reached. For Firefox the suite "
            "therefore puts the media of the embedded server at the machine's own address, where no such limit "
            "is. Over TCP it is reached too. Firefox runs no AudioContext without a sound device: there its false"
            " microphone gives the tone, and what it hears is judged by its level alone."
        ),
    ),
    (
        "Firefox and tracks that come back",
        (
            "In the single mode, when three people publish together for the second time, Firefox gets no packet of "
            "one of them from livekit-server 1.13.5 in half of the runs; from the embedded server it hears all three. "
            "The suite leaves this one test out and says so in the table."
        ),
    ),
    (
        "Somebody removed",
        (
            "On the embedded server a token issued before RemoveParticipant lets its holder in no more as long as the "
            "room is there (decision 10); livekit-server only ends the connection."
        ),
    ),
    (
        "Hidden people",
        (
            "On the embedded server they may not publish, and a room's `num_participants` leaves them out. "
            "livekit-server lets them publish and counts them."
        ),
    ),
    (
        "A room that is full or closed to somebody",
        ("The embedded server says so at the validate address (403); livekit-server only while connecting."),
    ),
    (
        "Agents",
        (
            "There is no dispatch of agents. Who comes with the kind of an agent is let in and takes no place of the "
            "room's, but its transcriptions (`transcription` packets) are not relayed."
        ),
    ),
    (
        "A wish for a track that is not there yet",
        (
            "UpdateSubscription with the sid of a track that was not published is answered with "
            "`SE_TRACK_NOTFOUND` by the embedded server and forgotten; livekit-server keeps the wish for a while."
        ),
    ),
    (
        "Not there",
        (
            "Data tracks (`publish_data_track`) are refused as unsupported. There is no TURN server: media go over UDP "
            "or ICE-TCP. Simulcast layers are chosen by their size only, not by temporal layers within one."
        ),
    ),
    (
        "Codecs",
        (
            "livekit-server negotiates VP9, AV1, H.264 and RTX as well; the embedded server forwards Opus and VP8. "
            "Clients choose VP8 by themselves when told so in the join answer."
        ),
    ),
)
