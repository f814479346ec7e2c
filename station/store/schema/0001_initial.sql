-- What a station keeps. Events are the truth; every other table is made from the events of a run in the transaction of its end.
-- Text moments are UTC in ISO 8601 with microseconds and Z, so that they sort as text. Ids are UUIDv7, 16 bytes. Numbers are SI.

CREATE TABLE schema_version (
    version    INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    applied_at TEXT NOT NULL
) STRICT;

CREATE TABLE event (
    run_id BLOB NOT NULL CHECK (length(run_id) = 16),
    seq    INTEGER NOT NULL CHECK (seq >= 0),
    kind   TEXT NOT NULL,
    at     TEXT NOT NULL,
    body   TEXT NOT NULL,  -- canonical JSON of the whole event
    PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_starts ON event (run_id) WHERE kind = 'RunStarted';
CREATE INDEX event_ends ON event (run_id) WHERE kind = 'RunEnded';

CREATE TABLE product (
    product_id  BLOB PRIMARY KEY CHECK (length(product_id) = 16),
    part_number TEXT NOT NULL,
    revision    TEXT NOT NULL,
    UNIQUE (part_number, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE process (
    process_id BLOB PRIMARY KEY CHECK (length(process_id) = 16),
    code       TEXT NOT NULL,  -- the sequence
    name       TEXT NOT NULL,  -- the recipe: what it can see differs, so its yield is a figure of its own
    UNIQUE (code, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE unit (
    unit_id     BLOB PRIMARY KEY CHECK (length(unit_id) = 16),
    part_number TEXT NOT NULL,
    serial      TEXT NOT NULL,
    UNIQUE (serial, part_number)
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

CREATE TABLE station (
    station_id BLOB PRIMARY KEY CHECK (length(station_id) = 16),
    code       TEXT NOT NULL,
    name       TEXT NOT NULL,
    site       TEXT NOT NULL,
    maker      TEXT NOT NULL,
    timezone   TEXT NOT NULL,
    UNIQUE (code, name, site, maker, timezone)
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

CREATE TABLE calibration (
    calibration_id BLOB PRIMARY KEY CHECK (length(calibration_id) = 16),
    instrument_id  BLOB NOT NULL REFERENCES instrument,
    certificate_no TEXT NOT NULL,
    done_at        TEXT NOT NULL,
    due_at         TEXT NOT NULL,
    UNIQUE (instrument_id, certificate_no, done_at, due_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE operator (
    operator_id BLOB PRIMARY KEY CHECK (length(operator_id) = 16),
    name        TEXT NOT NULL UNIQUE
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

CREATE INDEX run_of_unit ON run (unit_id, started_at);
CREATE INDEX run_in_time ON run (started_at, run_id);

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

CREATE INDEX certificate_of_run ON certificate (run_id);

CREATE TABLE revocation (
    certificate_no TEXT PRIMARY KEY REFERENCES certificate,
    revoked_at     TEXT NOT NULL,
    author         TEXT NOT NULL,
    reason         TEXT NOT NULL CHECK (reason <> '')
) STRICT, WITHOUT ROWID;

CREATE VIEW issued AS
    SELECT certificate.*, revoked_at, author AS revoked_by, reason AS revoked_reason, successor.certificate_no AS superseded_by
    FROM certificate
    LEFT JOIN revocation USING (certificate_no)
    LEFT JOIN (SELECT certificate_no, supersedes FROM certificate) AS successor ON successor.supersedes = certificate.certificate_no;

CREATE TABLE annotation (
    annotation_id BLOB PRIMARY KEY CHECK (length(annotation_id) = 16),
    target_kind   TEXT NOT NULL,
    target_id     TEXT NOT NULL,
    author        TEXT NOT NULL,
    text          TEXT NOT NULL CHECK (text <> ''),
    at            TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX annotation_of ON annotation (target_kind, target_id);
