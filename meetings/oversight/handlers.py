"""Oversight over HTTP: JSON, plain tables, sheets."""

from __future__ import annotations

from aiohttp import web

from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body
from meetings.http.templates import render
from meetings.kernel.months import Month, Quarter
from meetings.kernel.scans import scan_name
from meetings.oversight import evidence_shapes, shapes, views
from meetings.oversight.cell_pages import cell_text
from meetings.oversight.pages import evidence_text
from meetings.oversight.service import CellAudit, KeptFile, OversightService, QuarterLook
from meetings.oversight.tables import moment_text, quarter_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TAG = ("oversight",)
_BASE = "/orgs/{org}/quarters/{quarter}"


class OversightHandlers:
    """What superiors read."""

    def __init__(self, service: OversightService) -> None:
        self._service = service

    async def read_quarter(self, call: Call[Body, shapes.QuarterQuery]) -> shapes.QuarterView:
        """GET /orgs/{org}/quarters/{quarter}."""
        return views.quarter_view(await self._look(call))

    async def read_installs(self, call: Call[Body, Body]) -> shapes.InstallsView:
        """GET /orgs/{org}/installs."""
        return views.installs_view(await self._service.installs(call.asker, call.id("org")))

    async def freeze_quarter(self, call: Call[Body, Body]) -> shapes.FrozenView:
        """POST …/snapshot."""
        quarter = Quarter.parse(call.part("quarter"))
        made = await self._service.freeze(call.asker, call.id("org"), quarter)
        return shapes.FrozenView.model_validate(made)

    async def read_snapshot(self, call: Call[Body, Body]) -> web.Response:
        """GET …/snapshot: the frozen bytes themselves."""
        quarter = Quarter.parse(call.part("quarter"))
        kept = await self._service.snapshot(call.asker, call.id("org"), quarter)
        headers = {"X-Sha256": kept.hash}
        return web.Response(body=kept.report.encode(), content_type="application/json", headers=headers)

    async def read_quarter_table(self, call: Call[Body, shapes.QuarterQuery]) -> web.Response:
        """GET …/table.html."""
        look = await self._look(call)
        frozen = None if look.frozen is None else moment_text(look.frozen.at)
        context = {
            "page": quarter_text(look.facts),
            "frozen": frozen,
            "since": look.since,
            "asked": call.query,
        }
        return render(call.request, "oversight/quarter.html", context)

    async def read_quarter_sheet(self, call: Call[Body, shapes.QuarterQuery]) -> web.Response:
        """GET …/table.xlsx."""
        from meetings.oversight.sheets import quarter_sheet  # noqa: PLC0415  openpyxl is heavy, and needed here alone

        look = await self._look(call)
        name = f"{look.facts['quarter']}.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=quarter_sheet(look.facts), content_type=XLSX, headers=headers)

    async def read_evidence(self, call: Call[Body, Body]) -> evidence_shapes.EvidenceView:
        """GET /meetings/{meeting}/evidence."""
        return views.evidence_view(await self._service.evidence(call.asker, call.id("meeting")))

    async def read_evidence_page(self, call: Call[Body, Body]) -> web.Response:
        """GET /meetings/{meeting}/evidence.html."""
        found = await self._service.evidence(call.asker, call.id("meeting"))
        return render(call.request, "oversight/evidence.html", {"page": evidence_text(found)})

    async def read_meeting_paper(self, call: Call[Body, Body]) -> web.Response:
        """GET /meetings/{meeting}/papers/{sha256}."""
        sha256 = call.part("sha256")
        return _paper(await self._service.file_of_meeting(call.asker, call.id("meeting"), sha256))

    async def read_month_paper(self, call: Call[Body, Body]) -> web.Response:
        """GET /cells/{cell}/months/{month}/papers/{sha256}."""
        month, sha256 = Month.parse(call.part("month")), call.part("sha256")
        return _paper(await self._service.file_of_month(call.asker, call.id("cell"), month, sha256))

    async def read_cell_audit(self, call: Call[Body, shapes.CellAuditQuery]) -> evidence_shapes.CellAuditView:
        """GET /cells/{cell}/audit."""
        return views.cell_view(await self._cell(call))

    async def read_cell_audit_page(self, call: Call[Body, shapes.CellAuditQuery]) -> web.Response:
        """GET /cells/{cell}/audit.html."""
        return render(call.request, "oversight/cell.html", {"page": cell_text(await self._cell(call))})

    async def _cell(self, call: Call[Body, shapes.CellAuditQuery]) -> CellAudit:
        until = Month.parse(call.query.until) if call.query.until else None
        return await self._service.cell(call.asker, call.id("cell"), until)

    async def read_ledger(self, call: Call[Body, shapes.LedgerQuery]) -> evidence_shapes.LedgerView:
        """GET /cells/{cell}/ledger."""
        query = call.query
        look = await self._service.ledger(call.asker, call.id("cell"), after=query.after, most=query.most)
        return views.ledger_view(look)

    async def _look(self, call: Call[Body, shapes.QuarterQuery]) -> QuarterLook:
        org, quarter = call.id("org"), Quarter.parse(call.part("quarter"))
        if call.query.snapshot:
            return await self._service.reprint(call.asker, org, quarter)
        return await self._service.quarter(call.asker, org, quarter)

    def endpoints(self) -> list[Endpoint]:
        """What this storey serves."""
        return [*self._quarters(), *self._files(), *self._evidence(), *self._papers()]

    def _quarters(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/orgs/{org}/installs",
                handler=self.read_installs,
                summary="Bao nhiêu đảng viên đã cài đặt, trên tổng số nào",
                answer=shapes.InstallsView,
                tags=_TAG,
            ),
            Endpoint(
                method="GET",
                path=_BASE,
                handler=self.read_quarter,
                summary="Báo cáo quý của một tổ chức đảng và cấp dưới",
                query=shapes.QuarterQuery,
                answer=shapes.QuarterView,
                tags=_TAG,
            ),
            Endpoint(
                method="POST",
                path=f"{_BASE}/snapshot",
                handler=self.freeze_quarter,
                summary="Chốt báo cáo quý; số liệu đến sau thành bổ sung",
                answer=shapes.FrozenView,
                status=201,
                tags=_TAG,
            ),
            Endpoint(
                method="GET",
                path=f"{_BASE}/snapshot",
                handler=self.read_snapshot,
                summary="Báo cáo đã chốt, nguyên từng byte",
                answer=shapes.QuarterView,
                tags=_TAG,
            ),
        ]

    def _files(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path=f"{_BASE}/table.html",
                handler=self.read_quarter_table,
                summary="Báo cáo quý dạng bảng",
                query=shapes.QuarterQuery,
                media="text/html",
                tags=_TAG,
            ),
            Endpoint(
                method="GET",
                path=f"{_BASE}/table.xlsx",
                handler=self.read_quarter_sheet,
                summary="Báo cáo quý dạng bảng tính",
                query=shapes.QuarterQuery,
                media=XLSX,
                tags=_TAG,
            ),
        ]

    def _evidence(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/evidence",
                handler=self.read_evidence,
                summary="Căn cứ của một buổi họp; người ngoài chi bộ xem thì được ghi lại",
                answer=evidence_shapes.EvidenceView,
                tags=_TAG,
            ),
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/evidence.html",
                handler=self.read_evidence_page,
                summary="Căn cứ của một buổi họp, dạng bảng",
                media="text/html",
                tags=_TAG,
            ),
            Endpoint(
                method="GET",
                path="/cells/{cell}/audit",
                handler=self.read_cell_audit,
                summary="Các buổi họp của một chi bộ theo tháng; người ngoài chi bộ xem thì được ghi lại",
                query=shapes.CellAuditQuery,
                answer=evidence_shapes.CellAuditView,
                tags=_TAG,
            ),
            Endpoint(
                method="GET",
                path="/cells/{cell}/audit.html",
                handler=self.read_cell_audit_page,
                summary="Các buổi họp của một chi bộ theo tháng, dạng bảng",
                query=shapes.CellAuditQuery,
                media="text/html",
                tags=_TAG,
            ),
            Endpoint(
                method="GET",
                path="/cells/{cell}/ledger",
                handler=self.read_ledger,
                summary="Nhật ký của chi bộ và chuỗi liên kết",
                query=shapes.LedgerQuery,
                answer=evidence_shapes.LedgerView,
                tags=_TAG,
            ),
        ]

    def _papers(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/papers/{sha256}",
                handler=self.read_meeting_paper,
                summary="Ảnh chụp biên bản giấy hoặc biên bản ký tay; người ngoài chi bộ mở thì được ghi lại",
                media="*/*",
                tags=_TAG,
            ),
            Endpoint(
                method="GET",
                path="/cells/{cell}/months/{month}/papers/{sha256}",
                handler=self.read_month_paper,
                summary="Bản chụp văn bản của cấp trên về tháng đó; người ngoài chi bộ mở thì được ghi lại",
                media="*/*",
                tags=_TAG,
            ),
        ]


def _paper(found: KeptFile) -> web.Response:
    headers = {"Content-Disposition": f'inline; filename="{scan_name(found.stem, found.kind)}"'}
    return web.Response(body=found.content, content_type=found.kind.value, headers=headers)
