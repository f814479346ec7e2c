"""Thin a long line to what a picture can show, so that no spike is lost."""

import numpy as np
from numpy.typing import NDArray


def extremes(y: NDArray[np.float64], columns: int) -> NDArray[np.intp]:
    """Return the indices of the samples to draw of `y`, (n,) float64: the lowest and highest of each of `columns` columns.

    The indices are (m,) with m <= 2 * columns and in order; all of them when there are no more than that. A sample that is
    not a number must have been taken out before.
    """
    if y.size <= 2 * columns:
        return np.arange(y.size)
    width = -(-y.size // columns)
    rows = -(-y.size // width)
    padded = np.pad(y, (0, rows * width - y.size), mode="edge").reshape(rows, width)
    ends = np.stack([padded.argmin(axis=1), padded.argmax(axis=1)], axis=1)
    ends.sort(axis=1)
    chosen = (ends + width * np.arange(rows)[:, None]).ravel()
    return np.unique(np.minimum(chosen, y.size - 1))
