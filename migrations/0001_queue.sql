-- The queue and its history. Times are TEXT in UTC with milliseconds, as in 2026-11-23T15:04:05.678Z.
-- docs/schema.md explains every table; only JobState decides transitions, and this file checks them once more.
-- Choices are spelled with OR and CASE: for a list after IN, SQLite builds a table each time a row is written, which
-- doubles the cost of a submission.

-- A study is one submission: all of its jobs are inserted in one transaction, with consecutive ids.
CREATE TABLE studies (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  name         TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
  submitted_at TEXT NOT NULL CHECK (submitted_at GLOB
    '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z')
) STRICT;

-- A job is one training: a column for each parameter, and where it stands.
CREATE TABLE jobs (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  study            INTEGER NOT NULL REFERENCES studies (id),

  model            TEXT NOT NULL
                   CHECK (model = 'BaseNet' OR model = 'BaseNetAux' OR model = 'BaseNetWeightShare'
                     OR model = 'BaseNetWeightShareAux'),
  batch_norm       INTEGER NOT NULL CHECK (batch_norm BETWEEN 0 AND 1),
  dropout          REAL NOT NULL CHECK (dropout >= 0 AND dropout < 1),
  dataset          TEXT NOT NULL CHECK (length(dataset) BETWEEN 1 AND 64),
  train_pairs      INTEGER NOT NULL CHECK (train_pairs >= 1),
  test_pairs       INTEGER NOT NULL CHECK (test_pairs >= 1),
  evaluate_on      TEXT NOT NULL CHECK (evaluate_on = 'test' OR evaluate_on = 'validation'),
  epochs           INTEGER NOT NULL CHECK (epochs >= 1),
  batch_size       INTEGER NOT NULL CHECK (batch_size BETWEEN 1 AND train_pairs),
  learning_rate    REAL NOT NULL CHECK (learning_rate > 0 AND learning_rate < 9e999),
  shuffle          INTEGER NOT NULL CHECK (shuffle BETWEEN 0 AND 1),
  seed             INTEGER NOT NULL CHECK (seed >= 0),

  -- What else the result depends on; spec_digest covers the parameters and these two.
  dataset_digest   TEXT NOT NULL CHECK (length(dataset_digest) = 64),
  numerics_version INTEGER NOT NULL CHECK (numerics_version >= 1),
  spec_digest      TEXT NOT NULL CHECK (length(spec_digest) = 64),

  state            TEXT NOT NULL DEFAULT 'queued'
                   CHECK (state = 'queued' OR state = 'running' OR state = 'succeeded' OR state = 'failed'
                     OR state = 'diverged' OR state = 'cancelled'),
  attempts         INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  worker           INTEGER CHECK (worker >= 1),
  submitted_at     TEXT NOT NULL CHECK (submitted_at GLOB
    '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  started_at       TEXT CHECK (started_at GLOB
    '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  finished_at      TEXT CHECK (finished_at GLOB
    '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  duration_seconds REAL CHECK (duration_seconds >= 0 AND duration_seconds < 9e999),
  reason           TEXT CHECK (length(reason) >= 1),

  CONSTRAINT "a job has a worker exactly while it runs"
    CHECK ((state = 'running') = (worker IS NOT NULL)),
  CONSTRAINT "finished_at is set exactly in terminal states"
    CHECK (CASE state WHEN 'queued' THEN finished_at IS NULL WHEN 'running' THEN finished_at IS NULL
                      ELSE finished_at IS NOT NULL END),
  CONSTRAINT "a queued job has not started; all but cancelled ones that left the queue have"
    CHECK (CASE state WHEN 'queued' THEN started_at IS NULL WHEN 'cancelled' THEN 1 ELSE started_at IS NOT NULL END),
  CONSTRAINT "what has started was attempted"
    CHECK (started_at IS NULL OR attempts >= 1),
  CONSTRAINT "exactly the jobs that ended without a result have a reason"
    CHECK (CASE state WHEN 'queued' THEN reason IS NULL WHEN 'running' THEN reason IS NULL
                      WHEN 'succeeded' THEN reason IS NULL ELSE reason IS NOT NULL END),
  CONSTRAINT "only a job that ended has a duration, and every one that succeeded"
    CHECK (CASE state WHEN 'queued' THEN duration_seconds IS NULL WHEN 'running' THEN duration_seconds IS NULL
                      WHEN 'succeeded' THEN duration_seconds IS NOT NULL ELSE 1 END)
) STRICT;

CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_study ON jobs (study, state);
-- One job a worker.
CREATE UNIQUE INDEX jobs_by_worker ON jobs (worker) WHERE state = 'running';

-- The transitions that JobState allows.
CREATE TRIGGER jobs_transition BEFORE UPDATE OF state ON jobs
WHEN CASE old.state
  WHEN 'queued' THEN new.state <> 'running' AND new.state <> 'cancelled'
  WHEN 'running' THEN new.state = 'running'
  ELSE 1 END
BEGIN
  SELECT raise(ABORT, 'a job cannot change between these states');
END;

-- How many jobs of a study are in each state, so that nobody has to count them.
CREATE TABLE study_counts (
  study INTEGER NOT NULL REFERENCES studies (id),
  state TEXT NOT NULL,
  jobs  INTEGER NOT NULL CHECK (jobs >= 0),
  PRIMARY KEY (study, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER studies_count AFTER INSERT ON studies
BEGIN
  INSERT INTO study_counts (study, state, jobs) VALUES
    (new.id, 'queued', 0), (new.id, 'running', 0), (new.id, 'succeeded', 0), (new.id, 'failed', 0),
    (new.id, 'diverged', 0), (new.id, 'cancelled', 0);
END;

CREATE TRIGGER jobs_count_new AFTER INSERT ON jobs
BEGIN
  UPDATE study_counts SET jobs = jobs + 1 WHERE study = new.study AND state = new.state;
END;

CREATE TRIGGER jobs_count_moved AFTER UPDATE OF state ON jobs WHEN old.state <> new.state
BEGIN
  UPDATE study_counts SET jobs = jobs - 1 WHERE study = old.study AND state = old.state;
  UPDATE study_counts SET jobs = jobs + 1 WHERE study = new.study AND state = new.state;
END;

CREATE TRIGGER jobs_count_gone AFTER DELETE ON jobs
BEGIN
  UPDATE study_counts SET jobs = jobs - 1 WHERE study = old.study AND state = old.state;
END;

-- Each time a worker took a job. The facts about the host live here, apart from results.
CREATE TABLE attempts (
  job             INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  number          INTEGER NOT NULL CHECK (number >= 1),
  worker          INTEGER NOT NULL CHECK (worker >= 1),
  host            TEXT NOT NULL,
  program_version TEXT NOT NULL,
  instruction_set TEXT NOT NULL,
  started_at      TEXT NOT NULL CHECK (started_at GLOB
    '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  ended_at        TEXT CHECK (ended_at GLOB
    '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  ending          TEXT CHECK (ending = 'succeeded' OR ending = 'failed' OR ending = 'diverged' OR ending = 'cancelled'
                    OR ending = 'stopped' OR ending = 'interrupted'),
  PRIMARY KEY (job, number),
  CONSTRAINT "an attempt that ended says when and how"
    CHECK ((ended_at IS NULL) = (ending IS NULL))
) STRICT, WITHOUT ROWID;

-- What each epoch of the latest attempt measured.
CREATE TABLE epochs (
  job             INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  epoch           INTEGER NOT NULL CHECK (epoch >= 1),
  train_loss      REAL NOT NULL CHECK (train_loss >= 0 AND train_loss < 9e999),
  test_accuracy   REAL NOT NULL CHECK (test_accuracy BETWEEN 0 AND 1),
  digit1_accuracy REAL CHECK (digit1_accuracy BETWEEN 0 AND 1),
  digit2_accuracy REAL CHECK (digit2_accuracy BETWEEN 0 AND 1),
  PRIMARY KEY (job, epoch),
  CONSTRAINT "both digits are measured or neither"
    CHECK ((digit1_accuracy IS NULL) = (digit2_accuracy IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER epochs_contiguous BEFORE INSERT ON epochs
BEGIN
  SELECT raise(ABORT, 'the epochs of a job are contiguous from 1')
  WHERE new.epoch <> 1 + (SELECT coalesce(max(epoch), 0) FROM epochs WHERE job = new.job);
  SELECT raise(ABORT, 'only a running job has new epochs')
  WHERE (SELECT state FROM jobs WHERE id = new.job) <> 'running';
END;

-- What a job that succeeded measured at its end: a pure function of spec_digest.
CREATE TABLE outcomes (
  job             INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  attempt         INTEGER NOT NULL,
  train_accuracy  REAL NOT NULL CHECK (train_accuracy BETWEEN 0 AND 1),
  test_accuracy   REAL NOT NULL CHECK (test_accuracy BETWEEN 0 AND 1),
  train_loss      REAL NOT NULL CHECK (train_loss >= 0 AND train_loss < 9e999),
  test_loss       REAL NOT NULL CHECK (test_loss >= 0 AND test_loss < 9e999),
  train_errors    INTEGER NOT NULL CHECK (train_errors >= 0),
  test_errors     INTEGER NOT NULL CHECK (test_errors >= 0),
  digit1_accuracy REAL CHECK (digit1_accuracy BETWEEN 0 AND 1),
  digit2_accuracy REAL CHECK (digit2_accuracy BETWEEN 0 AND 1),
  weights_sha256  TEXT NOT NULL CHECK (length(weights_sha256) = 64),
  FOREIGN KEY (job, attempt) REFERENCES attempts (job, number),
  CONSTRAINT "both digits are measured or neither"
    CHECK ((digit1_accuracy IS NULL) = (digit2_accuracy IS NULL))
) STRICT;

-- The outcome is written while the job still runs, just before it succeeds.
CREATE TRIGGER outcomes_complete BEFORE INSERT ON outcomes
BEGIN
  SELECT raise(ABORT, 'only the running attempt of a job has an outcome')
  WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE id = new.job AND state = 'running' AND attempts = new.attempt);
  SELECT raise(ABORT, 'a job succeeds only after its last epoch')
  WHERE (SELECT epochs FROM jobs WHERE id = new.job) <>
        (SELECT coalesce(max(epoch), 0) FROM epochs WHERE job = new.job);
END;

CREATE TRIGGER jobs_succeed_with_outcome BEFORE UPDATE OF state ON jobs
WHEN old.state = 'running' AND new.state = 'succeeded'
BEGIN
  SELECT raise(ABORT, 'a job succeeds only with its outcome')
  WHERE NOT EXISTS (SELECT 1 FROM outcomes WHERE job = new.id AND attempt = new.attempts);
END;

-- One row a job that succeeded, with all there is to know about it. This is the relation for people and programs.
CREATE VIEW results AS
SELECT
  jobs.id AS job, jobs.study, studies.name AS study_name,
  jobs.model, jobs.batch_norm, jobs.dropout, jobs.dataset, jobs.train_pairs, jobs.test_pairs, jobs.evaluate_on,
  jobs.epochs, jobs.batch_size, jobs.learning_rate, jobs.shuffle, jobs.seed,
  outcomes.train_accuracy, outcomes.test_accuracy, outcomes.train_loss, outcomes.test_loss,
  outcomes.train_errors, outcomes.test_errors, outcomes.digit1_accuracy, outcomes.digit2_accuracy,
  jobs.duration_seconds, outcomes.weights_sha256,
  jobs.dataset_digest, jobs.spec_digest, jobs.numerics_version,
  attempts.program_version, attempts.instruction_set, attempts.host,
  jobs.attempts, jobs.submitted_at, jobs.started_at, jobs.finished_at
FROM outcomes
JOIN jobs ON jobs.id = outcomes.job
JOIN studies ON studies.id = jobs.study
JOIN attempts ON attempts.job = outcomes.job AND attempts.number = outcomes.attempt;
