"""Write a waveform as a compressed .npz whose bytes depend on nothing but the waveform, and read it back.

A converter gives few different voltages: where their table and each sample's place in it say the same, bit for bit, these are
kept. They are as good, smaller, and quickly packed.
"""

import io
import zipfile

import numpy as np
from numpy.typing import NDArray

from station.core.waveform import Waveform

MIMETYPE = "application/x-npz"
_MOST_LEVELS = 65536
_LEVEL = 1  # of compression: codes become hardly smaller by more, in many times the time
_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the zip format's own beginning of time: a date of today would change the digest


def to_npz(waveform: Waveform) -> bytes:
    """Return `waveform` as .npz: dt and start in s, step in V, clipped, source, and the samples.

    These are `volts` (n,) float64 in V, or `levels` (k,) float64 in V and `codes` (n,) uint16 with volts = levels[codes].
    """
    arrays: dict[str, NDArray[np.generic]] = {
        **_samples(np.ascontiguousarray(waveform.volts, dtype="<f8"), waveform.step),
        "dt": np.array(waveform.dt, dtype="<f8"),
        "start": np.array(waveform.start, dtype="<f8"),
        "step": np.array(waveform.step, dtype="<f8"),
        "clipped": np.array(waveform.clipped, dtype="?"),
        "source": np.array(waveform.source, dtype="<U"),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            _add(archive, name, array)
    return file.getvalue()


def _samples(volts: NDArray[np.float64], step: float) -> dict[str, NDArray[np.generic]]:
    with np.errstate(over="ignore"):
        if not (volts.size and step > 0 and np.isfinite(volts).all() and np.ptp(volts) / step < _MOST_LEVELS - 1):
            return {"volts": volts}
    codes = np.rint((volts - volts.min()) / step).astype("<u2")
    levels = np.zeros(int(codes.max()) + 1, dtype="<f8")
    levels[codes] = volts
    same = np.array_equal(levels[codes].view("<u8"), volts.view("<u8"))
    return {"levels": levels, "codes": codes} if same and levels.size < volts.size else {"volts": volts}


def _add(archive: zipfile.ZipFile, name: str, array: NDArray[np.generic]) -> None:
    content = io.BytesIO()
    np.lib.format.write_array(content, array, version=(1, 0), allow_pickle=False)
    member = zipfile.ZipInfo(f"{name}.npy", date_time=_ALWAYS)
    member.create_system = 3  # else the host's system stands in the bytes
    archive.writestr(member, content.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)


def from_npz(content: bytes) -> Waveform:
    """Return the waveform that `to_npz` wrote; raises ValueError when `content` is something else."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return Waveform(
                volts=np.asarray(arrays["volts"] if "volts" in arrays else arrays["levels"][arrays["codes"]], dtype=np.float64),
                dt=float(arrays["dt"]),
                start=float(arrays["start"]),
                step=float(arrays["step"]),
                clipped=bool(arrays["clipped"]),
                source=str(arrays["source"]),
            )
    except (KeyError, IndexError, OSError, EOFError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise ValueError(f"not a waveform: {error}") from error
