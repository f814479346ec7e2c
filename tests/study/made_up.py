"""Units that were never tested, for tests of what the study makes of them."""

from benchmarks.study.seen import Seen


def unit(
    kind: str = "good",
    verdict: str = "PASS",
    deserves: str = "PASS",
    *,
    serial: str = "S0-1-1",
    rows: tuple[str, ...] = (),
    true: dict[str, float] | None = None,
    measured: dict[str, tuple[float, float]] | None = None,
    rejected: tuple[str, ...] = (),
    undecided: dict[str, str] | None = None,
) -> Seen:
    """Return a unit that failed by `rows`, the first of them first."""
    return Seen(
        100_000, serial, kind, deserves, "because", verdict, "as found", rows[0] if rows else "", rows, undecided or {},
        true or {}, measured or {}, rejected,
    )  # fmt: skip
