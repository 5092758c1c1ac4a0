"""Health and settings as JSON."""

from __future__ import annotations

from meetings.health.service import HealthService
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, View

_TAGS = ("administration",)


class LookView(View):
    """One look: a stable name, whether it is well, what it means and what to do, in both languages."""

    name: str
    ok: bool
    vi: str
    en: str


class HealthView(View):
    """What needs somebody comes first."""

    findings: list[LookView]


class SettingView(View):
    """A setting in effect. `origin`: default, file, environment or command. `given`: whether a `secret` is set."""

    key: str
    value: str
    origin: str
    secret: bool
    given: bool


class SettingsView(View):
    """In the order of config.yaml; a change needs a restart."""

    settings: list[SettingView]


class HealthHandlers:
    """For whoever administers the top of this installation."""

    def __init__(self, service: HealthService) -> None:
        self._service = service

    async def read_health(self, call: Call[Body, Body]) -> HealthView:
        """GET /installation/health."""
        found = await self._service.look(call.asker)
        return HealthView(findings=[LookView.model_validate(one) for one in found])

    async def read_settings(self, call: Call[Body, Body]) -> SettingsView:
        """GET /installation/settings."""
        found = await self._service.settings(call.asker)
        return SettingsView(settings=[SettingView.model_validate(one) for one in found])

    def endpoints(self) -> list[Endpoint]:
        """What this storey serves."""
        return [
            Endpoint(
                method="GET",
                path="/installation/health",
                handler=self.read_health,
                summary="Phần mềm và máy có khỏe không, việc gì cần làm",
                answer=HealthView,
                tags=_TAGS,
            ),
            Endpoint(
                method="GET",
                path="/installation/settings",
                handler=self.read_settings,
                summary="Cấu hình đang dùng và lấy từ đâu, không có bí mật",
                answer=SettingsView,
                tags=_TAGS,
            ),
        ]
