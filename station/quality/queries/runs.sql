-- Every ended run as the yields see it, in order of time. The day is the station's own. Real and simulated runs never come together.
SELECT
    hex(run_id) AS run_id,
    unit.part_number AS product,
    unit.serial,
    process.code || '/' || process.name AS process,
    station.code AS station,
    run.slot,
    run.started_at,
    date(run.started_at, run.tz_offset_min || ' minutes') AS day,
    run.run_type,
    run.outcome,
    run.first_fail
FROM run
JOIN unit USING (unit_id)
JOIN process USING (process_id)
JOIN station USING (station_id)
WHERE run.simulated = :simulated
    AND (:product = '' OR unit.part_number = :product)
    AND (:process = '' OR process.code || '/' || process.name = :process)
ORDER BY run.started_at, run.run_id
