from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.sdp import Codec, Description, Downtrack, Section
from media_server.sections import Requirement, Sections

CODECS = {
    "audio": Codec(payload_type=111, rtpmap="opus/48000/2"),
    "video": Codec(payload_type=96, rtpmap="VP8/90000"),
}


def track(number: int) -> Downtrack:
    return Downtrack(stream=f"PA|TR_{number}", track=f"TR_{number}", ssrc=number + 1, cname="PA")


def section(mid: str, kind: str = "audio", direction: str = "recvonly", port: int = 9) -> Section:
    return Section(kind=kind, port=port, mid=mid, direction=direction, codecs=[CODECS[kind]])


def offer(*sections: Section) -> Description:
    return Description(sections=list(sections))


def names(filled: dict[str, Downtrack]) -> dict[str, str]:
    return {mid: each.track for mid, each in filled.items()}


def test_nothing_is_asked_before_the_first_offer() -> None:
    sections = Sections()
    sections.place("audio", track(1))
    assert sections.requirement() is None
    assert names(sections.fill(offer(section("1")), ())) == {"1": "TR_1"}
    assert sections.requirement() is None, "nothing is left to ask for"


def test_only_what_is_lacking_is_asked_for_and_only_once() -> None:
    sections = Sections()
    sections.fill(offer(section("1"), section("2", "video")), ())
    for number in range(3):
        sections.place("audio", track(number))
    assert sections.requirement() == Requirement(audios=2, videos=0)
    sections.place("audio", track(3))
    assert sections.requirement() is None, "one request is in flight"


def test_an_offer_that_was_under_way_does_not_count_as_the_one_asked_for() -> None:
    sections = Sections()
    sections.fill(offer(), ())
    sections.place("audio", track(1))
    assert sections.requirement() == Requirement(audios=1, videos=0)
    sections.fill(offer(section("1", direction="sendonly")), {"1"})
    assert sections.requirement() is None, "its sections are still to come"
    assert names(sections.fill(offer(section("1", direction="sendonly"), section("2")), {"1"})) == {
        "2": "TR_1"
    }


def test_an_empty_section_is_filled_after_an_offer_asked_for_with_nothing() -> None:
    sections = Sections()
    sections.fill(offer(section("1")), ())
    sections.place("audio", track(1))
    assert sections.requirement() == Requirement(audios=0, videos=0)
    assert names(sections.fill(offer(section("1")), ())) == {"1": "TR_1"}


def test_a_section_is_used_again_only_after_the_client_saw_it_empty() -> None:
    sections = Sections()
    sections.place("audio", track(1))
    sections.fill(offer(section("1")), ())
    sections.release("TR_1")
    sections.place("audio", track(2))
    assert sections.requirement() == Requirement(audios=0, videos=0)
    assert sections.fill(offer(section("1")), ()) == {}
    assert sections.requirement() == Requirement(audios=0, videos=0)
    assert names(sections.fill(offer(section("1")), ())) == {"1": "TR_2"}


def test_an_ended_publication_leaves_a_section_to_receive_in() -> None:
    """It comes back as `recvonly`, its old msid still there."""
    sections = Sections()
    sections.fill(offer(section("1", direction="sendonly")), {"1"})
    sections.place("audio", track(1))
    sections.requirement()
    stale = section("1")
    stale.track = "the microphone it was"
    assert names(sections.fill(offer(stale), ())) == {"1": "TR_1"}


def test_a_section_the_client_takes_back_gives_its_track_another_one() -> None:
    sections = Sections()
    sections.place("audio", track(1))
    sections.fill(offer(section("1")), ())
    filled = sections.fill(offer(section("1", direction="sendonly"), section("2")), {"1"})
    assert names(filled) == {"2": "TR_1"}


def test_a_stream_is_never_announced_twice_in_a_section() -> None:
    sections, seen = Sections(), list[str]()
    for _ in range(3):
        sections.place("audio", track(1), "PA|cam")
        seen += [each.stream for each in sections.fill(offer(section("1")), ()).values()]
        sections.release("TR_1")
        sections.fill(offer(section("1")), ())
    assert seen == ["PA|cam", "PA|TR_1", "PA|again2"]


def test_streams_that_never_come_again_are_not_remembered() -> None:
    sections, seen = Sections(), list[str]()
    for number in range(6):
        for each in (track(99), track(number)):
            sections.place("audio", each, "PA|cam")
            seen += [one.stream for one in sections.fill(offer(section("1")), ()).values()]
            sections.release(each.track)
            sections.fill(offer(section("1")), ())
        sections.forget(f"TR_{number}")
    assert len(set(seen)) == len(seen) == 12
    assert sections._past["1"].streams == {"PA|cam", "PA|TR_99"}
    sections.forget_publisher("PA")
    assert sections._past["1"].streams == set()


def test_a_client_that_comes_back_offers_by_itself() -> None:
    sections = Sections()
    sections.fill(offer(), ())
    sections.place("video", track(1))
    assert sections.requirement() == Requirement(audios=0, videos=1)
    sections.restart()
    assert sections.requirement() is None
    sections.fill(offer(), ())
    assert sections.requirement() == Requirement(audios=0, videos=1), "asked again: it never came"


ACTS = st.tuples(st.sampled_from(["place", "release", "negotiate", "publish"]), st.integers(0, 9))


class Client:
    """Offers as SDKs do: adds what is asked for, never removes a section."""

    def __init__(self) -> None:
        self.server = Sections()
        self.sections = [section(f"{kind}{each}", kind) for kind in CODECS for each in range(3)]
        self.held: dict[str, str] = {}
        self.wanted: set[str] = set()
        self.asked = 0
        self.offer()

    def act(self, act: str, number: int) -> None:
        """Something happens in the meeting."""
        name, kind = f"TR_{number}", "video" if number % 2 else "audio"
        if act == "place" and name not in self.wanted:
            self.wanted.add(name)
            self.server.place(kind, track(number))
        elif act == "release" and name in self.wanted:
            self.wanted.discard(name)
            self.server.release(name)
        elif act == "publish":
            self.sections.append(section(f"p{len(self.sections)}", kind, "sendonly"))
        elif act == "negotiate":
            self.negotiate()

    def negotiate(self) -> bool:
        """Do what the server asks, if it asks."""
        due = self.server.requirement()
        if due is None:
            return False
        for kind, count in (("audio", due.audios), ("video", due.videos)):
            self.asked += count
            self.sections += [section(f"{len(self.sections) + each}", kind) for each in range(count)]
        self.offer()
        return True

    def offer(self) -> None:
        """Offer all sections and take the answer."""
        sending = {each.mid for each in self.sections if each.direction == "sendonly"}
        now = names(self.server.fill(offer(*self.sections), sending))
        assert not sending & now.keys()
        for mid, name in now.items():
            assert self.held.get(mid, name) == name, "a section went from one track to another"
        self.held = now


@settings(max_examples=100, deadline=None)
@given(st.lists(ACTS, max_size=60))
def test_every_track_gets_a_section_and_sections_do_not_grow_without_need(
    acts: list[tuple[str, int]],
) -> None:
    client = Client()
    for act, number in acts:
        client.act(act, number)
    rounds = 0
    while client.negotiate():
        rounds += 1
    assert rounds <= 3
    assert sorted(client.held.values()) == sorted(client.wanted)
    assert client.asked <= 10, "never more than there are tracks"
