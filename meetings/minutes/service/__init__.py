"""Acts of the minutes: gather, write, approve, sign, verify."""

from meetings.minutes.certification_store import Issued
from meetings.minutes.service.certifying import Certifying
from meetings.minutes.service.deferring import DeferredSigning
from meetings.minutes.service.house import Believed, MinutesService
from meetings.minutes.service.papers import PapersService
from meetings.minutes.service.signers import Rewrapped, SigningKeys
from meetings.minutes.store import HeldKey

__all__ = [
    "Believed",
    "Certifying",
    "DeferredSigning",
    "HeldKey",
    "Issued",
    "MinutesService",
    "PapersService",
    "Rewrapped",
    "SigningKeys",
]
