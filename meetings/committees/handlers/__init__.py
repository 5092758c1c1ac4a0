"""HTTP of committees."""

from __future__ import annotations

from meetings.committees.handlers.browser import Browsers
from meetings.committees.handlers.codes import CodeHandlers
from meetings.committees.handlers.orgs import OrgHandlers
from meetings.committees.handlers.people import PeopleHandlers
from meetings.committees.handlers.sign_in import SignInHandlers
from meetings.committees.service import CommitteesService
from meetings.http.endpoint import Endpoint


class CommitteesHandlers:
    """Every JSON endpoint of the storey. `public_url`: see Browsers."""

    def __init__(self, service: CommitteesService, public_url: str = "") -> None:
        self._parts: tuple[SignInHandlers | CodeHandlers | OrgHandlers | PeopleHandlers, ...] = (
            SignInHandlers(service, Browsers(public_url)),
            CodeHandlers(service, Browsers(public_url)),
            OrgHandlers(service),
            PeopleHandlers(service),
        )

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        return [endpoint for part in self._parts for endpoint in part.endpoints()]
