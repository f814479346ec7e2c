-- Whether a run has ended is looked up among the ends alone: without the hint SQLite reads all its events, for each one more.

DROP TRIGGER event_ended;
CREATE TRIGGER event_ended BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event INDEXED BY event_ends WHERE run_id = NEW.run_id AND kind = 'RunEnded')
BEGIN SELECT RAISE(ABORT, 'this run has ended'); END;
