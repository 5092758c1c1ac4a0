"""Server-rendered pages: each storey keeps its templates, addressed as storey/name.html."""

from __future__ import annotations

from collections.abc import Mapping
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
        autoescape=True,
        undefined=StrictUndefined,
    )
    app.router.add_static(STATIC, Path(__file__).parent / "static")


def render(
    request: web.Request, template: str, context: Mapping[str, object], *, status: int = 200
) -> web.Response:
    """A page. Beside `context` every template may use `_` (translates), `language`, `static`, and `csrf`,
    which belongs into every form."""
    about = {
        "_": translator(request),
        "language": language_of(request),
        "csrf": request_csrf(request),
        "static": STATIC,
    }
    return aiohttp_jinja2.render_template(template, request, {**about, **context}, status=status)
