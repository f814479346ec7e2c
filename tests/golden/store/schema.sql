CREATE INDEX annotation_of ON annotation (target_kind, target_id);

CREATE INDEX certificate_of_run ON certificate (run_id);

CREATE INDEX event_ends ON event (run_id) WHERE kind = 'RunEnded';

CREATE INDEX event_starts ON event (run_id) WHERE kind = 'RunStarted';

CREATE INDEX run_in_time ON run (started_at, run_id);

CREATE INDEX run_of_unit ON run (unit_id, started_at);

CREATE TABLE annotation (
    annotation_id BLOB PRIMARY KEY CHECK (length(annotation_id) = 16),
    target_kind   TEXT NOT NULL,
    target_id     TEXT NOT NULL,
    author        TEXT NOT NULL,
    text          TEXT NOT NULL CHECK (text <> ''),
    at            TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
    run_id    BLOB NOT NULL,
    seq       INTEGER NOT NULL,  -- of the measurement it backs
    number    INTEGER NOT NULL,
    sha256    TEXT NOT NULL,
    title     TEXT NOT NULL,
    mimetype  TEXT NOT NULL,
    bytes     INTEGER NOT NULL,
    PRIMARY KEY (run_id, seq, number),
    FOREIGN KEY (run_id, seq) REFERENCES measurement
) STRICT, WITHOUT ROWID;

CREATE TABLE calibration (
    calibration_id BLOB PRIMARY KEY CHECK (length(calibration_id) = 16),
    instrument_id  BLOB NOT NULL REFERENCES instrument,
    certificate_no TEXT NOT NULL,
    done_at        TEXT NOT NULL,
    due_at         TEXT NOT NULL,
    UNIQUE (instrument_id, certificate_no, done_at, due_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE certificate (
    certificate_no TEXT PRIMARY KEY,
    series         TEXT NOT NULL,
    number         INTEGER NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('certificate', 'nonconformance')),
    run_id         BLOB NOT NULL REFERENCES run,
    simulated      INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    issued_at      TEXT NOT NULL,
    pdf_sha256     TEXT NOT NULL,
    supersedes     TEXT UNIQUE REFERENCES certificate,
    UNIQUE (series, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
    run_id BLOB NOT NULL CHECK (length(run_id) = 16),
    seq    INTEGER NOT NULL CHECK (seq >= 0),
    kind   TEXT NOT NULL,
    at     TEXT NOT NULL,
    body   TEXT NOT NULL,  -- canonical JSON of the whole event
    PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE fixture_slot (
    fixture_slot_id BLOB PRIMARY KEY CHECK (length(fixture_slot_id) = 16),
    station_id      BLOB NOT NULL REFERENCES station,
    slot            INTEGER NOT NULL,
    fixture_serial  TEXT NOT NULL,
    UNIQUE (station_id, slot, fixture_serial)
) STRICT, WITHOUT ROWID;

CREATE TABLE instrument (
    instrument_id BLOB PRIMARY KEY CHECK (length(instrument_id) = 16),
    maker         TEXT NOT NULL,
    model         TEXT NOT NULL,
    serial        TEXT NOT NULL,
    UNIQUE (maker, model, serial)
) STRICT, WITHOUT ROWID;

CREATE TABLE limit_item (
    limit_set_id BLOB NOT NULL REFERENCES limit_set,
    number       INTEGER NOT NULL,
    test_key     TEXT NOT NULL,
    title        TEXT NOT NULL,
    kind         TEXT NOT NULL,
    comparator   TEXT NOT NULL CHECK (comparator IN ('GELE', 'GE', 'LE', 'EQ', 'LOG')),
    lo           REAL,
    hi           REAL,
    accept_lo    REAL,
    accept_hi    REAL,
    nominal      REAL,
    expect       TEXT,
    unit         TEXT NOT NULL,
    si           TEXT NOT NULL,
    scale        TEXT NOT NULL,
    rule         TEXT NOT NULL,
    u_max        REAL,
    safety       TEXT NOT NULL,
    method       TEXT NOT NULL,
    condition    TEXT NOT NULL,
    PRIMARY KEY (limit_set_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE limit_set (
    limit_set_id BLOB PRIMARY KEY CHECK (length(limit_set_id) = 16),
    part_number  TEXT NOT NULL,
    revision     TEXT NOT NULL,
    sha256       TEXT NOT NULL,  -- of the limit file's content
    rows_sha256  TEXT NOT NULL,  -- of the rows as they were applied
    unreleased   TEXT NOT NULL,  -- why quality's release did not hold; empty when it did
    UNIQUE (part_number, revision, sha256, rows_sha256, unreleased)
) STRICT, WITHOUT ROWID;

CREATE TABLE measurement (
    run_id      BLOB NOT NULL REFERENCES run,
    seq         INTEGER NOT NULL,  -- the row's place in its limits, from 0
    event_seq   INTEGER,           -- of the event that told it; none where it was skipped
    step_seq    INTEGER,
    test_key    TEXT NOT NULL,
    title       TEXT NOT NULL,
    kind        TEXT NOT NULL,
    value       REAL,
    text_value  TEXT,
    uncertainty REAL,
    budget      TEXT NOT NULL,
    unit        TEXT NOT NULL,
    si          TEXT NOT NULL,
    raw_scale   TEXT NOT NULL,
    comparator  TEXT NOT NULL,
    lo          REAL,
    hi          REAL,
    accept_lo   REAL,
    accept_hi   REAL,
    nominal     REAL,
    expect      TEXT,
    rule        TEXT NOT NULL,
    u_max       REAL,
    safety      TEXT NOT NULL,
    outcome     TEXT NOT NULL CHECK (outcome IN ('PASS', 'INCONCLUSIVE', 'ABORTED', 'ERROR', 'FAIL', 'SKIPPED', 'MISSING')),
    reason      TEXT NOT NULL,
    detail_json TEXT NOT NULL,
    PRIMARY KEY (run_id, seq),
    FOREIGN KEY (run_id, step_seq) REFERENCES step
) STRICT, WITHOUT ROWID;

CREATE TABLE operator (
    operator_id BLOB PRIMARY KEY CHECK (length(operator_id) = 16),
    name        TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE process (
    process_id BLOB PRIMARY KEY CHECK (length(process_id) = 16),
    code       TEXT NOT NULL,  -- the sequence
    name       TEXT NOT NULL,  -- the recipe: what it can see differs, so its yield is a figure of its own
    UNIQUE (code, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE product (
    product_id  BLOB PRIMARY KEY CHECK (length(product_id) = 16),
    part_number TEXT NOT NULL,
    revision    TEXT NOT NULL,
    UNIQUE (part_number, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE released (
    certificate_no TEXT PRIMARY KEY REFERENCES certificate,
    released_at    TEXT NOT NULL,
    author         TEXT NOT NULL CHECK (author <> ''),
    reason         TEXT NOT NULL CHECK (reason <> ''),
    pdf_sha256     TEXT NOT NULL  -- of the second file
) STRICT, WITHOUT ROWID;

CREATE TABLE revocation (
    certificate_no TEXT PRIMARY KEY REFERENCES certificate,
    revoked_at     TEXT NOT NULL,
    author         TEXT NOT NULL,
    reason         TEXT NOT NULL CHECK (reason <> '')
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
    run_id             BLOB PRIMARY KEY CHECK (length(run_id) = 16),
    unit_id            BLOB NOT NULL REFERENCES unit,
    product_id         BLOB NOT NULL REFERENCES product,
    process_id         BLOB NOT NULL REFERENCES process,
    station_id         BLOB NOT NULL REFERENCES station,
    fixture_slot_id    BLOB NOT NULL REFERENCES fixture_slot,
    slot               INTEGER NOT NULL,
    attempt            INTEGER NOT NULL,
    execution_id       TEXT NOT NULL,
    operator_id        BLOB REFERENCES operator,
    lot                TEXT NOT NULL,
    limit_set_id       BLOB NOT NULL REFERENCES limit_set,
    program_version    TEXT NOT NULL,
    sequence_version   TEXT NOT NULL,
    started_at         TEXT NOT NULL,
    ended_at           TEXT NOT NULL,
    tz_offset_min      INTEGER NOT NULL,
    monotonic_s        REAL NOT NULL,
    run_type           TEXT NOT NULL CHECK (run_type IN ('production', 'golden', 'failing', 'msa', 'cal', 'debug', 'rework')),
    simulated          INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    speed              REAL NOT NULL,
    outcome            TEXT NOT NULL CHECK (outcome IN ('PASS', 'INCONCLUSIVE', 'ABORTED', 'ERROR', 'FAIL')),
    claimed            TEXT NOT NULL,
    reason             TEXT NOT NULL,
    first_fail         TEXT NOT NULL,
    first_fail_step    TEXT NOT NULL,
    struck             TEXT NOT NULL,
    retest_reason      TEXT NOT NULL,
    parent_run_id      BLOB CHECK (length(parent_run_id) = 16),  -- no reference: it may lie at another station
    fixture_file       TEXT NOT NULL,
    fixture_sha256     TEXT NOT NULL,
    station_sha256     TEXT NOT NULL,
    certificate_sha256 TEXT NOT NULL,
    software_json      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run_instrument (
    run_id         BLOB NOT NULL REFERENCES run,
    number         INTEGER NOT NULL,
    role           TEXT NOT NULL,
    instrument_id  BLOB NOT NULL REFERENCES instrument,
    calibration_id BLOB NOT NULL REFERENCES calibration,
    firmware       TEXT NOT NULL,
    simulated      INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE schema_version (
    version    INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    applied_at TEXT NOT NULL
) STRICT;

CREATE TABLE station (
    station_id BLOB PRIMARY KEY CHECK (length(station_id) = 16),
    code       TEXT NOT NULL,
    name       TEXT NOT NULL,
    site       TEXT NOT NULL,
    maker      TEXT NOT NULL,
    timezone   TEXT NOT NULL,
    UNIQUE (code, name, site, maker, timezone)
) STRICT, WITHOUT ROWID;

CREATE TABLE step (
    run_id     BLOB NOT NULL REFERENCES run,
    seq        INTEGER NOT NULL,  -- of the event that began it
    number     INTEGER NOT NULL,
    name       TEXT NOT NULL,
    started_at TEXT NOT NULL,
    duration_s REAL,
    outcome    TEXT NOT NULL,
    error_text TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE unit (
    unit_id     BLOB PRIMARY KEY CHECK (length(unit_id) = 16),
    part_number TEXT NOT NULL,
    serial      TEXT NOT NULL,
    UNIQUE (serial, part_number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER annotation_keeps BEFORE DELETE ON annotation BEGIN SELECT RAISE(ABORT, 'annotation is append-only: no DELETE'); END;

CREATE TRIGGER annotation_once BEFORE INSERT ON annotation WHEN EXISTS (SELECT 1 FROM annotation WHERE annotation_id = NEW.annotation_id)
BEGIN SELECT RAISE(ABORT, 'annotation is append-only: this key is taken'); END;

CREATE TRIGGER annotation_stays BEFORE UPDATE ON annotation BEGIN SELECT RAISE(ABORT, 'annotation is append-only: no UPDATE'); END;

CREATE TRIGGER attachment_keeps BEFORE DELETE ON attachment BEGIN SELECT RAISE(ABORT, 'attachment is append-only: no DELETE'); END;

CREATE TRIGGER attachment_once BEFORE INSERT ON attachment WHEN EXISTS (SELECT 1 FROM attachment WHERE run_id = NEW.run_id AND seq = NEW.seq AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'attachment is append-only: this key is taken'); END;

CREATE TRIGGER attachment_stays BEFORE UPDATE ON attachment BEGIN SELECT RAISE(ABORT, 'attachment is append-only: no UPDATE'); END;

CREATE TRIGGER calibration_keeps BEFORE DELETE ON calibration BEGIN SELECT RAISE(ABORT, 'calibration is append-only: no DELETE'); END;

CREATE TRIGGER calibration_once BEFORE INSERT ON calibration WHEN EXISTS (SELECT 1 FROM calibration WHERE calibration_id = NEW.calibration_id)
  OR EXISTS (SELECT 1 FROM calibration WHERE instrument_id = NEW.instrument_id AND certificate_no = NEW.certificate_no AND done_at = NEW.done_at AND due_at = NEW.due_at)
BEGIN SELECT RAISE(ABORT, 'calibration is append-only: this key is taken'); END;

CREATE TRIGGER calibration_stays BEFORE UPDATE ON calibration BEGIN SELECT RAISE(ABORT, 'calibration is append-only: no UPDATE'); END;

CREATE TRIGGER certificate_deserved BEFORE INSERT ON certificate WHEN NEW.kind = 'nonconformance' AND EXISTS (
    SELECT 1 FROM run WHERE run_id = NEW.run_id AND outcome = 'PASS')
BEGIN SELECT RAISE(ABORT, 'a passed run has no nonconformance report'); END;

CREATE TRIGGER certificate_earned BEFORE INSERT ON certificate WHEN NEW.kind = 'certificate' AND NOT EXISTS (
    SELECT 1 FROM run JOIN limit_set USING (limit_set_id)
    WHERE run_id = NEW.run_id AND outcome = 'PASS' AND unreleased = '' AND run_type IN ('production', 'rework'))
BEGIN SELECT RAISE(ABORT, 'only a passed production run judged by released limits earns a certificate'); END;

CREATE TRIGGER certificate_gapless BEFORE INSERT ON certificate
WHEN NEW.number <> 1 + (SELECT coalesce(max(number), 0) FROM certificate WHERE series = NEW.series)
BEGIN SELECT RAISE(ABORT, 'a series of certificates has no gap'); END;

CREATE TRIGGER certificate_keeps BEFORE DELETE ON certificate BEGIN SELECT RAISE(ABORT, 'certificate is append-only: no DELETE'); END;

CREATE TRIGGER certificate_kept_apart BEFORE INSERT ON certificate
WHEN NEW.simulated <> (SELECT simulated FROM run WHERE run_id = NEW.run_id)
  OR EXISTS (SELECT 1 FROM certificate WHERE series = NEW.series AND (simulated <> NEW.simulated OR kind <> NEW.kind))
BEGIN SELECT RAISE(ABORT, 'this series is kept for other runs: simulated and real, passed and failed are never numbered together'); END;

CREATE TRIGGER certificate_of_a_run BEFORE INSERT ON certificate WHEN NOT EXISTS (SELECT 1 FROM run WHERE run_id = NEW.run_id)
BEGIN SELECT RAISE(ABORT, 'no run with this id has been committed'); END;

CREATE TRIGGER certificate_once BEFORE INSERT ON certificate WHEN EXISTS (SELECT 1 FROM certificate WHERE certificate_no = NEW.certificate_no)
BEGIN SELECT RAISE(ABORT, 'certificate is append-only: this key is taken'); END;

CREATE TRIGGER certificate_same_run BEFORE INSERT ON certificate WHEN NEW.supersedes IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM certificate WHERE certificate_no = NEW.supersedes AND run_id = NEW.run_id)
BEGIN SELECT RAISE(ABORT, 'a document supersedes only one of its own run'); END;

CREATE TRIGGER certificate_single BEFORE INSERT ON certificate WHEN EXISTS (
    SELECT 1 FROM issued WHERE run_id = NEW.run_id AND superseded_by IS NULL AND certificate_no IS NOT NEW.supersedes)
BEGIN SELECT RAISE(ABORT, 'this run has its document already: a new one supersedes it by name'); END;

CREATE TRIGGER certificate_stays BEFORE UPDATE ON certificate BEGIN SELECT RAISE(ABORT, 'certificate is append-only: no UPDATE'); END;

CREATE TRIGGER event_ended BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event INDEXED BY event_ends WHERE run_id = NEW.run_id AND kind = 'RunEnded')
BEGIN SELECT RAISE(ABORT, 'this run has ended'); END;

CREATE TRIGGER event_keeps BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only: no DELETE'); END;

CREATE TRIGGER event_once BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE run_id = NEW.run_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'event is append-only: this key is taken'); END;

CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only: no UPDATE'); END;

CREATE TRIGGER fixture_slot_keeps BEFORE DELETE ON fixture_slot BEGIN SELECT RAISE(ABORT, 'fixture_slot is append-only: no DELETE'); END;

CREATE TRIGGER fixture_slot_once BEFORE INSERT ON fixture_slot WHEN EXISTS (SELECT 1 FROM fixture_slot WHERE fixture_slot_id = NEW.fixture_slot_id)
  OR EXISTS (SELECT 1 FROM fixture_slot WHERE station_id = NEW.station_id AND slot = NEW.slot AND fixture_serial = NEW.fixture_serial)
BEGIN SELECT RAISE(ABORT, 'fixture_slot is append-only: this key is taken'); END;

CREATE TRIGGER fixture_slot_stays BEFORE UPDATE ON fixture_slot BEGIN SELECT RAISE(ABORT, 'fixture_slot is append-only: no UPDATE'); END;

CREATE TRIGGER instrument_keeps BEFORE DELETE ON instrument BEGIN SELECT RAISE(ABORT, 'instrument is append-only: no DELETE'); END;

CREATE TRIGGER instrument_once BEFORE INSERT ON instrument WHEN EXISTS (SELECT 1 FROM instrument WHERE instrument_id = NEW.instrument_id)
  OR EXISTS (SELECT 1 FROM instrument WHERE maker = NEW.maker AND model = NEW.model AND serial = NEW.serial)
BEGIN SELECT RAISE(ABORT, 'instrument is append-only: this key is taken'); END;

CREATE TRIGGER instrument_stays BEFORE UPDATE ON instrument BEGIN SELECT RAISE(ABORT, 'instrument is append-only: no UPDATE'); END;

CREATE TRIGGER limit_item_keeps BEFORE DELETE ON limit_item BEGIN SELECT RAISE(ABORT, 'limit_item is append-only: no DELETE'); END;

CREATE TRIGGER limit_item_once BEFORE INSERT ON limit_item WHEN EXISTS (SELECT 1 FROM limit_item WHERE limit_set_id = NEW.limit_set_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'limit_item is append-only: this key is taken'); END;

CREATE TRIGGER limit_item_stays BEFORE UPDATE ON limit_item BEGIN SELECT RAISE(ABORT, 'limit_item is append-only: no UPDATE'); END;

CREATE TRIGGER limit_set_keeps BEFORE DELETE ON limit_set BEGIN SELECT RAISE(ABORT, 'limit_set is append-only: no DELETE'); END;

CREATE TRIGGER limit_set_once BEFORE INSERT ON limit_set WHEN EXISTS (SELECT 1 FROM limit_set WHERE limit_set_id = NEW.limit_set_id)
  OR EXISTS (SELECT 1 FROM limit_set WHERE part_number = NEW.part_number AND revision = NEW.revision AND sha256 = NEW.sha256 AND rows_sha256 = NEW.rows_sha256 AND unreleased = NEW.unreleased)
BEGIN SELECT RAISE(ABORT, 'limit_set is append-only: this key is taken'); END;

CREATE TRIGGER limit_set_stays BEFORE UPDATE ON limit_set BEGIN SELECT RAISE(ABORT, 'limit_set is append-only: no UPDATE'); END;

CREATE TRIGGER measurement_keeps BEFORE DELETE ON measurement BEGIN SELECT RAISE(ABORT, 'measurement is append-only: no DELETE'); END;

CREATE TRIGGER measurement_once BEFORE INSERT ON measurement WHEN EXISTS (SELECT 1 FROM measurement WHERE run_id = NEW.run_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'measurement is append-only: this key is taken'); END;

CREATE TRIGGER measurement_stays BEFORE UPDATE ON measurement BEGIN SELECT RAISE(ABORT, 'measurement is append-only: no UPDATE'); END;

CREATE TRIGGER operator_keeps BEFORE DELETE ON operator BEGIN SELECT RAISE(ABORT, 'operator is append-only: no DELETE'); END;

CREATE TRIGGER operator_once BEFORE INSERT ON operator WHEN EXISTS (SELECT 1 FROM operator WHERE operator_id = NEW.operator_id)
  OR EXISTS (SELECT 1 FROM operator WHERE name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'operator is append-only: this key is taken'); END;

CREATE TRIGGER operator_stays BEFORE UPDATE ON operator BEGIN SELECT RAISE(ABORT, 'operator is append-only: no UPDATE'); END;

CREATE TRIGGER process_keeps BEFORE DELETE ON process BEGIN SELECT RAISE(ABORT, 'process is append-only: no DELETE'); END;

CREATE TRIGGER process_once BEFORE INSERT ON process WHEN EXISTS (SELECT 1 FROM process WHERE process_id = NEW.process_id)
  OR EXISTS (SELECT 1 FROM process WHERE code = NEW.code AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'process is append-only: this key is taken'); END;

CREATE TRIGGER process_stays BEFORE UPDATE ON process BEGIN SELECT RAISE(ABORT, 'process is append-only: no UPDATE'); END;

CREATE TRIGGER product_keeps BEFORE DELETE ON product BEGIN SELECT RAISE(ABORT, 'product is append-only: no DELETE'); END;

CREATE TRIGGER product_once BEFORE INSERT ON product WHEN EXISTS (SELECT 1 FROM product WHERE product_id = NEW.product_id)
  OR EXISTS (SELECT 1 FROM product WHERE part_number = NEW.part_number AND revision = NEW.revision)
BEGIN SELECT RAISE(ABORT, 'product is append-only: this key is taken'); END;

CREATE TRIGGER product_stays BEFORE UPDATE ON product BEGIN SELECT RAISE(ABORT, 'product is append-only: no UPDATE'); END;

CREATE TRIGGER released_holds BEFORE INSERT ON released WHEN NOT EXISTS (
    SELECT 1 FROM issued WHERE certificate_no = NEW.certificate_no AND kind = 'certificate' AND revoked_at IS NULL AND superseded_by IS NULL)
  AND NOT EXISTS (SELECT 1 FROM released WHERE certificate_no = NEW.certificate_no)
BEGIN SELECT RAISE(ABORT, 'only a certificate that is on record, and neither revoked nor superseded, is released'); END;

CREATE TRIGGER released_keeps BEFORE DELETE ON released BEGIN SELECT RAISE(ABORT, 'released is append-only: no DELETE'); END;

CREATE TRIGGER released_once BEFORE INSERT ON released WHEN EXISTS (SELECT 1 FROM released WHERE certificate_no = NEW.certificate_no)
BEGIN SELECT RAISE(ABORT, 'released is append-only: this key is taken'); END;

CREATE TRIGGER released_stays BEFORE UPDATE ON released BEGIN SELECT RAISE(ABORT, 'released is append-only: no UPDATE'); END;

CREATE TRIGGER revocation_keeps BEFORE DELETE ON revocation BEGIN SELECT RAISE(ABORT, 'revocation is append-only: no DELETE'); END;

CREATE TRIGGER revocation_once BEFORE INSERT ON revocation WHEN EXISTS (SELECT 1 FROM revocation WHERE certificate_no = NEW.certificate_no)
BEGIN SELECT RAISE(ABORT, 'revocation is append-only: this key is taken'); END;

CREATE TRIGGER revocation_stays BEFORE UPDATE ON revocation BEGIN SELECT RAISE(ABORT, 'revocation is append-only: no UPDATE'); END;

CREATE TRIGGER run_instrument_keeps BEFORE DELETE ON run_instrument BEGIN SELECT RAISE(ABORT, 'run_instrument is append-only: no DELETE'); END;

CREATE TRIGGER run_instrument_once BEFORE INSERT ON run_instrument WHEN EXISTS (SELECT 1 FROM run_instrument WHERE run_id = NEW.run_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'run_instrument is append-only: this key is taken'); END;

CREATE TRIGGER run_instrument_stays BEFORE UPDATE ON run_instrument BEGIN SELECT RAISE(ABORT, 'run_instrument is append-only: no UPDATE'); END;

CREATE TRIGGER run_keeps BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT, 'run is append-only: no DELETE'); END;

CREATE TRIGGER run_once BEFORE INSERT ON run WHEN EXISTS (SELECT 1 FROM run WHERE run_id = NEW.run_id)
BEGIN SELECT RAISE(ABORT, 'run is append-only: this key is taken'); END;

CREATE TRIGGER run_stays BEFORE UPDATE ON run BEGIN SELECT RAISE(ABORT, 'run is append-only: no UPDATE'); END;

CREATE TRIGGER schema_version_keeps BEFORE DELETE ON schema_version BEGIN SELECT RAISE(ABORT, 'schema_version is append-only: no DELETE'); END;

CREATE TRIGGER schema_version_once BEFORE INSERT ON schema_version WHEN EXISTS (SELECT 1 FROM schema_version WHERE version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'schema_version is append-only: this key is taken'); END;

CREATE TRIGGER schema_version_stays BEFORE UPDATE ON schema_version BEGIN SELECT RAISE(ABORT, 'schema_version is append-only: no UPDATE'); END;

CREATE TRIGGER station_keeps BEFORE DELETE ON station BEGIN SELECT RAISE(ABORT, 'station is append-only: no DELETE'); END;

CREATE TRIGGER station_once BEFORE INSERT ON station WHEN EXISTS (SELECT 1 FROM station WHERE station_id = NEW.station_id)
  OR EXISTS (SELECT 1 FROM station WHERE code = NEW.code AND name = NEW.name AND site = NEW.site AND maker = NEW.maker AND timezone = NEW.timezone)
BEGIN SELECT RAISE(ABORT, 'station is append-only: this key is taken'); END;

CREATE TRIGGER station_stays BEFORE UPDATE ON station BEGIN SELECT RAISE(ABORT, 'station is append-only: no UPDATE'); END;

CREATE TRIGGER step_keeps BEFORE DELETE ON step BEGIN SELECT RAISE(ABORT, 'step is append-only: no DELETE'); END;

CREATE TRIGGER step_once BEFORE INSERT ON step WHEN EXISTS (SELECT 1 FROM step WHERE run_id = NEW.run_id AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'step is append-only: this key is taken'); END;

CREATE TRIGGER step_stays BEFORE UPDATE ON step BEGIN SELECT RAISE(ABORT, 'step is append-only: no UPDATE'); END;

CREATE TRIGGER unit_keeps BEFORE DELETE ON unit BEGIN SELECT RAISE(ABORT, 'unit is append-only: no DELETE'); END;

CREATE TRIGGER unit_once BEFORE INSERT ON unit WHEN EXISTS (SELECT 1 FROM unit WHERE unit_id = NEW.unit_id)
  OR EXISTS (SELECT 1 FROM unit WHERE serial = NEW.serial AND part_number = NEW.part_number)
BEGIN SELECT RAISE(ABORT, 'unit is append-only: this key is taken'); END;

CREATE TRIGGER unit_stays BEFORE UPDATE ON unit BEGIN SELECT RAISE(ABORT, 'unit is append-only: no UPDATE'); END;

CREATE VIEW issued AS
    SELECT certificate.*, revoked_at, author AS revoked_by, reason AS revoked_reason, successor.certificate_no AS superseded_by
    FROM certificate
    LEFT JOIN revocation USING (certificate_no)
    LEFT JOIN (SELECT certificate_no, supersedes FROM certificate) AS successor ON successor.supersedes = certificate.certificate_no;
