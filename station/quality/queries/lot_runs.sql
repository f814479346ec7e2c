-- Every ended run of a lot that says, or could have said, something about a unit, in order of time, with the document about it that no
-- other has superseded: numbers begin again with each year and series, so that the highest need not be the newest.
SELECT
    hex(run.run_id) AS run_id,
    product.part_number AS product,
    product.revision,
    unit.serial,
    station.code AS station,
    process.name AS recipe,
    run.run_type,
    run.started_at,
    run.ended_at,
    run.outcome,
    run.first_fail,
    coalesce(limit_item.title, '') AS title,
    limit_set.part_number || ' / ' || limit_set.revision || ' ' || limit_set.sha256 AS limits,
    coalesce((
        SELECT certificate_no FROM certificate
        WHERE certificate.run_id = run.run_id
            AND NOT EXISTS (SELECT 1 FROM certificate AS later WHERE later.supersedes = certificate.certificate_no)
        LIMIT 1
    ), '') AS document
FROM run
JOIN unit USING (unit_id)
JOIN product USING (product_id)
JOIN process USING (process_id)
JOIN station USING (station_id)
JOIN limit_set USING (limit_set_id)
LEFT JOIN limit_item ON limit_item.limit_set_id = run.limit_set_id AND limit_item.test_key = run.first_fail
WHERE run.lot = :lot
    AND run.simulated = :simulated
    AND run.run_type IN ('production', 'rework')
ORDER BY run.started_at, run.run_id
