"""`chibo link --card N`: a new sign-in link, made at the machine for whoever cannot enter any more."""

from __future__ import annotations

import argparse
import asyncio

from meetings.cli.installation import alone, check_installed, sample_argument, settings_of, writing
from meetings.committees.roster_fields import card_of, tidy
from meetings.committees.service import CommitteesService
from meetings.committees.service.links import Link
from meetings.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whose link."""
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--card", metavar="NUMBER", help="số thẻ đảng viên / the party card's number")
    who.add_argument("--name", metavar="NAME", help="họ và tên đầy đủ / the full name")
    sample_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the link, once. Raises BadField, NoSuchPerson, SeveralPersons, NoInstallation, InUse, SchemaBehind."""
    card = card_of(options.card) if options.card else None
    name = tidy(options.name) if options.name else None
    settings = settings_of(options)
    check_installed(settings)
    with alone(settings):
        person, link = asyncio.run(new_link(settings, card, name))
    print(f"{person}: {address(settings)}/l/{link.token}")
    print("Dùng một lần, trên máy của chính người ấy. / Opens once, in that person's own browser.")
    return 0


async def new_link(settings: Settings, card: str | None, name: str | None) -> tuple[str, Link]:
    """In the serving database of these settings; the ledger says that the operator made it."""
    async with writing(settings) as units:
        return await CommitteesService(units).links.by_operator(card=card, name=name)


def address(settings: Settings) -> str:
    """Where browsers find this installation."""
    return settings.http.public_url.rstrip("/") or f"http://{settings.http.host}:{settings.http.port}"
