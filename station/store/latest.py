"""Find the newest run that measured a row, so that its budget can be shown."""

import sqlite3

from station.store.ids import to_text

_LATEST = """
SELECT run_id FROM run JOIN unit USING (unit_id)
WHERE (:serial = '' OR serial = :serial) AND EXISTS (
    SELECT 1 FROM measurement WHERE measurement.run_id = run.run_id AND test_key = :row AND uncertainty IS NOT NULL
)
ORDER BY started_at DESC, run_id DESC LIMIT 1
"""


def latest_run(connection: sqlite3.Connection, row_id: str, serial: str = "") -> str | None:
    """Return the ended run that measured row `row_id` last and knows how well; of `serial`, unless empty."""
    found = connection.execute(_LATEST, {"row": row_id, "serial": serial}).fetchone()
    return None if found is None else to_text(found["run_id"])
