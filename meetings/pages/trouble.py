""" "Kiểm tra máy": the line, the sound, the microphone, in plain words, for anybody."""

from __future__ import annotations

from aiohttp import web

from meetings.http.identity import ASKER
from meetings.http.language import source
from meetings.pages.browsers import is_inside_app
from meetings.pages.chime import chime
from meetings.pages.home import HelpLine, look_home
from meetings.pages.pen import Pen
from meetings.pages.sayings import in_script
from meetings.pages.services import PageServices
from meetings.pages.words import Words

SAYINGS = {
    "checking": source("Đang kiểm tra…"),
    "line_good": source("Đường truyền tốt. Xem hình và nghe tiếng đều được."),
    "line_slow": source("Đường truyền chậm. Nên chọn Chỉ nghe tiếng; biểu quyết vẫn được."),
    "line_poor": source(
        "Đường truyền rất yếu. Đồng chí thử ra chỗ thoáng, bật lại dữ liệu di động hoặc Wi-Fi; biểu quyết vẫn gửi"
        " được khi có mạng."
    ),
    "line_none": source("Không có mạng. Đồng chí bật dữ liệu di động hoặc Wi-Fi rồi bấm kiểm tra lại."),
    "sound_played": source("Vừa phát ba tiếng chuông. Đồng chí có nghe thấy không?"),
    "sound_refused": source(
        "Trình duyệt không phát được tiếng. Đồng chí mở trang này bằng Chrome hoặc Safari."
    ),
    "sound_yes": source("Tốt: máy này nghe được."),
    "sound_no": source(
        "Đồng chí bấm nút tăng âm lượng ở cạnh máy, tắt chế độ im lặng, rút tai nghe ra, rồi bấm nghe thử lại."
    ),
    "room_no": source(
        "Trình duyệt này cũ nên không vào phòng họp nghe được. Nội dung và biểu quyết vẫn làm được."
    ),
    "mic_asking": source("Máy hỏi có cho dùng mic không: đồng chí chọn Cho phép."),
    "mic_speak": source("Đồng chí nói thử một câu…"),
    "mic_good": source("Tốt: máy nghe rõ tiếng của đồng chí."),
    "mic_silent": source(
        "Mic bật nhưng không nghe thấy tiếng. Đồng chí nói to hơn, hoặc bỏ tay che mic rồi thử lại."
    ),
    "mic_refused": source(
        "Máy chưa cho trang này dùng mic. Vào cài đặt của trình duyệt, cho phép mic cho trang này, rồi thử lại."
    ),
    "mic_missing": source("Không tìm thấy mic trên máy này. Đồng chí vẫn nghe và biểu quyết được."),
    "mic_inside": source(
        "Trình duyệt nằm trong Zalo không cho dùng mic. Đồng chí mở trang bằng Chrome hoặc Safari."
    ),
    "mic_unsafe": source(
        "Trang này chưa mở bằng kết nối an toàn (https) nên máy không cho dùng mic. Đồng chí báo bí thư."
    ),
}


class TroublePages:
    """`/trouble` and its three notes; the page says nothing about anybody but whom to ring up."""

    def __init__(self, services: PageServices, pen: Pen) -> None:
        self._services, self._pen = services, pen
        self._notes = chime()

    def routes(self) -> list[web.RouteDef]:
        """The page, what it plays and what it measures the line by."""
        return [
            web.get("/trouble", self.show),
            web.get("/trouble/sound.wav", self.sound),
            web.get("/trouble/line", self.line, allow_head=False),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /trouble."""
        context = {
            "helpers": await self._helpers(request),
            "inside": is_inside_app(request.headers.get("User-Agent", "")),
            "sayings_json": in_script(Words(request), SAYINGS),
            "here": "/trouble",
        }
        return self._pen.page(request, "pages/trouble.html", context)

    async def sound(self, _request: web.Request) -> web.StreamResponse:
        """GET /trouble/sound.wav."""
        headers = {"Cache-Control": "public, max-age=86400"}
        return web.Response(body=self._notes, content_type="audio/wav", headers=headers)

    async def line(self, _request: web.Request) -> web.StreamResponse:
        """GET /trouble/line: nothing, never from a cache; how long it takes is what matters."""
        return web.Response(status=204)

    async def _helpers(self, request: web.Request) -> list[HelpLine]:
        if ASKER not in request:
            return []
        look = await look_home(self._services, request[ASKER])
        return [one.secretary for one in look.cells if one.secretary is not None]
