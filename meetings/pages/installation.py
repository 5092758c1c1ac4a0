"""How this installation does, and its settings, for who administers it: read only, no names of members."""

from __future__ import annotations

from itertools import groupby

from aiohttp import web

from meetings.committees.rules import Role
from meetings.health.service import HealthService
from meetings.http.language import language_of, source
from meetings.pages.desk import Desk
from meetings.pages.forms import asker_of
from meetings.settings import Origin
from meetings.settings.shown import Shown

HEALTH, SETTINGS = "/installation", "/installation/settings"
LOOKS = {
    "database": source("Cơ sở dữ liệu"),
    "media": source("Âm thanh của phòng họp"),
    "notices": source("Tin báo"),
    "log": source("Sổ ghi chung"),
    "witness": source("Nơi làm chứng"),
    "python": source("Phần mềm nền"),
    "clock": source("Đồng hồ của máy"),
    "fonts": source("Phông chữ của biên bản"),
    "disk": source("Chỗ trống trên đĩa"),
    "authorities": source("Nơi cấp chữ ký số"),
    "backup": source("Bản sao lưu"),
}
SECTIONS = {
    "": source("Chung"),
    "data": source("Nơi cất dữ liệu"),
    "database": source("Cơ sở dữ liệu"),
    "http": source("Địa chỉ của phần mềm"),
    "tls": source("Kết nối mã hóa"),
    "livekit": source("Máy chủ LiveKit riêng"),
    "media": source("Máy chủ âm thanh đi kèm"),
    "clock": source("Đồng hồ"),
    "rules": source("Cách ghi văn bản"),
    "tsa": source("Dấu thời gian"),
    "external": source("Nơi cấp chữ ký số bên ngoài"),
    "oidc": source("Đăng nhập bằng tài khoản ngoài"),
    "log": source("Nơi làm chứng cho sổ ghi chung"),
    "limits": source("Giới hạn"),
    "secrets": source("Khóa bí mật"),
}
ORIGINS = {
    Origin.DEFAULT: source("mặc định"),
    Origin.FILE: source("tệp config.yaml"),
    Origin.ENVIRONMENT: source("biến môi trường"),
    Origin.COMMAND: source("dòng lệnh khi khởi động"),
}


class InstallationPages:
    """`/installation` and `/installation/settings`."""

    def __init__(self, desk: Desk, health: HealthService) -> None:
        self._desk, self._health = desk, health

    def routes(self) -> list[web.RouteDef]:
        """Two pages, no form."""
        return [web.get(HEALTH, self.show_health), web.get(SETTINGS, self.show_settings)]

    async def show_health(self, request: web.Request) -> web.StreamResponse:
        """GET /installation: looked at anew each time."""
        found = await self._health.look(asker_of(request))
        english = language_of(request) == "en"
        context = {
            "found": [(one, LOOKS[one.name], one.en if english else one.vi) for one in found],
            "amiss": sum(not one.ok for one in found),
            "here": HEALTH,
        }
        return self._desk.page(request, "installation.html", context)

    async def show_settings(self, request: web.Request) -> web.StreamResponse:
        """GET /installation/settings."""
        asker = asker_of(request)
        found = await self._health.settings(asker)
        me = await self._desk.services.committees.people.me(asker)
        context = {
            "sections": [(SECTIONS[name], tuple(some)) for name, some in groupby(found, _section)],
            "origins": ORIGINS,
            "orgs": [
                (one.org, me.org_names[one.org]) for one in me.mandates if one.role is Role.ADMINISTRATOR
            ],
            "here": SETTINGS,
        }
        return self._desk.page(request, "settings.html", context)


def _section(one: Shown) -> str:
    return one.section
