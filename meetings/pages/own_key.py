"""What the page of signing gives its script: whose key it is to hold."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.kernel.ids import Id
from meetings.minutes.service.signers import KeyStanding
from meetings.pages.assets import Assets


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnKeyLook:
    """`public`, `home`: of the key that the server knows of; empty where there is none."""

    script: str
    me: Id
    public: str
    home: str


def own_key(me: Id, assets: Assets, key: KeyStanding | None) -> OwnKeyLook | None:
    """None where the pages were built without scripts: keys are then made under a passphrase."""
    scripts = assets.scripts
    if scripts is None:
        return None
    home = key.home.value if key else ""
    return OwnKeyLook(script=scripts.signing, me=me, public=key.public if key else "", home=home)
