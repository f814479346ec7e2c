-- The value of each row of numbers at each unit's first production run that gave one, row by row: retests are left out.
SELECT test_key, si, value
FROM (
    SELECT
        measurement.test_key,
        measurement.si,
        measurement.value,
        row_number() OVER (PARTITION BY measurement.test_key, run.unit_id ORDER BY run.started_at, run.run_id) AS turn
    FROM measurement
    JOIN run USING (run_id)
    JOIN unit USING (unit_id)
    WHERE run.simulated = :simulated
        AND run.run_type = 'production'
        AND run.struck = ''
        AND unit.part_number = :product
        AND measurement.kind = 'number'
        AND measurement.value IS NOT NULL
        AND measurement.outcome IN ('PASS', 'FAIL')
)
WHERE turn = 1
ORDER BY test_key
