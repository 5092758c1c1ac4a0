from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.negotiate import AnswerPlan, Slots, plan_answer
from media_server.sdp import Codec, Description, Downtrack, Section, parse
from tests.media_server.offers import FIREFOX_SENDS

OPUS = Codec(payload_type=111, rtpmap="opus/48000/2")
TRACK = Downtrack(stream="PA_1|TR_1", track="TR_1", ssrc=1, cname="PA_1")


def section(mid: str, cid: str, direction: str = "sendonly", port: int = 9) -> Section:
    return Section(kind="audio", port=port, mid=mid, track=cid, direction=direction, codecs=[OPUS])


def plan_of(plan: AnswerPlan) -> tuple[list[str], list[str]]:
    return sorted(plan.accepted), sorted(plan.ended)


def test_an_announced_track_starts_in_the_section_that_names_it() -> None:
    offer = Description(sections=[section("1", "mic"), section("2", "unknown")])
    plan = plan_answer(offer, {}, {"mic": "audio"})
    assert {cid: each.mid for cid, each in plan.started.items()} == {"mic": "1"}
    assert plan_of(plan) == (["1"], [])


def test_a_section_that_stops_sending_ends_its_track() -> None:
    for stopped in (
        section("1", "mic", "inactive"),
        section("1", "mic", "recvonly"),
        section("1", "mic", port=0),
    ):
        plan = plan_answer(Description(sections=[stopped]), {"1": "mic"}, {})
        assert plan_of(plan) == ([], ["1"])


def test_a_section_used_again_ends_one_track_and_starts_another() -> None:
    plan = plan_answer(Description(sections=[section("1", "new")]), {"1": "old"}, {"new": "audio"})
    assert (*plan_of(plan), len(plan.started)) == (["1"], ["1"], 1)


def test_a_replaced_source_keeps_its_track() -> None:
    plan = plan_answer(Description(sections=[section("1", "other")]), {"1": "mic"}, {})
    assert (*plan_of(plan), len(plan.started)) == (["1"], [], 0)


def test_a_track_of_another_name_is_the_first_announced_of_its_kind() -> None:
    camera = parse(FIREFOX_SENDS)
    name = camera.sections[1].track
    pending = {"{mic}": "audio", "{camera}": "video", "{screen}": "video"}
    plan = plan_answer(camera, {}, pending)
    assert {cid: each.mid for cid, each in plan.started.items()} == {"{camera}": "1"}
    again = plan_answer(camera, {"1": name}, {"{screen}": "video"})
    assert (*plan_of(again), len(again.started)) == (["1"], [], 0), "that section has its track"
    assert plan_answer(camera, {"1": "{camera}"}, {"{screen}": "video"}).started == {}, "and keeps it"
    both = Description(sections=[section("1", "{made up}"), section("2", "mic")])
    assert {cid: each.mid for cid, each in plan_answer(both, {}, {"mic": "audio"}).started.items()} == {
        "mic": "2"
    }, "who names it comes first"


def test_one_offer_at_a_time() -> None:
    slots = Slots(remembers_streams=True)
    assert slots.next_offer() == (1, [])
    mid = slots.place("audio", TRACK)
    assert slots.next_offer() is None, "one is in flight"
    assert slots.answered(9) is None, "an answer to another offer"
    assert slots.answered(1) == [], "the client did not know the track yet"
    due = slots.next_offer()
    assert due is not None and [each.mid for each in due[1]] == [mid]
    assert [each.track for each in slots.answered(0) or ()] == [TRACK]
    assert slots.next_offer() is None


def test_a_lost_answer_is_offered_again() -> None:
    slots = Slots(remembers_streams=True)
    slots.next_offer()
    slots.restart()
    assert slots.next_offer() == (2, [])


def _settled(slots: Slots) -> None:
    while slots.next_offer() is not None:
        slots.answered(0)


def test_a_section_is_used_again_only_when_the_client_knows_it_is_empty() -> None:
    slots = Slots(remembers_streams=True)
    first = slots.place("audio", TRACK)
    _settled(slots)
    slots.release(first)
    other = replace(TRACK, track="TR_2", stream="PA_1|TR_2", ssrc=2)
    second = slots.place("audio", other)
    assert second != first
    _settled(slots)
    third = slots.place("audio", replace(TRACK, track="TR_3", stream="PA_1|TR_3", ssrc=3))
    assert third == first


def test_a_track_that_comes_back_gets_another_stream_for_clients_that_remember() -> None:
    for remembers, stream in ((True, "PA_1|again1"), (False, "PA_1|TR_1")):
        slots = Slots(remembers_streams=remembers)
        mid = slots.place("audio", TRACK, "PA_1|camera")
        _settled(slots)
        slots.release(mid)
        _settled(slots)
        assert slots.place("audio", TRACK, "PA_1|camera") == mid
        due = slots.next_offer()
        assert due is not None and due[1][0].track is not None
        assert due[1][0].track.stream == stream


def test_tracks_that_ended_are_not_remembered_and_names_made_up_stay_apart() -> None:
    slots, streams = Slots(remembers_streams=True), list[str]()
    for turn in range(5):
        fleeting = replace(TRACK, track=f"TR_x{turn}", stream=f"PA_2|TR_x{turn}")
        for track in (TRACK, fleeting):
            mid = slots.place("audio", track)
            due = slots.next_offer()
            assert due is not None
            streams += [each.track.stream for each in due[1] if each.track is not None]
            slots.answered(0)
            slots.release(mid)
            _settled(slots)
        slots.forget(fleeting.track)
    assert len(slots) == 1
    assert len(set(streams)) == len(streams) == 10
    assert slots._past["1"].tracks == {TRACK.track}


ACTS = st.tuples(st.sampled_from(["place", "release", "offer", "answer", "restart"]), st.integers(0, 9))


@settings(max_examples=100, deadline=None)
@given(st.lists(ACTS, max_size=60))
def test_no_two_tracks_ever_share_a_section(acts: list[tuple[str, int]]) -> None:
    slots, placed = Slots(remembers_streams=True), dict[str, str]()
    for act, number in acts:
        sid = f"TR_{number}"
        if act == "place" and sid not in placed:
            track = Downtrack(stream=f"PA|{sid}", track=sid, ssrc=number + 1, cname="PA")
            mid = slots.place("audio", track)
            assert mid not in placed.values()
            placed[sid] = mid
        elif act == "release" and sid in placed:
            slots.release(placed.pop(sid))
        elif act == "offer":
            due = slots.next_offer()
            offered = {s.track.track: s.mid for s in due[1] if s.track is not None} if due else placed
            assert offered == placed
        elif act == "answer":
            slots.answered(0)
        elif act == "restart":
            slots.restart()
