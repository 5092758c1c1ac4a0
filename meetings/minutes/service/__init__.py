"""Acts of the minutes: gather, write, approve, sign, verify."""

from meetings.minutes.service.house import MinutesService
from meetings.minutes.service.signers import Rewrapped, SigningKeys
from meetings.minutes.store import HeldKey

__all__ = ["HeldKey", "MinutesService", "Rewrapped", "SigningKeys"]
