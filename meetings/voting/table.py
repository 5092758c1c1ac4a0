"""The table of decisions as a page: what `docs/VOTING.md` holds, made from the dated rules."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.committees.policies import DEFAULTS
from meetings.kernel.text import date_text
from meetings.voting.elections import LEAST_FOR_COMMITTEE
from meetings.voting.figures import SUBJECTS
from meetings.voting.instruments import RULES, cite_en
from meetings.voting.list_rules import LIST_RULES
from meetings.voting.papers import CHARTER_24
from meetings.voting.rules import BaseKind, Certainty, Citation, DecisionRule, Form, Whom
from meetings.voting.sentences import share_en
from meetings.voting.subjects import BASES, FORMS, KINDS

_CERTAINTY = {
    Certainty.SEEN: "seen",
    Certainty.SEEN_SECOND: "second hand",
    Certainty.KNOWN: "known",
    Certainty.UNSURE: "unsure",
}
_HEAD = """# Votes

Made from the dated rules by `python -m meetings.cli.voting_table`; do not edit. A test keeps it current.

Certainty of a source: *seen* in the text; *second hand*, in a text that cites it; *known*, not read again here;
*unsure*, not read at all and taken to say what the paper before it said. What is unsure in a rule itself is a
figure that a committee sets from a day on for all below it, and every result says so.

In a sitting with a hall the count in the hall is the result; answers from devices of those in the hall confirm open
votes, answers by phone stand apart, and a secret vote takes no answers with a name from devices at all. A supplement
gathers opinions where the table says so, and never decides. A consultation among those in the hall may also be held by
secret ballots on devices, where a committee's numbered and dated decision enables them (`secret_device`).
"""
_NOTES = """## How it is counted

- Integers only: `2 × yes > base`, `3 × yes ≥ 2 × base`. An empty base decides nothing.
- Abstentions, invalid ballots, ballots not returned and members who stay in the base though absent are never a yes.
- The base is fixed when the vote opens, after the secretary confirmed which exempt members present take part; who came
  or went until it ended is told beside the result.
- Decisions about a person are voted on one person at a time: the question names that person, on the roll where there
  is one, and is refused without. The person stays in the base and may vote, since no text compared says otherwise, and
  is not on the counting board, since the name stands on the ballot.
- Elections: more than half of the base, for each name. If more reach it than there are seats, those with more votes are
  elected; a tie at the last seat elects nobody of the tied. Whether there is another round, and between whom, is the
  meeting's choice.
"""


def page() -> str:
    """The whole page as Markdown."""
    body = [
        *_decisions(),
        "",
        *_bases(),
        "",
        _NOTES,
        *_lists(),
        "",
        *_persons(),
        "",
        *_figures(),
        "",
        *_history(),
        "",
    ]
    return "\n".join([_HEAD, *body])


def _decisions() -> Iterator[str]:
    yield "## Decisions"
    yield ""
    yield "| Decision | Threshold | Base | Form | Online? | Source (certainty) | Set by committees |"
    yield "|---|---|---|---|---|---|---|"
    for kind, rows in RULES.items():
        rule = rows[-1]
        cells = (
            f"{KINDS[kind][0]} (`{kind.value}`)",
            share_en(rule.threshold) if rule.threshold else "opinions only",
            _BASE_NAMES[rule.base],
            " or ".join(FORMS[form][1] for form in Form if form in rule.forms),
            "opinions in a supplement" if rule.online_allowed else "no",
            "; ".join(_sourced(paper) for paper in rule.citations),
            ", ".join(f"`{key.value}`" for key in rule.unsure),
        )
        yield f"| {' | '.join(cells)} |"


_BASE_NAMES = {
    BaseKind.STATUTORY: "statutory",
    BaseKind.LESS_EXCUSED: "less excused",
    BaseKind.PRESENT: "present",
}


def _bases() -> Iterator[str]:
    yield "## Bases"
    yield ""
    for base, name in _BASE_NAMES.items():
        yield f"- *{name}*: {BASES[base][1]}."


def _lists() -> Iterator[str]:
    yield "## Lists of candidates"
    yield ""
    yield "| From | Names beyond the seats | A name the convenor did not bring | Source (certainty) |"
    yield "|---|---|---|---|"
    for rule in LIST_RULES:
        yield (
            f"| {date_text(rule.effective_from)} | at most {rule.surplus} % of the seats, one always"
            f" | more than {rule.support} % of those present | {_sourced(rule.citation)} |"
        )

    yield ""
    yield (
        f"A cell of fewer than {LEAST_FOR_COMMITTEE} official members elects no committee, but its secretary and, where"
        f" needed, a deputy; a cell of as many or more elects its committee and then both from it:"
        f" {_sourced(CHARTER_24[-1][1])}. The committee is the one elected in the same sitting, else the mandates"
        " that are written down; where there are none, the list says that it was not compared."
    )


_WHOM = {
    Whom.NEWCOMER: "a name that is typed, of nobody on the roll",
    Whom.PROBATIONER: "a member who is not official yet",
    Whom.MEMBER: "a member",
}


def _persons() -> Iterator[str]:
    yield "## One person at a time"
    yield ""
    yield "| Decision | About | Source (certainty) |"
    yield "|---|---|---|"
    for kind, rows in RULES.items():
        if (one := rows[-1].person) is not None:
            yield f"| {KINDS[kind][0]}, `{kind.value}` | {_WHOM[one.whom]} | {_sourced(one.citation)} |"


def _figures() -> Iterator[str]:
    yield "## Figures that committees set"
    yield ""
    yield "| Key | About | Our default | Certainty |"
    yield "|---|---|---|---|"
    for key, (_, about) in SUBJECTS.items():
        ours = DEFAULTS[key][-1]
        yield f"| `{key.value}` | {about} | `{ours.value}` | {ours.certainty.value} |"


def _history() -> Iterator[str]:
    yield "## Rules over time"
    yield ""
    for kind, rows in RULES.items():
        yield f"- `{kind.value}`: {'; '.join(_since(rule) for rule in rows)}."


def _since(rule: DecisionRule) -> str:
    numbers = [paper.number for paper in rule.citations if paper.number]
    return f"from {date_text(rule.effective_from)} {' and '.join(dict.fromkeys(numbers)) or 'the charter'}"


def _sourced(paper: Citation) -> str:
    return f"{cite_en(paper).removesuffix(' (full text not compared)')} ({_CERTAINTY[paper.certainty]})"
