"""Server-rendered pages: each storey keeps its templates, addressed as storey/name.html."""

from __future__ import annotations

from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader, PrefixLoader, StrictUndefined

from meetings.http.language import language_of, translator
from meetings.http.safety import request_csrf

_HOUSE = Path(__file__).parent.parent
STATIC = "/static"


def set_up_templates(app: web.Application) -> None:
    """Templates of every storey that has some, and the static files. Text is escaped; unknown names fail."""
    found = sorted(folder.parent.name for folder in _HOUSE.glob("*/templates"))
    loaders = {name: FileSystemLoader(_HOUSE / name / "templates") for name in found}
    aiohttp_jinja2.setup(
        app,
        loader=PrefixLoader(loaders),
        context_processors=(_about,),
        autoescape=True,
        undefined=StrictUndefined,
    )
    app.router.add_static(STATIC, Path(__file__).parent / "static")


async def _about(request: web.Request) -> dict[str, object]:
    """What every template may use: `_` translates, `csrf` belongs into forms."""
    return {
        "_": translator(request),
        "language": language_of(request),
        "csrf": request_csrf(request),
        "static": STATIC,
    }
