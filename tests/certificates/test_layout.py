from hypothesis import given
from hypothesis import strategies as st

from station.certificates.layout import Piece, gap, paginate

heads = st.just(gap(21))
pieces = st.lists(st.builds(lambda height, keep: (height, keep), st.floats(1, 90), st.booleans()), max_size=80)


def _made(told: list[tuple[float, bool]], head: Piece | None = None) -> list[Piece]:
    return [Piece(height, lambda _surface, _box: None, keep, head) for height, keep in told]


@given(pieces)
def test_every_piece_is_placed_once_in_order_and_none_over_another(told: list[tuple[float, bool]]) -> None:
    made = _made(told)

    pages = paginate(made, 200, 400)

    assert made == [one.piece for page in pages for one in page]
    for page in pages:
        below = 0.0
        for one in page:
            assert one.top >= below - 1e-6
            below = one.top + one.piece.height


@given(st.lists(st.floats(1, 90), max_size=80))
def test_no_page_is_overfull_and_only_the_first_can_be_empty(heights: list[float]) -> None:
    head = gap(21)

    pages = paginate(_made([(height, False) for height in heights], head), 200, 400)

    for number, page in enumerate(pages):
        assert sum(one.piece.height for one in page) <= (200 if number == 0 else 400 + head.height) + 1e-6
        assert page or number == 0


def test_a_group_that_fits_on_no_page_is_broken_rather_than_cut() -> None:
    tall = [Piece(150, lambda _surface, _box: None, keep=True) for _ in range(5)]

    pages = paginate([*tall, gap(10)], 200, 400)

    assert [len(page) for page in pages] == [1, 2, 3]


def test_a_heading_goes_with_what_it_heads() -> None:
    filler, heading, row = gap(190), Piece(20, lambda _surface, _box: None, keep=True), gap(15)

    pages = paginate([filler, heading, row], 200, 400)

    assert [[filler], [heading, row]] == [[one.piece for one in page] for page in pages]


def test_the_head_of_a_table_comes_again_on_every_page() -> None:
    head = Piece(20, lambda _surface, _box: None, keep=True)
    rows = [Piece(50, lambda _surface, _box: None, again=head) for _ in range(12)]

    pages = paginate([head, *rows], 200, 200)

    assert all(page[0].piece is head for page in pages)
    assert sum(one.piece is not head for page in pages for one in page) == 12
