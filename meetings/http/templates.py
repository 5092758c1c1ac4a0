"""Server-rendered pages: each storey keeps its templates, addressed as storey/name.html."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader, PrefixLoader, StrictUndefined

from meetings.http.language import language_of, remember_language, translator
from meetings.http.safety import request_csrf
from meetings.http.styles import STYLES, Styles

_HOUSE = Path(__file__).parent.parent


def set_up_templates(app: web.Application) -> None:
    """Templates of every storey that has some, and the style sheets. Text is escaped; unknown names fail."""
    found = sorted(folder.parent.name for folder in _HOUSE.glob("*/templates"))
    loaders = {name: FileSystemLoader(_HOUSE / name / "templates") for name in found}
    aiohttp_jinja2.setup(
        app,
        loader=PrefixLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # a template changes with the version of the house
    )
    app[STYLES] = Styles(Path(__file__).parent / "static")
    app.add_routes(app[STYLES].routes())


def has_templates(request: web.Request) -> bool:
    """Whether the application that answers can render pages."""
    return aiohttp_jinja2.APP_KEY in request.config_dict


def render(
    request: web.Request, template: str, context: Mapping[str, object], *, status: int = 200
) -> web.Response:
    """A page. Beside `context` every template may use `_` (translates), `language`, `style`, `here` (the
    page's own path) and `csrf`, which belongs into every form. A language just chosen is remembered."""
    about = {
        "_": translator(request),
        "language": language_of(request),
        "csrf": request_csrf(request),
        "style": request.config_dict[STYLES].address,
        "here": "/" + request.rel_url.raw_path.lstrip("/"),
    }
    response = aiohttp_jinja2.render_template(template, request, {**about, **context}, status=status)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.enable_compression(web.ContentCoding.gzip)
        response.headers["Vary"] = "Accept-Encoding"
    remember_language(request, response)
    return response
