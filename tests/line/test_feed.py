"""Who watches sees the whole line once and then every change, or is told that he lost some; he holds nobody up."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.clocks.virtual import VirtualClock
from station.core.errors import SlotError, Stopped
from station.core.events import Waiting
from station.line.feed import Change, Feed, View, Watch, replayed
from station.line.slots import SlotView, State
from tests.core.samples import AT, RUN, head

READY = SlotView(2, State.READY, "SN-1")


def feed(room: int = 8) -> Feed:
    return Feed(VirtualClock(), 3, room)


def read(watch: Watch) -> list[View | Change]:
    """Return all the news there are."""
    news = []
    while (one := watch.next(0.0)) is not None:
        news.append(one)
    return news


def test_a_watcher_gets_the_view_first_and_then_each_change_by_number() -> None:
    line = feed()
    watch = line.watch()

    first = watch.next(0.0)
    line.tell(READY)
    line.hold("7 of 50 failed")

    assert View(0, (SlotView(1), SlotView(2), SlotView(3))) == first
    assert [Change(1, READY, ""), Change(2, None, "7 of 50 failed")] == read(watch)


def test_a_slow_watcher_is_told_how_many_changes_it_lost_and_sees_the_whole_afresh() -> None:
    line = feed(room=2)
    watch = line.watch()
    watch.next(0.0)

    for number in (1, 2, 3):
        line.tell(SlotView(number, State.READY, f"SN-{number}"))

    fresh = watch.next(0.0)
    assert isinstance(fresh, View)
    assert (3, 3) == (fresh.number, fresh.lost)
    assert ["SN-1", "SN-2", "SN-3"] == [slot.serial for slot in fresh.slots]
    assert watch.next(0.0) is None


def test_watchers_do_not_share_a_place() -> None:
    line = feed()
    quick, slow = line.watch(), line.watch()
    quick.next(0.0)
    slow.next(0.0)

    line.tell(READY)

    assert [Change(1, READY, "")] == read(quick)
    assert [Change(1, READY, "")] == read(slow)


def test_a_watcher_waits_for_news_and_hears_a_stop() -> None:
    clock = VirtualClock()
    line, stop = Feed(clock, 3), clock.stop()
    watch = line.watch()
    watch.next(0.0)

    assert watch.next(5.0, stop) is None
    assert 5.0 == clock.now()
    stop.set("the page was closed")
    with pytest.raises(Stopped, match="the page was closed"):
        watch.next(None, stop)


def test_a_change_out_of_turn_is_refused() -> None:
    with pytest.raises(ValueError, match="change 3 does not follow on 1"):
        View(1, (SlotView(1),)).after(Change(3, SlotView(1), ""))


def test_a_slot_that_is_none_is_named_with_those_that_are() -> None:
    with pytest.raises(SlotError, match="the fixture has slots 1 to 3, not 4"):
        feed().view.of(4)


@given(
    room=st.integers(1, 6),
    acts=st.lists(st.one_of(st.integers(1, 3), st.just("look"), st.just("hold")), max_size=40),
)
def test_however_slowly_it_looks_a_watcher_ends_with_the_line_as_it_is(room: int, acts: list[int | str]) -> None:
    line = feed(room)
    watch = line.watch()
    seen = watch.next(0.0)
    assert isinstance(seen, View)

    for count, act in enumerate([*acts, *["look"] * 50]):
        if isinstance(act, int):
            line.tell(SlotView(act, State.READY, f"SN-{count}"))
        elif act == "hold":
            line.hold(f"hold {count}")
        else:
            news = watch.next(0.0)
            seen = news if isinstance(news, View) else replayed(seen, [news] if news is not None else [])

    assert (line.view.number, line.view.slots, line.view.held) == (seen.number, seen.slots, seen.held)


def test_a_slot_whose_start_waits_shows_until_when_by_the_forecast() -> None:
    line = feed()
    line.tell(SlotView(3, State.TESTING, "SN-1"))
    line.hear(replace(head(), slot=3))

    line.hear(Waiting(RUN, 1, AT, 100.0, 40.0))
    waiting = line.view.of(3).starts
    line.hear(Waiting(RUN, 2, AT, 138.0, 0.0))

    assert (140.0, None) == (waiting, line.view.of(3).starts)
