"""One's own signing key is made where it is needed: on the pages that sign minutes and other papers."""

from __future__ import annotations

from aiohttp import web

from meetings.http.language import source
from meetings.pages.desk import Desk
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.own_key import secret_of

NOT_THE_SAME = source("Hai lần gõ mật khẩu chưa giống nhau.")


async def make_key(desk: Desk, request: web.Request, filled: Filled) -> None:
    """Under the passphrase that was typed twice. Raises Unfit and what SigningKeys raises."""
    asker, keys = asker_of(request), desk.services.minutes.keys
    secret = secret_of(filled, "new")
    if secret != secret_of(filled, "again"):
        filled.wrong("again", NOT_THE_SAME)
    filled.check()
    await desk.once.do_ahead(
        request, lambda: keys.make_ahead(asker, secret), lambda key: keys.keep(asker, key)
    )
