"""An issued paper signed by hand: its scan comes back, is hashed and witnessed, as that of minutes."""

from __future__ import annotations

from meetings.committees.powers import Act as Power
from meetings.convening import service as convening
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.minutes import store
from meetings.minutes.ink import InkRecord, sha256_hex
from meetings.minutes.papers.places import places_of
from meetings.minutes.papers.reading import from_json
from meetings.minutes.service.by_hand import OnPaper, keep_ink, witness_of
from meetings.minutes.service.paper_seats import SignedByHand, is_signed, issued_in
from meetings.minutes.service.signers import AlreadySigned


class PaperInk:
    """Beside the keys that sign papers: the other way, and as good."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def sign(
        self, asker: Asker, meeting: Id, paper: Id, scan: bytes, witness: Id | None = None
    ) -> InkRecord:
        """The scan of the paper, signed by all who stand under it. `witness`: as of minutes.

        Raises NoSuchPaper, SignedByHand, AlreadySigned, ScanTooLarge, NotAScan, OwnWitness, NotOfThisCell, NoPower.
        """
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.ENTER_LATE, meeting, lock=True)
            issued = await issued_in(uow, meeting, paper)
            places = places_of(from_json(issued.data))
            if await store.ink(uow.session, paper) is not None:
                raise SignedByHand
            if await is_signed(uow, paper):
                raise AlreadySigned
            signers = tuple(one.member for one in places.values())
            signed = OnPaper(about=paper, printed="", data=issued.data, signers=signers)
            ink = await keep_ink(uow, sitting, signed, scan, await witness_of(uow, sitting, actor, witness))
            said = {"scan": ink.scan, "data": sha256_hex(issued.data), "record": ink.fingerprint()}
            act = Act(
                cell=sitting.cell,
                name="papers.ink",
                actor=actor.person,
                meeting=meeting,
                subject=paper,
                public=said,
            )
            await record(uow, act)
            return ink
