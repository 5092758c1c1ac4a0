"""What the operator decides, read once at start."""

from meetings.settings.errors import BadSetting
from meetings.settings.load import Origin, load, origins
from meetings.settings.model import Settings
from meetings.settings.secrets import Secrets, database_url, open_secrets, owner_url

__all__ = [
    "BadSetting",
    "Origin",
    "Secrets",
    "Settings",
    "database_url",
    "load",
    "open_secrets",
    "origins",
    "owner_url",
]
