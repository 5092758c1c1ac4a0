"""Members and their devices: a personal link to send, a card to print, browsers to let go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.committees.rules import Leaving, Member
from meetings.committees.service import NoSuchMember
from meetings.committees.service.codes import Code
from meetings.committees.service.links import Link
from meetings.committees.sign_in import Handed
from meetings.db.unit import UnitOfWork
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.kernel.months import zone_of
from meetings.kernel.text import date_text, time_text
from meetings.pages.desk import Desk
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.hall import qr

TOLD = source("Đường dẫn hoặc mã này đã trao rồi và chỉ hiện một lần. Nếu chưa kịp lưu, xin bấm lấy cái mới.")


class MemberPages:
    """`/c/{cell}/members…`, for who may hand over links."""

    def __init__(self, desk: Desk, public_url: str) -> None:
        self._desk, self._services = desk, desk.services
        self._public_url = public_url.rstrip("/")

    def routes(self) -> list[web.RouteDef]:
        """The list, and one member."""
        one = "/c/{cell}/members"
        return [
            web.get(one, self.show),
            web.post(f"{one}/cards", self.invite_all),
            web.get(f"{one}/{{member}}", self.show_one),
            web.post(f"{one}/{{member}}/link", self.invite),
            web.post(f"{one}/{{member}}/code", self.read_out),
            web.post(f"{one}/{{member}}/end", self.leave),
            web.post(f"{one}/{{member}}/devices/{{device}}/revoke", self.revoke),
            web.post(f"{one}/{{member}}/passkeys/{{passkey}}/revoke", self.revoke_passkey),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /c/{cell}/members."""
        return await self._list(request, None)

    async def invite_all(self, request: web.Request) -> web.StreamResponse:
        """POST …/cards: a card to print for everybody with a smartphone who never came in; told once."""
        asker, cell = asker_of(request), _cell_of(request)
        made: list[tuple[Member, Link]] = []

        async def act() -> None:
            async with self._services.units.read() as uow:
                _, _, roster, contacts = await self._read(uow, request)
            for one in _waiting(roster, contacts):
                made.append(
                    (one, await self._services.committees.links.invite(asker, cell, one.id, Handed.PAPER))
                )

        try:
            await self._desk.once.do(request, act)
        except Refused as refusal:
            return await self._list(request, refusal)
        return await self._cards(request, made)

    async def _cards(self, request: web.Request, made: list[tuple[Member, Link]]) -> web.StreamResponse:
        async with self._services.units.read() as uow:
            cell, name, _, _ = await self._read(uow, request)
            zone = zone_of(await committees.cell_zone(uow, cell))
        address = self._public_url or f"{request.scheme}://{request.host}"
        context = {
            "cell": cell,
            "cell_name": name,
            "cards": [
                (
                    one,
                    qr(f"{address}/l/{link.token}", scale=6),
                    date_text(link.expires_at.astimezone(zone).date()),
                )
                for one, link in made
            ],
            "told": TOLD,
            "here": f"/c/{cell}/members",
        }
        return self._desk.page(request, "cards.html", context)

    async def _list(self, request: web.Request, refusal: Refused | None) -> web.StreamResponse:
        async with self._services.units.read() as uow:
            cell, name, roster, contacts = await self._read(uow, request)
            may_import = await committees.holds(uow, asker_of(request), Act.IMPORT, cell)
        context = {
            "cell": cell,
            "cell_name": name,
            "people": [(one, contacts[one.person]) for one in roster],
            "may_import": may_import,
            "waiting": len(_waiting(roster, contacts)),
            "here": f"/c/{cell}/members",
        }
        return self._desk.page(request, "members.html", context, refusal=refusal)

    async def show_one(self, request: web.Request) -> web.StreamResponse:
        """GET …/{member}."""
        return await self._one(request)

    async def invite(self, request: web.Request) -> web.StreamResponse:
        """POST …/link: told once, on the answer to the form."""
        asker, cell, member = asker_of(request), _cell_of(request), parse_id(request.match_info["member"])
        filled, made = Filled(await request.post()), list[Link]()
        handed = filled.chosen("handed", Handed, Handed.PAPER)

        async def act() -> None:
            filled.check()
            made.append(await self._services.committees.links.invite(asker, cell, member, handed))

        try:
            await self._desk.once.do(request, act)
        except Refused as refusal:
            return await self._one(request, refusal=refusal)
        return await self._one(request, link=made[0] if made else None, handed=handed, again=not made)

    async def read_out(self, request: web.Request) -> web.StreamResponse:
        """POST …/code: six digits, told once on the answer to the form."""
        asker, member, made = asker_of(request), parse_id(request.match_info["member"]), list[Code]()

        async def act() -> None:
            made.append(await self._services.committees.codes.read_out(asker, member))

        try:
            await self._desk.once.do(request, act)
        except Refused as refusal:
            return await self._one(request, refusal=refusal)
        return await self._one(request, code=made[0] if made else None, again=not made)

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        """POST …/revoke: that browser is no longer remembered."""
        member, device = parse_id(request.match_info["member"]), parse_id(request.match_info["device"])

        async def act(_filled: Filled) -> None:
            await self._services.committees.links.revoke(asker_of(request), member, device)

        return await self._revoke(request, act)

    async def revoke_passkey(self, request: web.Request) -> web.StreamResponse:
        """POST …/passkeys/{passkey}/revoke: that key opens nothing any more."""
        member, passkey = parse_id(request.match_info["member"]), parse_id(request.match_info["passkey"])

        async def act(_filled: Filled) -> None:
            await self._services.committees.passkeys.revoke_of(asker_of(request), member, passkey)

        return await self._revoke(request, act)

    async def _revoke(
        self, request: web.Request, act: Callable[[Filled], Awaitable[None]]
    ) -> web.StreamResponse:
        to = f"/c/{_cell_of(request)}/members/{parse_id(request.match_info['member'])}"

        async def show(_filled: Filled, refusal: Refused | None) -> web.StreamResponse:
            return await self._one(request, refusal=refusal)

        return await self._desk.post(request, act, show, to)

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """POST …/end: the member leaves the cell with that day."""
        cell, member = _cell_of(request), parse_id(request.match_info["member"])

        async def act(filled: Filled) -> None:
            until = filled.day("until")
            reason = filled.chosen("reason", Leaving, Leaving.TRANSFERRED)
            paper = filled.line("paper")
            filled.check()
            asker = asker_of(request)
            await self._services.committees.leaving.end_membership(asker, member, until, reason, paper)

        async def show(filled: Filled, refusal: Refused | None) -> web.StreamResponse:
            return await self._one(request, refusal=refusal, filled=filled)

        return await self._desk.post(request, act, show, f"/c/{cell}/members")

    async def _one(
        self,
        request: web.Request,
        *,
        refusal: Refused | None = None,
        link: Link | None = None,
        code: Code | None = None,
        handed: Handed = Handed.PAPER,
        again: bool = False,
        filled: Filled | None = None,
    ) -> web.StreamResponse:
        wanted = parse_id(request.match_info["member"])
        async with self._services.units.read() as uow:
            cell, name, roster, contacts = await self._read(uow, request)
            may_end = await committees.holds(uow, asker_of(request), Act.IMPORT, cell)
            leaves = await committees.leaving_of(uow, wanted)
            zone = zone_of(await committees.cell_zone(uow, cell))
        found = next((one for one in roster if one.id == wanted), None)
        if found is None:
            raise NoSuchMember
        devices = await self._services.committees.links.devices(asker_of(request), wanted)
        address = self._public_url or f"{request.scheme}://{request.host}"
        url = f"{address}/l/{link.token}" if link else ""
        context = {
            "cell": cell,
            "cell_name": name,
            "member": found,
            "contact": contacts[found.person],
            "devices": [(one, date_text(one.seen_at.astimezone(zone).date())) for one in devices],
            "passkeys": await self._services.committees.passkeys.of_member(asker_of(request), wanted),
            "link": url,
            "digits": f"{code.digits[:3]} {code.digits[3:]}" if code else "",
            "code_until": time_text(code.expires_at, zone) if code else "",
            "domain": address.partition("//")[2],
            "until": date_text(link.expires_at.astimezone(zone).date()) if link else "",
            "on_paper": handed is Handed.PAPER,
            "picture": qr(url, scale=6) if url else "",
            "again": again,
            "told": TOLD,
            "may_end": may_end,
            "leaves": leaves,
            "leavings": list(Leaving),
            "here": f"/c/{cell}/members/{wanted}",
        }
        return self._desk.page(request, "member.html", context, filled=filled, refusal=refusal)

    async def _read(
        self, uow: UnitOfWork, request: web.Request
    ) -> tuple[Id, str, list[Member], dict[Id, committees.Contact]]:
        """Raises NoSuchOrg, NoPower."""
        cell = _cell_of(request)
        await committees.allow(uow, asker_of(request), Act.INVITE, cell)
        at = await committees.standpoint(uow, cell)
        roster = await committees.roster(uow, cell, at.today)
        return cell, at.org.name, roster, await committees.contacts(uow, cell)


def _waiting(roster: list[Member], contacts: dict[Id, committees.Contact]) -> list[Member]:
    """Who could come in by a card and never did."""
    known = [(one, contacts[one.person]) for one in roster]
    return [one for one, contact in known if contact.smartphone and not contact.account]


def _cell_of(request: web.Request) -> Id:
    return parse_id(request.match_info["cell"])
