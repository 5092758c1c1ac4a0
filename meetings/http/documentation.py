"""The OpenAPI document and the sign of life, served."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

import orjson
from aiohttp import web

from meetings.http.endpoint import API, Endpoint
from meetings.http.openapi import document


def routes(endpoints: Sequence[Endpoint]) -> list[web.RouteDef]:
    """GET /api/v1/openapi.json and /healthz, open to anyone."""
    made = orjson.dumps(document(endpoints, version=_version()), option=orjson.OPT_INDENT_2)

    async def openapi(_request: web.Request) -> web.Response:
        return web.Response(body=made, content_type="application/json")

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    return [web.get(f"{API}/openapi.json", openapi), web.get("/healthz", healthz)]


def _version() -> str:
    try:
        return version("chibo")
    except PackageNotFoundError:
        return "0"
