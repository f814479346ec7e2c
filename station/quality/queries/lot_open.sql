-- The units of a lot whose run has begun and not ended: they have come in, and nobody knows yet what they come to.
SELECT json_extract(body, '$.product'), json_extract(body, '$.serial')
FROM event INDEXED BY event_starts
WHERE kind = 'RunStarted'
    AND NOT EXISTS (
        SELECT 1 FROM event AS ending WHERE ending.run_id = event.run_id AND ending.kind = 'RunEnded'
    )
    AND json_extract(body, '$.lot') = :lot
    AND json_extract(body, '$.simulated') = :simulated
    AND json_extract(body, '$.run_type') IN ('production', 'rework')
ORDER BY at, run_id
