"""The OpenAPI 3.1 document, generated from the endpoints that are served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from meetings.http.endpoint import Endpoint
from meetings.http.idempotency import HEADER
from meetings.http.identity import COOKIE
from meetings.http.shapes import Body, ProblemView

_PATH = {
    "month": {"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$"},
    "quarter": {"type": "string", "pattern": "^20[0-9]{2}-Q[1-4]$"},
}
_REF = "#/components/schemas/{model}"


class TwoOfAName(ValueError):
    """Two operations or two shapes share a name: a programming error."""


def document(endpoints: Sequence[Endpoint], *, version: str) -> dict[str, Any]:
    """The whole document as JSON-ready data. Raises TwoOfAName."""
    _refuse_repeated([endpoint.handler.__name__ for endpoint in endpoints])
    models = {m for e in endpoints for m in (e.answer, e.body, e.query)} | {ProblemView}
    _refuse_repeated([model.__name__ for model in models])
    ordered = sorted(models, key=lambda m: m.__name__)
    _, schemas = models_json_schema([(model, _side(model)) for model in ordered], ref_template=_REF)
    _refuse_qualified(schemas.get("$defs", {}))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.url, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "chibo",
            "version": version,
            "description": "Sinh hoạt chi bộ, từ báo họp đến biên bản đã ký. Buổi trực tuyến chỉ là bổ trợ.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": COOKIE}},
        },
    }


def _refuse_repeated(names: Sequence[str]) -> None:
    if twice := sorted(name for name, count in Counter(names).items() if count > 1):
        raise TwoOfAName(", ".join(twice))


def _refuse_qualified(names: Iterable[str]) -> None:
    """Shapes inside shapes that share a name come out under that of their module."""
    if twice := sorted(name for name in names if "__" in name):
        raise TwoOfAName(", ".join(twice))


def _side(model: type[BaseModel]) -> Any:
    return "validation" if issubclass(model, Body) else "serialization"


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.handler.__name__,
        "summary": endpoint.summary,
        "tags": list(endpoint.tags),
        "parameters": _parameters(endpoint),
        "responses": {
            str(endpoint.status): _answer(endpoint),
            "default": _content("Từ chối", ProblemView, "application/problem+json"),
        },
        "security": [] if endpoint.anyone else [{"session": []}],
    }
    if endpoint.writes:
        operation["requestBody"] = {"required": True, **_media(endpoint.body, "application/json")}
    return operation


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    uuid = {"type": "string", "format": "uuid"}
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _PATH.get(name, uuid)}
        for name in endpoint.path_names()
    ]
    shape = endpoint.query.model_json_schema(ref_template=_REF)
    needed = shape.get("required", [])
    found += [
        {"name": name, "in": "query", "required": name in needed, "schema": schema}
        for name, schema in shape.get("properties", {}).items()
    ]
    if endpoint.writes and not endpoint.own_key:
        found.append({"name": HEADER, "in": "header", "required": False, "schema": uuid})
    return found


def _answer(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.media != "application/json":
        return {"description": "Tệp", "content": {endpoint.media: {}}}
    return _content("Kết quả", endpoint.answer, "application/json")


def _content(description: str, model: type[BaseModel], kind: str) -> dict[str, Any]:
    return {"description": description, **_media(model, kind)}


def _media(model: type[BaseModel], kind: str) -> dict[str, Any]:
    return {"content": {kind: {"schema": {"$ref": _REF.format(model=model.__name__)}}}}
