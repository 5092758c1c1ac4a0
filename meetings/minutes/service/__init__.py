"""Acts of the minutes: gather, write, approve, sign, verify."""

from meetings.minutes.service.house import Believed, MinutesService
from meetings.minutes.service.signers import SigningKeys

__all__ = ["Believed", "MinutesService", "SigningKeys"]
