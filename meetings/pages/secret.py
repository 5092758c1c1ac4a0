"""Secret votes on devices: the member's page, and what the secretary presses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import orjson
from aiohttp import web
from markupsafe import Markup

from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.pages.assets import Assets
from meetings.pages.desk import Desk, meeting_of, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.words import Words
from meetings.voting.secrecy import Mark, NoSuchSecretVote
from meetings.voting.secret import SecretLook

# What the script says, by where the member stands.
SAYINGS = {
    "not_yours": source("Phiếu kín trên máy chỉ dành cho đồng chí được biểu quyết có mặt tại hội trường."),
    "another_phone": source("Đồng chí đã nhận phiếu trên một máy khác. Mỗi đồng chí chỉ có một phiếu."),
    "wrong_key": source(
        "Khóa không khớp nên máy này dừng lại, không nhận phiếu. Xin báo ngay cho hội nghị và bỏ phiếu giấy."
    ),
    "paper": source("Hội nghị đã chuyển sang phiếu giấy."),
    "too_late": source("Đã hết lúc nhận phiếu. Đồng chí chưa nhận phiếu thì xin bỏ phiếu giấy."),
    "over": source("Đã kiểm phiếu xong."),
    "ready": source("Đã nhận phiếu. Chờ bí thư bắt đầu bỏ phiếu; xin để trang này mở."),
    "compare": source("So mã này với mã trên màn hình của hội trường."),
    "choose": source("Xin chọn một."),
    "held": source("Đang giữ cùng các phiếu khác, chưa được ghi nhận. Xin để trang này mở."),
    "recorded": source("Phiếu đã được ghi nhận."),
    "counted": source("Phiếu của đồng chí đã được tính. Máy này đã xóa phiếu."),
    "not_counted": source("Phiếu của máy này không có trong các phiếu được tính. Xin báo cho hội nghị."),
    "no_line": source("Chưa nối được với máy chủ. Máy sẽ tự thử lại."),
}


class SecretPages:
    """`/m/{meeting}/secret/{vote}` and the secretary's forms beside `/m/{meeting}/questions/{vote}`."""

    def __init__(self, desk: Desk, assets: Assets) -> None:
        self._desk, self._services, self._assets = desk, desk.services, assets

    def routes(self) -> list[web.RouteDef]:
        """The booth; casting begins, ends, or is set aside."""
        one = "/m/{meeting}/questions/{vote}"
        return [
            web.get("/m/{meeting}/secret/{vote}", self.show),
            web.post(f"{one}/casting", self.start),
            web.post(f"{one}/stop", self.stop),
            web.post(f"{one}/to-paper", self.to_paper),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET …/secret/{vote}: the member's page."""
        look = await self._look(request)
        words = Words(request)
        sayings = orjson.dumps({name: words.say(text) for name, text in SAYINGS.items()}).decode()
        context = {
            "look": look,
            "sitting": {"id": look.stored.vote.meeting},
            "me": asker_of(request).person,
            "marks": tuple(Mark),
            "script": self._assets.address("secret"),
            "sayings": Markup(sayings.replace("<", "\\u003c")),  # noqa: S704  escaped just here
        }
        return self._desk.pen.page(request, "pages/secret.html", context)

    async def start(self, request: web.Request) -> web.StreamResponse:
        """POST …/casting."""
        asker, vote = asker_of(request), _vote_of(request)

        async def act(filled: Filled) -> None:
            minutes = filled.number("minutes", 1, 60)
            filled.check()
            await self._services.voting.secret.start_casting(asker, vote, minutes)

        return await self._post(request, act)

    async def stop(self, request: web.Request) -> web.StreamResponse:
        """POST …/stop."""
        asker, vote = asker_of(request), _vote_of(request)

        async def act(_filled: Filled) -> None:
            await self._services.voting.secret.end_casting(asker, vote)

        return await self._post(request, act)

    async def to_paper(self, request: web.Request) -> web.StreamResponse:
        """POST …/to-paper: on to the new question."""
        asker, vote, meeting = asker_of(request), _vote_of(request), meeting_of(request)

        async def act(_filled: Filled) -> str:
            made = await self._services.voting.secret.set_aside(asker, vote, minutes=30)
            return f"/m/{meeting}/questions/{made.vote.id}"

        return await self._post(request, act)

    async def _post(
        self, request: web.Request, act: Callable[[Filled], Awaitable[str | None]]
    ) -> web.StreamResponse:
        to = f"/m/{meeting_of(request)}/questions/{_vote_of(request)}"

        async def refused(_filled: Filled, refusal: Refused | None) -> web.StreamResponse:
            if refusal is not None:
                raise refusal
            return see(to)

        return await self._desk.post(request, act, refused, to)

    async def _look(self, request: web.Request) -> SecretLook:
        look = await self._services.voting.secret.look(asker_of(request), _vote_of(request))
        if look.stored.vote.meeting != meeting_of(request):
            raise NoSuchSecretVote
        return look


def _vote_of(request: web.Request) -> Id:
    return parse_id(request.match_info["vote"])
