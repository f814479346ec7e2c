"""One simulator for each module of this folder, as hurried as the module's SPEED says."""

from collections.abc import Iterator

import pytest

from tests.closed_forms.bench import Bench
from tests.closed_forms.bench import bench as opened


@pytest.fixture(scope="module")
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with opened(request.module.SPEED) as served:
        yield served


@pytest.fixture(autouse=True)
def _session(request: pytest.FixtureRequest) -> None:
    """Begin each test with a session of its own: all slots safe, however long the fixture was left alone before."""
    if "bench" in request.fixturenames:
        served: Bench = request.getfixturevalue("bench")
        served.fixture.hello()
