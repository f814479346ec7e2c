"""Say which of the lent instruments measured which row: its budget knows, and where it names nobody, its step does."""

import re

from station.core.record import RowResult, RunRecord

_OWN = r"(?:dmm|scope|input) {0} .*|.* path to {0}"  # how the origin of a part that is an instrument's own is written


def measured_with(record: RunRecord, result: RowResult) -> tuple[str, ...]:
    """Return the serials of the lent instruments behind the number of a row, in the order of the record's equipment.

    A ratio may have two meters behind it, and a row of a later step those of an earlier one. A budget none of whose parts is
    anybody's own (the errors of one oscilloscope cancel in a ratio) says nothing: then it was what the row's step was lent.
    """
    if result.measured is None or result.measured.u is None:
        return ()
    origins = [part.origin for part in result.measured.parts if part.origin]
    lent = [one.serial for one in record.equipment if one.lent]
    if not origins:
        had = {serial for step in record.steps if step.name == result.measured.step for serial in step.instruments}
        return tuple(serial for serial in lent if serial in had)
    return tuple(serial for serial in lent if any(re.fullmatch(_OWN.format(re.escape(serial)), origin) for origin in origins))
