"""The text format of Prometheus (version 0.0.4), as far as it is needed here. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
DELAYS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0)


class Histogram:
    """Counts observations by upper bounds."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float] = DELAYS_S) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """One more."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One metric with its samples: value by labels (rendered, such as `kind="audio"`; empty: none)."""

    name: str
    kind: str
    help: str
    samples: Mapping[str, float] = field(default_factory=dict)
    histogram: Histogram | None = None


def counter(name: str, told: str, value: float) -> Family:
    """A number that only grows."""
    return Family(name=name, kind="counter", help=told, samples={"": value})


def gauge(name: str, told: str, value: float) -> Family:
    """A number of now."""
    return Family(name=name, kind="gauge", help=told, samples={"": value})


def render(families: Iterable[Family]) -> str:
    """The page."""
    return "".join(f"{line}\n" for family in families for line in _lines(family))


def labelled(page: str, label: str) -> list[str]:
    """The lines of a page with one more label in every sample: to put pages of several processes together."""
    return [line if line.startswith("#") else _with_label(line, label) for line in page.splitlines()]


def merged(pages: Mapping[str, str]) -> str:
    """Pages by label (such as `worker="1"`) as one: samples of a name together, each described once."""
    groups: dict[str, list[str]] = {}
    for label, page in pages.items():
        group = groups.setdefault("", [])
        for line in labelled(page, label):
            if line.startswith("# HELP"):
                group = groups.setdefault(line.split()[2], [])
            if not line.startswith("#") or line not in group:
                group.append(line)
    return "".join(f"{line}\n" for group in groups.values() for line in group)


def _lines(family: Family) -> Iterable[str]:
    yield f"# HELP {family.name} {family.help}"
    yield f"# TYPE {family.name} {family.kind}"
    for labels, value in family.samples.items():
        yield f"{family.name}{{{labels}}} {_number(value)}" if labels else f"{family.name} {_number(value)}"
    if family.histogram is not None:
        yield from _buckets(family.name, family.histogram)


def _buckets(name: str, histogram: Histogram) -> Iterable[str]:
    seen = 0
    for bound, count in zip((*map(str, histogram.bounds), "+Inf"), histogram.counts, strict=True):
        seen += count
        yield f'{name}_bucket{{le="{bound}"}} {seen}'
    yield f"{name}_sum {histogram.total:.6f}"
    yield f"{name}_count {seen}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


def _with_label(line: str, label: str) -> str:
    name, _, rest = line.partition("{")
    if rest:
        return f"{name}{{{label},{rest}"
    name, _, value = line.partition(" ")
    return f"{name}{{{label}}} {value}"
