import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.canonical import Json, canonical, detached, digest

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text("aé\n\u2028"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab"), inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, [math.nan], {"a": math.inf}])
def test_what_is_no_number_in_json_is_refused(value: Json) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(value)


def test_the_order_of_keys_does_not_matter_and_the_text_is_plain() -> None:
    assert b'{"a":[1,2.5],"b":"\xc2\xb5A"}' == canonical({"b": "µA", "a": [1, 2.5]}) == canonical({"a": (1, 2.5), "b": "µA"})


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        canonical("\udc80")


@given(JSON)
def test_a_detached_value_is_equal_and_says_the_same(value: Json) -> None:
    assert value == detached(value)
    assert canonical(value) == canonical(detached(value))


def test_a_detached_value_shares_nothing() -> None:
    inner: list[Json] = [1]

    copied = detached({"inner": inner})
    inner.append(2)

    assert {"inner": [1]} == copied


def test_a_digest_names_its_kind() -> None:
    assert "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" == digest(b"")
