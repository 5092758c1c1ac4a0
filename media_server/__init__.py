"""Embedded LiveKit-compatible media server: one process, no outside traffic."""

VERSION = "1.13.5"  # the livekit-server release whose behaviour is followed; clients refuse an empty one
