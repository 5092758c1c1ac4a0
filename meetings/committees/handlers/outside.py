"""JSON: accounts elsewhere. Linking and entering lead through the identity service's own pages: a browser's work."""

from __future__ import annotations

from datetime import datetime

from meetings.committees.service import CommitteesService
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Nothing, View
from meetings.kernel.ids import Id

_TAGS = ("sign-in",)


class AccountView(View):
    """An account elsewhere. `issuer` and `subject` name it."""

    id: Id
    issuer: str
    subject: str
    made_at: datetime
    used_at: datetime | None


class AccountsView(View):
    """In order of linking. `service`: what people call the identity service; empty: none is used here."""

    service: str
    accounts: list[AccountView]


class OutsideHandlers:
    """The asker's own."""

    def __init__(self, service: CommitteesService) -> None:
        self._service = service

    async def list_outside_accounts(self, call: Call[Body, Body]) -> AccountsView:
        """GET /me/outside-accounts."""
        found = await self._service.outside.mine(call.asker)
        accounts = [AccountView.model_validate(one) for one in found]
        return AccountsView(service=self._service.outside.name, accounts=accounts)

    async def unlink_outside_account(self, call: Call[Body, Body]) -> Nothing:
        """POST /me/outside-accounts/{account}/unlink."""
        await self._service.outside.unlink(call.asker, call.id("account"))
        return Nothing()

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        return [
            Endpoint(
                method="GET",
                path="/me/outside-accounts",
                handler=self.list_outside_accounts,
                summary="Tài khoản ngoài của tôi",
                answer=AccountsView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/me/outside-accounts/{account}/unlink",
                handler=self.unlink_outside_account,
                summary="Bỏ nối một tài khoản ngoài",
                tags=_TAGS,
            ),
        ]
