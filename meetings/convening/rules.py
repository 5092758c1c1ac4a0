"""Pure words of meetings: kind, mode, standing, state. Separate facts (rules.md 1)."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What sort of sitting it is."""

    REGULAR = "regular"
    THEMATIC = "thematic"
    REGULAR_WITH_THEMATIC = "regular_with_thematic"
    EXTRAORDINARY = "extraordinary"
    COMMITTEE = "committee"
    CONGRESS = "congress"
    CEREMONY = "ceremony"
    ONLINE_SESSION = "online_session"
    PRACTICE = "practice"


class Mode(StrEnum):
    """How people gather."""

    IN_PERSON = "in_person"
    HYBRID = "hybrid"
    ONLINE = "online"


class Standing(StrEnum):
    """What a sitting counts for. A practice sitting has none: stored as `none`, absent by type elsewhere."""

    MANDATORY = "mandatory"
    ADDITIONAL = "additional"
    SUPPLEMENT = "supplement"
    NONE = "none"


class State(StrEnum):
    """States only go forward; `cancelled` is an end."""

    DRAFT = "draft"
    CONVENED = "convened"
    OPEN = "open"
    CLOSED = "closed"
    MINUTED = "minuted"
    SIGNED = "signed"
    CANCELLED = "cancelled"
