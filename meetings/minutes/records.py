"""What the minutes state, as frozen records: whole numbers and text only, so that their JSON is canonical.

Lists of names come sorted by given name from the caller (meetings.kernel.text.name_key). Field names are the
names in `bien-ban.json`; a changed meaning needs a new FORMAT.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from meetings.committees.rules import Category
from meetings.convening.rules import Kind, Mode, Standing
from meetings.kernel.clock import check_aware
from meetings.kernel.ids import Id
from meetings.kernel.months import DEFAULT_ZONE, zone_of
from meetings.kernel.text import date_text, time_text

FORMAT = "chibo-minutes/1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """An instant: UTC as ISO 8601 with Z, and as people of the cell read it (24/11/2026, 19:30)."""

    utc: str
    day: str
    time: str


def moment_of(instant: datetime, zone: str = DEFAULT_ZONE) -> Moment:
    """The instant as the minutes write it, whole seconds. Raises ValueError when naive, BadZone."""
    local = zone_of(zone)
    utc = check_aware(instant).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    return Moment(utc=utc, day=date_text(instant.astimezone(local).date()), time=time_text(instant, local))


@dataclass(frozen=True, kw_only=True, slots=True)
class Officer:
    """The chair or the recorder of this sitting; `position` as printed, such as "Bí thư chi bộ"."""

    member: Id
    name: str
    position: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Guest:
    """Someone outside every base and rate."""

    name: str
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Attendee:
    """A member who was there, in the hall or by phone; `note` such as "đến 19:52"."""

    member: Id
    name: str
    category: Category
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Absentee:
    """A member expected in the hall who was not there. Those who listened by phone are among them."""

    member: Id
    name: str
    excused: bool
    reason: str
    by_phone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """a out of b: both sets are always shown (attendance rate, fees paid)."""

    part: int
    whole: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Minimum:
    """Official members of the base in the hall against what is asked; `set_by` empty.

    The software's default.
    """

    present: int
    required: int
    set_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attendance:
    """Who was there. `roll` counts the whole cell by category.

    Categories without a member may be left out.
    """

    roll: Mapping[str, int]
    hall: tuple[Attendee, ...] = ()
    by_phone: tuple[Attendee, ...] = ()
    absent: tuple[Absentee, ...] = ()
    away_absent: int = 0
    exempt_absent: int = 0
    rate: Share | None = None
    minimum: Minimum | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """Answers counted in one place."""

    favour: int
    against: int
    abstain: int


@dataclass(frozen=True, kw_only=True, slots=True)
class VoteFacts:
    """One vote. In a supplement `counted`, `base`, `needed`, `absent` and `passed` are None: opinions only.

    `reserved`: who keeps a minority opinion, and its words (Điều lệ Đảng, article 9).
    `devices` is what those in the hall answered on their own devices: it confirms `counted`, no more. `person`: the
    one it is about.
    """

    id: Id
    question: str
    form: str
    explanation: str = ""
    base: int | None = None
    needed: int | None = None
    counted: Tally | None = None
    absent: int | None = None
    passed: bool | None = None
    opinions: Tally | None = None
    devices: Tally | None = None
    late: int = 0
    reserved: tuple[str, ...] = ()
    person: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MotionFacts:
    """What a member moved: `words` as it is read out, `outcome` what the meeting did with it."""

    number: int
    member: str
    words: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemFacts:
    """One item of the agenda as it went. `planned` and times may be missing when entered from paper. `reserved`: as
    of a vote, where the item was concluded without one. `draft`: the draft resolution as it stood at the end."""

    id: Id
    title: str
    planned: int
    presenter: str = ""
    started: Moment | None = None
    ended: Moment | None = None
    speakers: tuple[str, ...] = ()
    conclusion: str = ""
    votes: tuple[VoteFacts, ...] = ()
    reserved: tuple[str, ...] = ()
    motions: tuple[MotionFacts, ...] = ()
    draft: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Work given to someone at the sitting; `due` as 30/11/2026."""

    title: str
    assignee: str
    due: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LookedBack:
    """Work given before: `due` as it stood when the sitting asked, `found` what it found, in words."""

    title: str
    assignee: str
    due: str
    found: str
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreLine:
    """One criterion: points out of `most`; `measured` as "95/90 phút", empty where people judged; `note`: why the
    points differ from what was measured; `waits`: nobody could know yet, so it is in no sum."""

    title: str
    points: int
    most: int
    measured: str = ""
    note: str = ""
    waits: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreFacts:
    """How the sitting was scored, and by whose criteria (`set_by` empty: the project's default, an unsure source)."""

    lines: tuple[ScoreLine, ...]
    total: int
    rank: str
    citation: str
    set_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Supplemented:
    """The mandatory sitting that a supplement belongs to."""

    meeting: Id
    day: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitting:
    """Which sitting it was. `month` and `quarter` as 2026-11 and 2026-Q4; times stated and of the device.

    `approved`: when the minutes were read out in the sitting and approved by it (a supplement approves nothing);
    `fixed`: when words and figures were fixed for print, mostly later.
    """

    id: Id
    kind: Kind
    mode: Mode
    standing: Standing
    month: str
    quarter: str
    place: str
    planned: Moment
    opened: Moment
    closed: Moment
    device_opened: Moment | None
    device_closed: Moment | None
    minutes: int
    fulfils_obligation: bool
    approved: Moment | None = None
    fixed: Moment | None = None
    entered_late_on: str | None = None
    supplements: Supplemented | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation:
    """The cell and the organisation above it as they were called that day.

    `locality` stands before the date.
    """

    cell: str
    superior: str
    locality: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """What a committee may set about the printed form (domain.md 4.4).

    Authority above the chair, recipients; `verify_at`: the address of this installation's verifier, or empty.
    """

    authority: str = "T/M CHI BỘ"
    recipients: tuple[str, ...] = ()
    number: str = ""
    verify_at: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The last ledger entry of the cell when the draft was made."""

    seq: int
    hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """The newest checkpoint of the installation's log when the draft was made; `root` in base64 as it signs it."""

    origin: str
    size: int
    root: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MinutesFacts:
    """Everything that the minutes state as fact. `sources`: ledger entry ids behind a part, by its name."""

    organisation: Organisation
    sitting: Sitting
    chair: Officer
    recorder: Officer
    attendance: Attendance
    head: Head
    guests: tuple[Guest, ...] = ()
    fees: Share | None = None
    items: tuple[ItemFacts, ...] = ()
    tasks: tuple[Task, ...] = ()
    looked_back: tuple[LookedBack, ...] = ()
    score: ScoreFacts | None = None
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    demonstration_clock: bool = False
    layout: Layout = field(default_factory=Layout)
    mark: Mark | None = None

    @property
    def practice(self) -> bool:
        """Whether it was a rehearsal (buổi tập)."""
        return self.sitting.standing is Standing.NONE

    @property
    def supplement(self) -> bool:
        """Whether it was an online supplement."""
        return self.sitting.standing is Standing.SUPPLEMENT


@dataclass(frozen=True, kw_only=True, slots=True)
class Minutes:
    """The facts, and apart from them the recorder's own words by item id."""

    facts: MinutesFacts
    texts: Mapping[Id, str] = field(default_factory=dict)
