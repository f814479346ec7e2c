-- Nothing is ever changed or deleted; a correction is a new row. INSERT OR REPLACE would delete without a sound, so a key that
-- is taken is refused before SQLite comes to replace it.

CREATE TRIGGER schema_version_stays BEFORE UPDATE ON schema_version BEGIN SELECT RAISE(ABORT, 'schema_version is append-only: no UPDATE'); END;
CREATE TRIGGER schema_version_keeps BEFORE DELETE ON schema_version BEGIN SELECT RAISE(ABORT, 'schema_version is append-only: no DELETE'); END;
CREATE TRIGGER schema_version_once BEFORE INSERT ON schema_version WHEN EXISTS (SELECT 1 FROM schema_version WHERE version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'schema_version is append-only: this key is taken'); END;

CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only: no UPDATE'); END;
CREATE TRIGGER event_keeps BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only: no DELETE'); END;
CREATE TRIGGER event_once BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE run_id = NEW.run_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'event is append-only: this key is taken'); END;

CREATE TRIGGER product_stays BEFORE UPDATE ON product BEGIN SELECT RAISE(ABORT, 'product is append-only: no UPDATE'); END;
CREATE TRIGGER product_keeps BEFORE DELETE ON product BEGIN SELECT RAISE(ABORT, 'product is append-only: no DELETE'); END;
CREATE TRIGGER product_once BEFORE INSERT ON product WHEN EXISTS (SELECT 1 FROM product WHERE product_id = NEW.product_id)
  OR EXISTS (SELECT 1 FROM product WHERE part_number = NEW.part_number AND revision = NEW.revision)
BEGIN SELECT RAISE(ABORT, 'product is append-only: this key is taken'); END;

CREATE TRIGGER process_stays BEFORE UPDATE ON process BEGIN SELECT RAISE(ABORT, 'process is append-only: no UPDATE'); END;
CREATE TRIGGER process_keeps BEFORE DELETE ON process BEGIN SELECT RAISE(ABORT, 'process is append-only: no DELETE'); END;
CREATE TRIGGER process_once BEFORE INSERT ON process WHEN EXISTS (SELECT 1 FROM process WHERE process_id = NEW.process_id)
  OR EXISTS (SELECT 1 FROM process WHERE code = NEW.code AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'process is append-only: this key is taken'); END;

CREATE TRIGGER unit_stays BEFORE UPDATE ON unit BEGIN SELECT RAISE(ABORT, 'unit is append-only: no UPDATE'); END;
CREATE TRIGGER unit_keeps BEFORE DELETE ON unit BEGIN SELECT RAISE(ABORT, 'unit is append-only: no DELETE'); END;
CREATE TRIGGER unit_once BEFORE INSERT ON unit WHEN EXISTS (SELECT 1 FROM unit WHERE unit_id = NEW.unit_id)
  OR EXISTS (SELECT 1 FROM unit WHERE serial = NEW.serial AND part_number = NEW.part_number)
BEGIN SELECT RAISE(ABORT, 'unit is append-only: this key is taken'); END;

CREATE TRIGGER limit_set_stays BEFORE UPDATE ON limit_set BEGIN SELECT RAISE(ABORT, 'limit_set is append-only: no UPDATE'); END;
CREATE TRIGGER limit_set_keeps BEFORE DELETE ON limit_set BEGIN SELECT RAISE(ABORT, 'limit_set is append-only: no DELETE'); END;
CREATE TRIGGER limit_set_once BEFORE INSERT ON limit_set WHEN EXISTS (SELECT 1 FROM limit_set WHERE limit_set_id = NEW.limit_set_id)
  OR EXISTS (SELECT 1 FROM limit_set WHERE part_number = NEW.part_number AND revision = NEW.revision AND sha256 = NEW.sha256 AND rows_sha256 = NEW.rows_sha256 AND unreleased = NEW.unreleased)
BEGIN SELECT RAISE(ABORT, 'limit_set is append-only: this key is taken'); END;

CREATE TRIGGER limit_item_stays BEFORE UPDATE ON limit_item BEGIN SELECT RAISE(ABORT, 'limit_item is append-only: no UPDATE'); END;
CREATE TRIGGER limit_item_keeps BEFORE DELETE ON limit_item BEGIN SELECT RAISE(ABORT, 'limit_item is append-only: no DELETE'); END;
CREATE TRIGGER limit_item_once BEFORE INSERT ON limit_item WHEN EXISTS (SELECT 1 FROM limit_item WHERE limit_set_id = NEW.limit_set_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'limit_item is append-only: this key is taken'); END;

CREATE TRIGGER station_stays BEFORE UPDATE ON station BEGIN SELECT RAISE(ABORT, 'station is append-only: no UPDATE'); END;
CREATE TRIGGER station_keeps BEFORE DELETE ON station BEGIN SELECT RAISE(ABORT, 'station is append-only: no DELETE'); END;
CREATE TRIGGER station_once BEFORE INSERT ON station WHEN EXISTS (SELECT 1 FROM station WHERE station_id = NEW.station_id)
  OR EXISTS (SELECT 1 FROM station WHERE code = NEW.code AND name = NEW.name AND site = NEW.site AND maker = NEW.maker AND timezone = NEW.timezone)
BEGIN SELECT RAISE(ABORT, 'station is append-only: this key is taken'); END;

CREATE TRIGGER fixture_slot_stays BEFORE UPDATE ON fixture_slot BEGIN SELECT RAISE(ABORT, 'fixture_slot is append-only: no UPDATE'); END;
CREATE TRIGGER fixture_slot_keeps BEFORE DELETE ON fixture_slot BEGIN SELECT RAISE(ABORT, 'fixture_slot is append-only: no DELETE'); END;
CREATE TRIGGER fixture_slot_once BEFORE INSERT ON fixture_slot WHEN EXISTS (SELECT 1 FROM fixture_slot WHERE fixture_slot_id = NEW.fixture_slot_id)
  OR EXISTS (SELECT 1 FROM fixture_slot WHERE station_id = NEW.station_id AND slot = NEW.slot AND fixture_serial = NEW.fixture_serial)
BEGIN SELECT RAISE(ABORT, 'fixture_slot is append-only: this key is taken'); END;

CREATE TRIGGER instrument_stays BEFORE UPDATE ON instrument BEGIN SELECT RAISE(ABORT, 'instrument is append-only: no UPDATE'); END;
CREATE TRIGGER instrument_keeps BEFORE DELETE ON instrument BEGIN SELECT RAISE(ABORT, 'instrument is append-only: no DELETE'); END;
CREATE TRIGGER instrument_once BEFORE INSERT ON instrument WHEN EXISTS (SELECT 1 FROM instrument WHERE instrument_id = NEW.instrument_id)
  OR EXISTS (SELECT 1 FROM instrument WHERE maker = NEW.maker AND model = NEW.model AND serial = NEW.serial)
BEGIN SELECT RAISE(ABORT, 'instrument is append-only: this key is taken'); END;

CREATE TRIGGER calibration_stays BEFORE UPDATE ON calibration BEGIN SELECT RAISE(ABORT, 'calibration is append-only: no UPDATE'); END;
CREATE TRIGGER calibration_keeps BEFORE DELETE ON calibration BEGIN SELECT RAISE(ABORT, 'calibration is append-only: no DELETE'); END;
CREATE TRIGGER calibration_once BEFORE INSERT ON calibration WHEN EXISTS (SELECT 1 FROM calibration WHERE calibration_id = NEW.calibration_id)
  OR EXISTS (SELECT 1 FROM calibration WHERE instrument_id = NEW.instrument_id AND certificate_no = NEW.certificate_no AND done_at = NEW.done_at AND due_at = NEW.due_at)
BEGIN SELECT RAISE(ABORT, 'calibration is append-only: this key is taken'); END;

CREATE TRIGGER operator_stays BEFORE UPDATE ON operator BEGIN SELECT RAISE(ABORT, 'operator is append-only: no UPDATE'); END;
CREATE TRIGGER operator_keeps BEFORE DELETE ON operator BEGIN SELECT RAISE(ABORT, 'operator is append-only: no DELETE'); END;
CREATE TRIGGER operator_once BEFORE INSERT ON operator WHEN EXISTS (SELECT 1 FROM operator WHERE operator_id = NEW.operator_id)
  OR EXISTS (SELECT 1 FROM operator WHERE name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'operator is append-only: this key is taken'); END;

CREATE TRIGGER run_stays BEFORE UPDATE ON run BEGIN SELECT RAISE(ABORT, 'run is append-only: no UPDATE'); END;
CREATE TRIGGER run_keeps BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT, 'run is append-only: no DELETE'); END;
CREATE TRIGGER run_once BEFORE INSERT ON run WHEN EXISTS (SELECT 1 FROM run WHERE run_id = NEW.run_id)
BEGIN SELECT RAISE(ABORT, 'run is append-only: this key is taken'); END;

CREATE TRIGGER run_instrument_stays BEFORE UPDATE ON run_instrument BEGIN SELECT RAISE(ABORT, 'run_instrument is append-only: no UPDATE'); END;
CREATE TRIGGER run_instrument_keeps BEFORE DELETE ON run_instrument BEGIN SELECT RAISE(ABORT, 'run_instrument is append-only: no DELETE'); END;
CREATE TRIGGER run_instrument_once BEFORE INSERT ON run_instrument WHEN EXISTS (SELECT 1 FROM run_instrument WHERE run_id = NEW.run_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'run_instrument is append-only: this key is taken'); END;

CREATE TRIGGER step_stays BEFORE UPDATE ON step BEGIN SELECT RAISE(ABORT, 'step is append-only: no UPDATE'); END;
CREATE TRIGGER step_keeps BEFORE DELETE ON step BEGIN SELECT RAISE(ABORT, 'step is append-only: no DELETE'); END;
CREATE TRIGGER step_once BEFORE INSERT ON step WHEN EXISTS (SELECT 1 FROM step WHERE run_id = NEW.run_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'step is append-only: this key is taken'); END;

CREATE TRIGGER measurement_stays BEFORE UPDATE ON measurement BEGIN SELECT RAISE(ABORT, 'measurement is append-only: no UPDATE'); END;
CREATE TRIGGER measurement_keeps BEFORE DELETE ON measurement BEGIN SELECT RAISE(ABORT, 'measurement is append-only: no DELETE'); END;
CREATE TRIGGER measurement_once BEFORE INSERT ON measurement WHEN EXISTS (SELECT 1 FROM measurement WHERE run_id = NEW.run_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'measurement is append-only: this key is taken'); END;

CREATE TRIGGER attachment_stays BEFORE UPDATE ON attachment BEGIN SELECT RAISE(ABORT, 'attachment is append-only: no UPDATE'); END;
CREATE TRIGGER attachment_keeps BEFORE DELETE ON attachment BEGIN SELECT RAISE(ABORT, 'attachment is append-only: no DELETE'); END;
CREATE TRIGGER attachment_once BEFORE INSERT ON attachment WHEN EXISTS (SELECT 1 FROM attachment WHERE run_id = NEW.run_id AND seq = NEW.seq AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'attachment is append-only: this key is taken'); END;

CREATE TRIGGER certificate_stays BEFORE UPDATE ON certificate BEGIN SELECT RAISE(ABORT, 'certificate is append-only: no UPDATE'); END;
CREATE TRIGGER certificate_keeps BEFORE DELETE ON certificate BEGIN SELECT RAISE(ABORT, 'certificate is append-only: no DELETE'); END;
CREATE TRIGGER certificate_once BEFORE INSERT ON certificate WHEN EXISTS (SELECT 1 FROM certificate WHERE certificate_no = NEW.certificate_no)
BEGIN SELECT RAISE(ABORT, 'certificate is append-only: this key is taken'); END;

CREATE TRIGGER revocation_stays BEFORE UPDATE ON revocation BEGIN SELECT RAISE(ABORT, 'revocation is append-only: no UPDATE'); END;
CREATE TRIGGER revocation_keeps BEFORE DELETE ON revocation BEGIN SELECT RAISE(ABORT, 'revocation is append-only: no DELETE'); END;
CREATE TRIGGER revocation_once BEFORE INSERT ON revocation WHEN EXISTS (SELECT 1 FROM revocation WHERE certificate_no = NEW.certificate_no)
BEGIN SELECT RAISE(ABORT, 'revocation is append-only: this key is taken'); END;

CREATE TRIGGER annotation_stays BEFORE UPDATE ON annotation BEGIN SELECT RAISE(ABORT, 'annotation is append-only: no UPDATE'); END;
CREATE TRIGGER annotation_keeps BEFORE DELETE ON annotation BEGIN SELECT RAISE(ABORT, 'annotation is append-only: no DELETE'); END;
CREATE TRIGGER annotation_once BEFORE INSERT ON annotation WHEN EXISTS (SELECT 1 FROM annotation WHERE annotation_id = NEW.annotation_id)
BEGIN SELECT RAISE(ABORT, 'annotation is append-only: this key is taken'); END;

-- A run that has ended goes on no more.
CREATE TRIGGER event_ended BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE run_id = NEW.run_id AND kind = 'RunEnded')
BEGIN SELECT RAISE(ABORT, 'this run has ended'); END;

-- Certificate numbers: a series runs 1, 2, 3 … without a gap, and holds either real or simulated runs.
CREATE TRIGGER certificate_gapless BEFORE INSERT ON certificate
WHEN NEW.number <> 1 + (SELECT coalesce(max(number), 0) FROM certificate WHERE series = NEW.series)
BEGIN SELECT RAISE(ABORT, 'a series of certificates has no gap'); END;

CREATE TRIGGER certificate_of_a_run BEFORE INSERT ON certificate WHEN NOT EXISTS (SELECT 1 FROM run WHERE run_id = NEW.run_id)
BEGIN SELECT RAISE(ABORT, 'no run with this id has been committed'); END;

CREATE TRIGGER certificate_kept_apart BEFORE INSERT ON certificate
WHEN NEW.simulated <> (SELECT simulated FROM run WHERE run_id = NEW.run_id)
  OR EXISTS (SELECT 1 FROM certificate WHERE series = NEW.series AND (simulated <> NEW.simulated OR kind <> NEW.kind))
BEGIN SELECT RAISE(ABORT, 'this series is kept for other runs: simulated and real, passed and failed are never numbered together'); END;

CREATE TRIGGER certificate_earned BEFORE INSERT ON certificate WHEN NEW.kind = 'certificate' AND NOT EXISTS (
    SELECT 1 FROM run JOIN limit_set USING (limit_set_id)
    WHERE run_id = NEW.run_id AND outcome = 'PASS' AND unreleased = '' AND run_type IN ('production', 'rework'))
BEGIN SELECT RAISE(ABORT, 'only a passed production run judged by released limits earns a certificate'); END;

CREATE TRIGGER certificate_deserved BEFORE INSERT ON certificate WHEN NEW.kind = 'nonconformance' AND EXISTS (
    SELECT 1 FROM run WHERE run_id = NEW.run_id AND outcome = 'PASS')
BEGIN SELECT RAISE(ABORT, 'a passed run has no nonconformance report'); END;

CREATE TRIGGER certificate_single BEFORE INSERT ON certificate WHEN EXISTS (
    SELECT 1 FROM issued WHERE run_id = NEW.run_id AND superseded_by IS NULL AND certificate_no IS NOT NEW.supersedes)
BEGIN SELECT RAISE(ABORT, 'this run has its document already: a new one supersedes it by name'); END;

CREATE TRIGGER certificate_same_run BEFORE INSERT ON certificate WHEN NEW.supersedes IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM certificate WHERE certificate_no = NEW.supersedes AND run_id = NEW.run_id)
BEGIN SELECT RAISE(ABORT, 'a document supersedes only one of its own run'); END;
