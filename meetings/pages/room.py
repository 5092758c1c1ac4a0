"""The room of a meeting: what is discussed, the votes, and the sound where the browser has scripts."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from meetings.http.language import source
from meetings.kernel.errors import NotSignedIn
from meetings.kernel.ids import new_id, parse_id
from meetings.pages.assets import Assets, nonce, policy
from meetings.pages.ballots import late, outcome, receipt
from meetings.pages.browsers import is_inside_app
from meetings.pages.forms import asker_of
from meetings.pages.live import HEARTBEAT_S
from meetings.pages.pen import Pen
from meetings.pages.room_look import RoomLook, look_at_room
from meetings.pages.sayings import TIMER, in_script
from meetings.pages.services import PageServices
from meetings.pages.words import Words
from meetings.rooms.passing import seen_from
from meetings.voting.rules import Choice

# What the scripts say, by name (braces are filled by them).
SAYINGS = {
    "chosen": source("Đã chọn"),
    "sending": source("Đang gửi…"),
    "waiting": source("Chưa gửi được, chưa được ghi nhận. Máy sẽ tự gửi khi có mạng."),
    "waiting_until": source(
        "Chưa gửi được, chưa được ghi nhận. Máy sẽ tự gửi khi có mạng; nếu đến sau {until} thì không được tính."
        " Nếu ở hội trường, kết quả tính theo giơ tay."
    ),
    "refused": source("Chưa gửi được (mã {status}). Xin mở lại trang rồi thử lại."),
    "hand_waits": source("Mất mạng nên chưa giơ tay được. Khi có mạng, xin bấm lại."),
    "reconnecting": source("Đang nối lại…"),
    "joining": source("Đang vào phòng…"),
    "gave_up": source("Mạng mất quá lâu nên đã ngừng nối lại. Khi có mạng, bấm để nghe tiếp."),
    "outdated": source(
        "Phần mềm vừa được cập nhật. Xin bấm nút nghe lần nữa để tải lại trang, rồi bấm để nghe."
    ),
    "left": source("Đã rời phòng họp. Muốn nghe tiếp thì bấm để nghe."),
    "vote_opened": source("Đang biểu quyết"),
    "hall": source("Tại hội trường: {count}"),
    "people": source("Đang nối: {count}"),
    "answered": source("{count} đồng chí đã trả lời bằng máy"),
    "speaking": source("đang phát biểu"),
    "speaking_more": source("và {count} đồng chí khác đang phát biểu"),
    "mode_picture": source("Tiếng và hình"),
    "mode_sound": source("Chỉ nghe tiếng"),
    "mode_follow": source("Chỉ theo dõi"),
    "stepped_down": source(
        "Mạng yếu nên đã tắt hình để tiếng nghe rõ. Muốn xem hình thì chọn lại ở góc trên."
    ),
    "mic_on": source("Bật mic"),
    "mic_off": source("Tắt mic"),
    "mic_refused": source(
        "Máy chưa cho trang này dùng mic nên chưa nói được; vẫn nghe được. Xin cho phép mic trong cài đặt của trình"
        " duyệt."
    ),
    "mic_missing": source("Không tìm thấy mic trên máy này. Đồng chí vẫn nghe được."),
}


class RoomPages:
    """GET /m/{meeting}/room. `media_address()`: where the browser finds the media server; empty: none runs."""

    def __init__(
        self,
        services: PageServices,
        pen: Pen,
        assets: Assets,
        media_address: Callable[[], str],
        public_url: str = "",
    ) -> None:
        self._services, self._pen, self._assets = services, pen, assets
        self._public_url = public_url
        self._media_address = media_address

    def routes(self) -> list[web.RouteDef]:
        """Its one page; its forms are those of the meeting's page."""
        return [web.get("/m/{meeting}/room", self.show_room)]

    async def show_room(self, request: web.Request) -> web.StreamResponse:
        """Signed out: how to sign in."""
        try:
            asker = asker_of(request)
        except NotSignedIn:
            return self._pen.signed_out(request, status=401)
        look = await look_at_room(self._services, asker, parse_id(request.match_info["meeting"]))
        address, style = seen_from(request, self._media_address(), self._public_url), nonce()
        page = self._pen.page(request, "pages/room.html", self._context(request, look, address, style))
        page.headers["Content-Security-Policy"] = policy(style, address)
        return page

    def _context(self, request: web.Request, look: RoomLook, address: str, style: str) -> dict[str, object]:
        words, meeting = Words(request), look.meeting
        scripts = self._assets.scripts
        return {
            "room": look,
            "look": meeting,
            "votes": [
                (
                    one,
                    receipt(words, meeting.sitting, one),
                    late(words, meeting.sitting, one),
                    outcome(words, one),
                )
                for one in meeting.votes
            ],
            "choices": tuple(Choice),
            "scripts": scripts,
            "with_sound": scripts is not None and bool(address),
            "me": asker_of(request).person,
            "new_id": new_id,
            "nonce": style,
            "inside": is_inside_app(request.headers.get("User-Agent", "")),
            "heartbeat": int(HEARTBEAT_S),
            "save_data": request.headers.get("Save-Data", "") == "on",
            "sayings": {name: words.say(text) for name, text in SAYINGS.items()},
            "sayings_json": in_script(words, SAYINGS | TIMER),
            "here": f"/m/{meeting.sitting.id}/room",
        }
