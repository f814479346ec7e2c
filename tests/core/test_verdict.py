import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.verdict import Verdict, worst

VERDICTS = st.lists(st.sampled_from(Verdict))


@pytest.mark.hazard("FC-12")
def test_nothing_judged_is_not_a_pass() -> None:
    assert Verdict.ERROR == worst(())


@pytest.mark.hazard("FC-12", "FC-11")
def test_a_fail_outweighs_all_that_is_about_us() -> None:
    assert [Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.ABORTED, Verdict.ERROR, Verdict.FAIL] == sorted(Verdict)
    assert Verdict.FAIL == worst(Verdict)


@pytest.mark.parametrize("order", list(itertools.permutations((Verdict.PASS, Verdict.ERROR, Verdict.ABORTED))))
def test_the_order_of_verdicts_does_not_matter(order: tuple[Verdict, ...]) -> None:
    assert Verdict.ERROR == worst(order)


@given(VERDICTS, VERDICTS)
def test_a_whole_is_the_worst_of_its_parts(some: list[Verdict], more: list[Verdict]) -> None:
    whole = worst([*some, *more])

    parts = [worst(part) for part in (some, more) if part] or [Verdict.ERROR]
    assert worst(parts) == whole


@given(VERDICTS)
@pytest.mark.hazard("FC-12")
def test_a_whole_passes_only_when_every_part_did(verdicts: list[Verdict]) -> None:
    passed = worst(verdicts) is Verdict.PASS

    assert passed == (bool(verdicts) and all(one is Verdict.PASS for one in verdicts))
