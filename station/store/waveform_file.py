"""Write a waveform as a compressed .npz whose bytes depend on nothing but the waveform, and read it back."""

import io
import zipfile

import numpy as np
from numpy.typing import NDArray

from station.core.waveform import Waveform

MIMETYPE = "application/x-npz"
_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the zip format's own beginning of time: a date of today would change the digest


def to_npz(waveform: Waveform) -> bytes:
    """Return `waveform` as .npz with volts (n,) float64 in V, dt and start in s, step in V, clipped and source."""
    arrays: dict[str, NDArray[np.generic]] = {
        "volts": np.ascontiguousarray(waveform.volts, dtype="<f8"),
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


def _add(archive: zipfile.ZipFile, name: str, array: NDArray[np.generic]) -> None:
    content = io.BytesIO()
    np.lib.format.write_array(content, array, version=(1, 0), allow_pickle=False)
    member = zipfile.ZipInfo(f"{name}.npy", date_time=_ALWAYS)
    member.create_system = 3  # else the host's system stands in the bytes
    archive.writestr(member, content.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=6)


def from_npz(content: bytes) -> Waveform:
    """Return the waveform that `to_npz` wrote; raises ValueError when `content` is something else."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return Waveform(
                volts=np.asarray(arrays["volts"], dtype=np.float64),
                dt=float(arrays["dt"]),
                start=float(arrays["start"]),
                step=float(arrays["step"]),
                clipped=bool(arrays["clipped"]),
                source=str(arrays["source"]),
            )
    except (KeyError, OSError, EOFError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise ValueError(f"not a waveform: {error}") from error
