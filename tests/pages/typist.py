"""Somebody who fills in whole forms, as a browser without JavaScript sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.pages.reader import Page, Reader

_BUTTON = "button"


@dataclass
class Form:
    """A form of a page. `fields` are what would be sent; `buttons` what its named buttons would add."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside = False
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(action=said["action"]))
            self.inside = True
        elif self.inside and tag in {"input", "textarea", "select", "option", _BUTTON}:
            self._field(tag, said)

    def _field(self, tag: str, said: dict[str, str]) -> None:
        form, name = self.forms[-1], said.get("name", "")
        if tag == "input" and self._counts(said):
            form.fields[name] = said.get("value", "")
        elif tag == _BUTTON and name:
            form.buttons.append((name, said.get("value", "")))
        elif tag == "textarea":
            self.area, form.fields[name] = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and (self.select not in form.fields or "selected" in said):
            form.fields[self.select] = said["value"]

    def _counts(self, said: dict[str, str]) -> bool:
        if said.get("type") in {"radio", "checkbox"}:
            return "checked" in said
        return said.get("type") != "file"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            # The newline right after the tag is no part of the text.
            self.forms[-1].fields[self.area] += (
                data.removeprefix("\n") if not self.forms[-1].fields[self.area] else data
            )


def forms_of(page: Page) -> list[Form]:
    """Every form of the page."""
    parser = _Forms()
    parser.feed(page.html)
    return parser.forms


def form_of(page: Page, action: str) -> Form:
    """The first form with that address."""
    found = [one for one in forms_of(page) if one.action == action]
    assert found, f"no form {action} on {page.url}: {[one.action for one in forms_of(page)]}"
    return found[0]


class Typist:
    """Goes through pages by their forms."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    async def fill(self, page: Page, action: str, **typed: str) -> Page:
        """Fill in that form over what it holds, and send it. Underscores in names stand for dashes."""
        return await self.reader.send(action, **{**form_of(page, action).fields, **typed})
