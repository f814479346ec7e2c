-- A document that quality has released: a second file, the issued one with a person's signature behind the station's seal.

CREATE TABLE released (
    certificate_no TEXT PRIMARY KEY REFERENCES certificate,
    released_at    TEXT NOT NULL,
    author         TEXT NOT NULL CHECK (author <> ''),
    reason         TEXT NOT NULL CHECK (reason <> ''),
    pdf_sha256     TEXT NOT NULL  -- of the second file
) STRICT, WITHOUT ROWID;

CREATE TRIGGER released_stays BEFORE UPDATE ON released BEGIN SELECT RAISE(ABORT, 'released is append-only: no UPDATE'); END;
CREATE TRIGGER released_keeps BEFORE DELETE ON released BEGIN SELECT RAISE(ABORT, 'released is append-only: no DELETE'); END;
CREATE TRIGGER released_once BEFORE INSERT ON released WHEN EXISTS (SELECT 1 FROM released WHERE certificate_no = NEW.certificate_no)
BEGIN SELECT RAISE(ABORT, 'released is append-only: this key is taken'); END;

CREATE TRIGGER released_holds BEFORE INSERT ON released WHEN NOT EXISTS (
    SELECT 1 FROM issued WHERE certificate_no = NEW.certificate_no AND kind = 'certificate' AND revoked_at IS NULL AND superseded_by IS NULL)
  AND NOT EXISTS (SELECT 1 FROM released WHERE certificate_no = NEW.certificate_no)
BEGIN SELECT RAISE(ABORT, 'only a certificate that is on record, and neither revoked nor superseded, is released'); END;
