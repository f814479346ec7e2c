"""Know every text that a template must give, and the placeholders that each may use."""

import string
from collections.abc import Mapping

_NONE: tuple[str, ...] = ()

_CAPTIONS = """
number serial product lot firmware attempt started ended local duration station operator sequence recipe software limits fixture
temperature digest failures results shut_off waveforms instruments statements signatures row measurement low high accept_low
accept_high value unit uncertainty between verdict expected safety role instrument instrument_serial instrument_firmware
calibration calibrated due name date signature time_axis volts_axis first_pulse
"""
_SAYINGS = """
pass fail inconclusive aborted error skipped missing yes no not_recorded not_measured not_a_number cut_off safety_row clipped
"""

LABELS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_CAPTIONS.split(), _NONE),
    "page": ("page", "pages"),
    "last_pulse": ("at",),
    "still_on": ("at",),
    "ceiling": ("at",),
    "silence": ("silence", "pulses"),
}
"""The captions, by what stands beside them."""

LATER_LABELS: Mapping[str, tuple[str, ...]] = {"measured_with": _NONE}
"""The captions that came later: a template that was written before, and travels in documents, has none; nor has its drawing."""

WORDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(_SAYINGS.split(), _NONE),
    "because": ("because",),
    "hurried": ("speed",),
    "retest": ("attempt", "run", "reason"),
    "below": ("value", "limit"),
    "above": ("value", "limit"),
    "guard": ("value", "limit"),
    "differs": ("value", "expect"),
    "counted": ("failed", "rows"),
    "no_waveform": ("digest",),
}
"""The words and sentences, by what they say."""

STATEMENTS: Mapping[str, tuple[str, ...]] = {
    "scope": ("serial",),
    "decision": _NONE,
    "uncertainty": _NONE,
    "equipment": _NONE,
    "real_time": _NONE,
    "real_time_by_looks": _NONE,
    "accelerated": _NONE,
    "accelerated_failed": _NONE,
    "omitted": ("recipe", "rows"),
    "unseen": ("recipe", "faults"),
    "unreleased": ("reason",),
    "verification": ("run", "fingerprint"),
}
"""The paragraphs of small print, in the order in which they are printed."""

_BY_LOOKS = (
    "The automatic shut-off was timed in real time, from the first to the last output pulse, by repeated records of the "
    "oscilloscope and the clock of the station’s computer: each moment is known as an interval."
)
_FAILED = "The automatic shut-off was tested in accelerated mode only, and did not pass: counter and cut-off are not proven."

LATER: Mapping[str, tuple[str, str]] = {
    "unseen": ("Not seen", "Faults that the recipe “{recipe}” cannot see: {faults}."),
    "real_time_by_looks": ("Shut-off", _BY_LOOKS),
    "accelerated_failed": ("Shut-off", _FAILED),
}
"""Title and text of the paragraphs that came later: a template that was written before, and travels in documents, has none."""

PLACES: Mapping[str, tuple[str, ...]] = {"title": _NONE, "word": _NONE, "claim": ("rows",), "end": ("number",)}
"""What sets a certificate and a nonconformance report apart."""


def placeholders(text: str) -> frozenset[str] | None:
    """Return the names in braces in `text`, or None where braces do not match or ask for more than a plain name."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return None
    if any(specification or conversion for _, _, specification, conversion in parts):
        return None
    return frozenset(name for _, name, _, _ in parts if name is not None)
