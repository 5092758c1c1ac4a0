"""The storey as its root wires it: one object, its acts grouped by what they are about."""

from __future__ import annotations

from meetings.committees.ports import Provider
from meetings.committees.service.codes import CodeService
from meetings.committees.service.imports import ImportService
from meetings.committees.service.leaving import LeavingService
from meetings.committees.service.links import LinkService
from meetings.committees.service.orgs import OrgService
from meetings.committees.service.outside import OutsideService
from meetings.committees.service.passkeys import PasskeyService
from meetings.committees.service.patience import Patience
from meetings.committees.service.people import MemberRecord, PeopleService
from meetings.committees.service.sign_in import SignInService
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import Clock, SystemClock
from meetings.kernel.ids import Id


class CommitteesService:
    """`clock` tells real time, by which links and sessions live (architecture decision 10). `code_key`: under which
    codes are kept; without one, they end with the process. `provider`: who else says who somebody is."""

    def __init__(
        self,
        units: Units,
        *,
        clock: Clock | None = None,
        patience: Patience | None = None,
        code_key: bytes | None = None,
        provider: Provider | None = None,
    ) -> None:
        real, patience = clock or SystemClock(), patience or Patience()
        self.sign_in = SignInService(units, real, patience)
        self.codes = CodeService(units, real, patience, code_key)
        self.passkeys = PasskeyService(units, real, patience, code_key)
        self.outside = OutsideService(units, real, patience, code_key, provider)
        self.links = LinkService(units, real)
        self.orgs = OrgService(units)
        self.people = PeopleService(units)
        self.leaving = LeavingService(units, real)
        self.imports = ImportService(units)

    async def authenticate(self, cookie: str) -> Asker | None:
        """Who a session cookie stands for; None where nobody."""
        return await self.sign_in.authenticate(cookie)

    async def look_at_member(self, asker: Asker, member: Id) -> MemberRecord:
        """A member's whole record; the look is recorded unless it is their own."""
        return await self.people.look_at_member(asker, member)
