"""Acts of the minutes: gather, write, approve, sign, verify."""

from meetings.minutes.certification_store import Issued
from meetings.minutes.service.archive import ArchiveService
from meetings.minutes.service.certifying import Certifying
from meetings.minutes.service.deferring import DeferredSigning
from meetings.minutes.service.house import MinutesService
from meetings.minutes.service.made import Believed
from meetings.minutes.service.papers import PapersService
from meetings.minutes.service.signers import Rewrapped, SigningKeys
from meetings.minutes.service.strangers import OpenVerifier
from meetings.minutes.service.tokens import TokenSigning
from meetings.minutes.store import HeldKey

__all__ = [
    "ArchiveService",
    "Believed",
    "Certifying",
    "DeferredSigning",
    "HeldKey",
    "Issued",
    "MinutesService",
    "OpenVerifier",
    "PapersService",
    "Rewrapped",
    "SigningKeys",
    "TokenSigning",
]
