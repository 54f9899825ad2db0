-- A reproduction of the report's Table I: a study that is a grid over all settings and, once that has ended, a study of
-- fresh runs of the best. Where it stands follows from the states of their jobs; nothing of that is kept here.
CREATE TABLE reproductions (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  protocol     TEXT NOT NULL CHECK (protocol IN ('report', 'clean')),
  dataset      TEXT NOT NULL CHECK (length(dataset) BETWEEN 1 AND 64),
  runs         INTEGER NOT NULL CHECK (runs >= 2),
  seed         INTEGER NOT NULL CHECK (seed >= 0),
  epochs       INTEGER NOT NULL CHECK (epochs >= 1),
  train_pairs  INTEGER NOT NULL CHECK (train_pairs >= 1),
  test_pairs   INTEGER NOT NULL CHECK (test_pairs >= 1),
  grid_study   INTEGER NOT NULL UNIQUE REFERENCES studies (id),
  runs_study   INTEGER UNIQUE REFERENCES studies (id),
  submitted_at TEXT NOT NULL CHECK (submitted_at GLOB
    '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  CONSTRAINT "the grid and the runs are two studies"
    CHECK (runs_study <> grid_study)
) STRICT;

-- The runs are submitted once, however often somebody asks whether it is time.
CREATE TRIGGER reproductions_runs_once BEFORE UPDATE OF runs_study ON reproductions WHEN old.runs_study IS NOT NULL
BEGIN
  SELECT raise(ABORT, 'a reproduction has one study of runs');
END;
