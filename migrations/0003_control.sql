-- Control of the queue: paused jobs, priorities, reuse of results, audits, labels, limits, dependencies, checkpoints.
-- `jobs` is made anew, because its list of states is a CHECK. The runner of migrations has turned foreign keys off.

DROP VIEW results;
DROP TRIGGER epochs_contiguous;
DROP TRIGGER outcomes_complete;

CREATE TABLE jobs_new (
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

  -- 0 low, 1 normal, 2 high, 3 urgent.
  priority         INTEGER NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 3),
  -- Whether it is to be trained although a result of its digest is there.
  forced           INTEGER NOT NULL DEFAULT 0 CHECK (forced BETWEEN 0 AND 1),
  -- The job whose result this is to repeat.
  audit_of         INTEGER REFERENCES jobs (id),
  -- The job of the same digest that was trained, and whose outcome and epochs are this one's too.
  reused_from      INTEGER REFERENCES jobs (id),

  state            TEXT NOT NULL DEFAULT 'queued'
                   CHECK (state = 'queued' OR state = 'running' OR state = 'paused' OR state = 'succeeded'
                     OR state = 'failed' OR state = 'diverged' OR state = 'cancelled'),
  attempts         INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  -- How many of its attempts since it was queued by a person ended because the daemon died.
  crashes          INTEGER NOT NULL DEFAULT 0 CHECK (crashes BETWEEN 0 AND attempts),
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
                      WHEN 'paused' THEN finished_at IS NULL ELSE finished_at IS NOT NULL END),
  CONSTRAINT "a waiting job has not started; all others have but those that left the queue without being trained"
    CHECK (CASE state WHEN 'queued' THEN started_at IS NULL WHEN 'paused' THEN started_at IS NULL
                      WHEN 'cancelled' THEN 1 WHEN 'failed' THEN 1
                      ELSE (started_at IS NULL) = (reused_from IS NOT NULL) END),
  CONSTRAINT "what has started was attempted"
    CHECK (started_at IS NULL OR attempts >= 1),
  CONSTRAINT "exactly the jobs that ended without a result have a reason"
    CHECK (CASE state WHEN 'queued' THEN reason IS NULL WHEN 'running' THEN reason IS NULL
                      WHEN 'paused' THEN reason IS NULL WHEN 'succeeded' THEN reason IS NULL
                      ELSE reason IS NOT NULL END),
  CONSTRAINT "only a job that ended has a duration, and every one that was trained and succeeded"
    CHECK (CASE state WHEN 'queued' THEN duration_seconds IS NULL WHEN 'running' THEN duration_seconds IS NULL
                      WHEN 'paused' THEN duration_seconds IS NULL
                      WHEN 'succeeded' THEN (duration_seconds IS NULL) = (reused_from IS NOT NULL) ELSE 1 END),
  CONSTRAINT "only a job that succeeded reuses a result, and no forced one"
    CHECK (reused_from IS NULL OR (state = 'succeeded' AND forced = 0 AND reused_from <> id)),
  CONSTRAINT "an audit is trained"
    CHECK (audit_of IS NULL OR forced = 1)
) STRICT;

INSERT INTO jobs_new (
  id, study, model, batch_norm, dropout, dataset, train_pairs, test_pairs, evaluate_on, epochs, batch_size,
  learning_rate, shuffle, seed, dataset_digest, numerics_version, spec_digest, state, attempts, worker, submitted_at,
  started_at, finished_at, duration_seconds, reason)
SELECT
  id, study, model, batch_norm, dropout, dataset, train_pairs, test_pairs, evaluate_on, epochs, batch_size,
  learning_rate, shuffle, seed, dataset_digest, numerics_version, spec_digest, state, attempts, worker, submitted_at,
  started_at, finished_at, duration_seconds, reason
FROM jobs;

DROP TABLE jobs;
ALTER TABLE jobs_new RENAME TO jobs;

CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_study ON jobs (study, state);
-- One job a worker.
CREATE UNIQUE INDEX jobs_by_worker ON jobs (worker) WHERE state = 'running';
-- What a worker takes next. The ids of a study are consecutive, so that one that must wait is passed over in a step.
CREATE INDEX jobs_waiting ON jobs (priority, id) WHERE state = 'queued';
-- Results to reuse.
CREATE INDEX jobs_trained ON jobs (spec_digest) WHERE state = 'succeeded' AND reused_from IS NULL;

-- The transitions that JobState allows.
CREATE TRIGGER jobs_transition BEFORE UPDATE OF state ON jobs
WHEN CASE old.state
  WHEN 'queued' THEN new.state = 'queued' OR new.state = 'failed' OR new.state = 'diverged'
                  OR (new.state = 'succeeded' AND new.reused_from IS NULL)
  WHEN 'running' THEN new.state = 'running'
  WHEN 'paused' THEN new.state <> 'queued' AND new.state <> 'cancelled'
  WHEN 'succeeded' THEN 1
  ELSE new.state <> 'queued' END
BEGIN
  SELECT raise(ABORT, 'a job cannot change between these states');
END;

-- Whoever inserts the jobs of a study counts them: a trigger for each row costs as much as the row.
CREATE TRIGGER jobs_count_moved AFTER UPDATE OF state ON jobs WHEN old.state <> new.state
BEGIN
  UPDATE study_counts SET jobs = jobs - 1 WHERE study = old.study AND state = old.state;
  UPDATE study_counts SET jobs = jobs + 1 WHERE study = new.study AND state = new.state;
END;

CREATE TRIGGER jobs_count_gone AFTER DELETE ON jobs
BEGIN
  UPDATE study_counts SET jobs = jobs - 1 WHERE study = old.study AND state = old.state;
END;

DROP TRIGGER studies_count;
CREATE TRIGGER studies_count AFTER INSERT ON studies
BEGIN
  INSERT INTO study_counts (study, state, jobs) VALUES
    (new.id, 'queued', 0), (new.id, 'running', 0), (new.id, 'paused', 0), (new.id, 'succeeded', 0),
    (new.id, 'failed', 0), (new.id, 'diverged', 0), (new.id, 'cancelled', 0);
END;
INSERT INTO study_counts (study, state, jobs) SELECT id, 'paused', 0 FROM studies;

-- How many workers a study may have at a time, and how many seconds of training each of its jobs; NULL for no limit.
ALTER TABLE studies ADD COLUMN workers_max INTEGER CHECK (workers_max >= 1);
ALTER TABLE studies ADD COLUMN time_limit_seconds REAL CHECK (time_limit_seconds > 0 AND time_limit_seconds < 9e999);

CREATE TABLE study_labels (
  study INTEGER NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
  label TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 64),
  PRIMARY KEY (study, label)
) STRICT, WITHOUT ROWID;
CREATE INDEX study_labels_by_label ON study_labels (label);

-- The study's jobs wait until every job of the other has ended. Only earlier studies can be waited for: no cycles.
CREATE TABLE study_dependencies (
  study INTEGER NOT NULL REFERENCES studies (id) ON DELETE CASCADE,
  after INTEGER NOT NULL REFERENCES studies (id) CHECK (after < study),
  PRIMARY KEY (study, after)
) STRICT, WITHOUT ROWID;

-- The one row says whether workers take jobs; it outlives the daemon.
CREATE TABLE queue (
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  paused_at TEXT CHECK (paused_at GLOB
    '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z')
) STRICT;
INSERT INTO queue (one) VALUES (1);

-- Where a training that was interrupted goes on. A job that ends has none.
CREATE TABLE checkpoints (
  job         INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  attempt     INTEGER NOT NULL,
  -- What it is a state of: one with another digest than its job's is void.
  spec_digest TEXT NOT NULL CHECK (length(spec_digest) = 64),
  -- Epochs done, all of which are in `epochs`, and steps of the one under way.
  epochs      INTEGER NOT NULL CHECK (epochs >= 0),
  steps       INTEGER NOT NULL CHECK (steps >= 0),
  -- Wall-clock seconds of training up to here, over all attempts.
  seconds     REAL NOT NULL CHECK (seconds >= 0 AND seconds < 9e999),
  -- Everything that training changes, and its SHA-256 in hexadecimal.
  state       BLOB NOT NULL,
  sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
  saved_at    TEXT NOT NULL CHECK (saved_at GLOB
    '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  FOREIGN KEY (job, attempt) REFERENCES attempts (job, number)
) STRICT;

CREATE TRIGGER checkpoints_end AFTER UPDATE OF state ON jobs
WHEN new.state <> 'queued' AND new.state <> 'running' AND new.state <> 'paused' AND new.state <> old.state
BEGIN
  DELETE FROM checkpoints WHERE job = new.id;
END;

-- Attempts can also end because their worker was needed for an urgent job, or because the job was paused.
CREATE TABLE attempts_new (
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
                    OR ending = 'stopped' OR ending = 'interrupted' OR ending = 'paused' OR ending = 'preempted'),
  PRIMARY KEY (job, number),
  CONSTRAINT "an attempt that ended says when and how"
    CHECK ((ended_at IS NULL) = (ending IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO attempts_new SELECT * FROM attempts;
DROP TABLE attempts;
ALTER TABLE attempts_new RENAME TO attempts;

CREATE TRIGGER epochs_contiguous BEFORE INSERT ON epochs
BEGIN
  SELECT raise(ABORT, 'the epochs of a job are contiguous from 1')
  WHERE new.epoch <> 1 + (SELECT coalesce(max(epoch), 0) FROM epochs WHERE job = new.job);
  SELECT raise(ABORT, 'only a running job has new epochs')
  WHERE (SELECT state FROM jobs WHERE id = new.job) <> 'running';
END;

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
-- Of a job that reuses a result, the attempt, its start and its duration are those of the training.
CREATE VIEW results AS
SELECT
  jobs.id AS job, jobs.study, studies.name AS study_name,
  jobs.model, jobs.batch_norm, jobs.dropout, jobs.dataset, jobs.train_pairs, jobs.test_pairs, jobs.evaluate_on,
  jobs.epochs, jobs.batch_size, jobs.learning_rate, jobs.shuffle, jobs.seed,
  outcomes.train_accuracy, outcomes.test_accuracy, outcomes.train_loss, outcomes.test_loss,
  outcomes.train_errors, outcomes.test_errors, outcomes.digit1_accuracy, outcomes.digit2_accuracy,
  trained.duration_seconds, outcomes.weights_sha256,
  jobs.dataset_digest, jobs.spec_digest, jobs.numerics_version,
  attempts.program_version, attempts.instruction_set, attempts.host,
  trained.attempts, jobs.submitted_at, trained.started_at, jobs.finished_at, jobs.reused_from, jobs.audit_of
FROM jobs
JOIN outcomes ON outcomes.job = coalesce(jobs.reused_from, jobs.id)
JOIN jobs AS trained ON trained.id = outcomes.job
JOIN studies ON studies.id = jobs.study
JOIN attempts ON attempts.job = outcomes.job AND attempts.number = outcomes.attempt
WHERE jobs.state = 'succeeded';
