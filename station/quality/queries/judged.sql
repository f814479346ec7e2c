-- What every production run measured, row by row in the order of its limits; runs that were struck out tell nothing.
SELECT
    hex(run.run_id) AS run_id,
    unit.serial,
    run.started_at,
    process.name AS recipe,
    run.outcome,
    measurement.test_key,
    measurement.kind,
    measurement.value,
    measurement.text_value,
    measurement.uncertainty,
    measurement.budget,
    measurement.si,
    measurement.outcome AS row_outcome,
    coalesce(limit_item.condition, '') AS condition
FROM run
JOIN unit USING (unit_id)
JOIN process USING (process_id)
JOIN measurement USING (run_id)
LEFT JOIN limit_item ON limit_item.limit_set_id = run.limit_set_id AND limit_item.test_key = measurement.test_key
WHERE run.simulated = :simulated
    AND run.run_type = 'production'
    AND run.struck = ''
    AND unit.part_number = :product
    AND (:lot = '' OR run.lot = :lot)
    AND date(run.started_at, run.tz_offset_min || ' minutes') >= :since
    AND (:until = '' OR date(run.started_at, run.tz_offset_min || ' minutes') < :until)
ORDER BY run.started_at, run.run_id, measurement.seq
