"""HTTP of committees."""

from __future__ import annotations

from typing import TypeAlias

from meetings.committees.handlers.browser import Browsers
from meetings.committees.handlers.codes import CodeHandlers
from meetings.committees.handlers.orgs import OrgHandlers
from meetings.committees.handlers.outside import OutsideHandlers
from meetings.committees.handlers.passkeys import PasskeyHandlers
from meetings.committees.handlers.people import PeopleHandlers
from meetings.committees.handlers.sign_in import SignInHandlers
from meetings.committees.service import CommitteesService
from meetings.http.endpoint import Endpoint

_Part: TypeAlias = (
    SignInHandlers | CodeHandlers | PasskeyHandlers | OutsideHandlers | OrgHandlers | PeopleHandlers
)


class CommitteesHandlers:
    """Every JSON endpoint of the storey. `public_url`: see Browsers."""

    def __init__(self, service: CommitteesService, public_url: str = "") -> None:
        self._parts: tuple[_Part, ...] = (
            SignInHandlers(service, Browsers(public_url)),
            CodeHandlers(service, Browsers(public_url)),
            PasskeyHandlers(service, Browsers(public_url)),
            OutsideHandlers(service),
            OrgHandlers(service),
            PeopleHandlers(service),
        )

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        return [endpoint for part in self._parts for endpoint in part.endpoints()]
