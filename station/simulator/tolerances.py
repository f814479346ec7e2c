"""The tolerance limits of the MC-100 by row, in the units of its limit table: what a true value must keep to."""

TOLERANCES: dict[str, tuple[float | None, float | None]] = {
    "ID.030": (1170, 1170),
    "BAT.010": (3.65, 4.00),
    "BAT.020": (0.5, 15),
    "BAT.030": (10, 18),
    "BAT.040": (None, 120),
    "CUR.110": (90, 110),
    "CUR.111": (90, 110),
    "CUR.112": (90, 110),
    "CUR.210": (184, 216),
    "CUR.211": (184, 216),
    "CUR.212": (184, 216),
    "CUR.310": (368, 432),
    "CUR.311": (368, 432),
    "CUR.312": (368, 432),
    "CUR.313": (370, 432),
    "CUR.320": (114, 139),
    "CUR.330": (-3, 1),
    "CUR.340": (1.85, 2.15),
    "CUR.341": (1.85, 2.15),
    "CUR.350": (0, 40),
    "CUR.351": (0, 40),
    "WAV.010": (9.70, 10.30),
    "WAV.020": (4.75, 5.25),
    "WAV.021": (4.75, 5.25),
    "WAV.030": (0.40, 0.60),
    "WAV.040": (1.75, 2.25),
    "WAV.050": (-100, 100),
    "WAV.060": (-1.0, 1.0),
    "WAV.070": (-5, 5),
    "WAV.080": (0, 3.0),
    "CON.010": (None, 10),
    "CON.020": (None, 2.0),
    "CHG.010": (None, 2.0),
    "TIM.010": (1140, 1200),
    "TIM.020": (19.0, 20.0),
    "TIM.030": (11680, 11720),
    "TIM.040": (0, 0),
    "TIM.050": (1140, 1200),
    "LEK.010": (-1.0, 1.0),
}
"""Low and high of each row; None where a side has no limit. Units: V, uA, mA, mV, %, Hz, ms, uC, nC, s, pulses."""


def outside(values: dict[str, float | None]) -> list[str]:
    """Return the rows whose true value is outside its tolerance, or absent where there must be one."""
    return [row for row, (low, high) in TOLERANCES.items() if not _inside(values.get(row), low, high)]


def _inside(value: float | None, low: float | None, high: float | None) -> bool:
    return value is not None and (low is None or value >= low) and (high is None or value <= high)
