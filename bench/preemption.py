#!/usr/bin/env python3
"""How long an urgent job waits on a machine whose workers are all busy.

A private daemon trains as many long jobs as it has workers. Again and again an urgent job is submitted; the daemon stops
one of the long jobs at its next step, with a checkpoint, and its worker takes the urgent one. Prints the milliseconds
from the urgent job's `submitted_at` to the start of its attempt, as the database has them, and how many jobs were
preempted.

    swift build -c release && bench/preemption.py --rounds 40 --pairs 3000 --batch-size 250
"""

import argparse
import os
import pathlib
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--binaries", default=".build/release", help="where pairnetd and pairnetctl are")
parser.add_argument("--rounds", type=int, default=40, help="urgent jobs")
parser.add_argument("--workers", type=int, default=os.cpu_count())
parser.add_argument("--dataset", default="synthetic", help="of the long jobs")
parser.add_argument("--data-directory", help="where other datasets lie")
parser.add_argument("--pairs", type=int, default=3000, help="train pairs of the long jobs")
parser.add_argument("--batch-size", type=int, default=250, help="of the long jobs")
parser.add_argument("--model", default="BaseNetWeightShareAux", help="of the long jobs")
parser.add_argument("--directory", help="where the state lies while it runs; /dev/shm leaves the disk out of it")
arguments = parser.parse_args()
binaries = pathlib.Path(arguments.binaries).resolve()

with tempfile.TemporaryDirectory(prefix="pairnet-", dir=arguments.directory) as directory:
    state, socket, configuration = f"{directory}/state", f"{directory}/api.sock", f"{directory}/pairnetd.yaml"
    pathlib.Path(configuration).touch()
    command = [binaries / "pairnetd", "--config", configuration, "--state-directory", state, "--socket", socket]
    command += ["--workers", str(arguments.workers), "--log-level", "warning"]
    if arguments.data_directory:
        command += ["--data-directory", arguments.data_directory]
    daemon = subprocess.Popen(command)

    def ctl(*options):
        environment = dict(os.environ, PAIRNET_SOCKET=socket)
        run = subprocess.run([binaries / "pairnetctl", *options], env=environment, capture_output=True, text=True)
        if run.returncode != 0:
            raise RuntimeError(f"pairnetctl {' '.join(options)}: {run.stderr}")
        return run.stdout

    def rows(sql):
        database = sqlite3.connect(f"file:{state}/pairnet.db?mode=ro", uri=True, timeout=10)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def submit_long():
        ctl(
            "submit", "grid", "--dataset", arguments.dataset, "--train-pairs", str(arguments.pairs), "--test-pairs",
            "1000", "--batch-size", str(arguments.batch_size), "--epochs", "10000", "--model", arguments.model,
            "--batch-norm", "yes", "--seeds", f"1-{arguments.workers}", "-q",
        )

    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                ctl("status")
                break
            except RuntimeError:
                if time.monotonic() > deadline or daemon.poll() is not None:
                    raise
                time.sleep(0.05)
        # Every dataset is read once, before the clock runs.
        ctl("submit", "run", "--dataset", "synthetic", "--pairs", "20", "--batch-size", "10", "--epochs", "1", "--wait")
        submit_long()
        deadline = time.monotonic() + 600
        while len(rows("SELECT DISTINCT job FROM checkpoints")) < arguments.workers:
            if time.monotonic() > deadline:
                sys.exit("the long jobs have not begun within ten minutes")
            time.sleep(0.2)
        for round in range(arguments.rounds):
            # Anywhere between two steps.
            time.sleep(random.uniform(0, 0.2))
            ctl(
                "submit", "run", "--dataset", "synthetic", "--pairs", "20", "--batch-size", "10", "--epochs", "1",
                "--seed", str(round + 2), "--priority", "urgent", "-q", "--wait",
            )
            deadline = time.monotonic() + 60
            while rows("SELECT count(*) FROM jobs WHERE state = 'running'")[0][0] < arguments.workers:
                if time.monotonic() > deadline:
                    sys.exit("the preempted job has not gone on within a minute")
                time.sleep(0.01)
        # Of each urgent job: submission, start, and the end of the attempt that made room, in milliseconds.
        times = rows(
            """
            SELECT 86400000 * (julianday(attempts.started_at) - julianday(submitted_at)),
              86400000 * ((
                SELECT julianday(max(ended_at)) FROM attempts AS victims
                WHERE ending = 'preempted' AND ended_at BETWEEN submitted_at AND attempts.started_at
              ) - julianday(submitted_at))
            FROM jobs JOIN attempts ON attempts.job = jobs.id AND attempts.number = 1
            WHERE priority = 3
            """
        )
        preempted = rows("SELECT count(*) FROM attempts WHERE ending = 'preempted'")[0][0]
    finally:
        daemon.terminate()
        daemon.wait()

waits = sorted(wait for wait, _ in times)
stops = [stop for _, stop in times if stop is not None]
p99 = waits[min(len(waits) - 1, int(0.99 * len(waits)))]
print(
    f"{len(waits)} urgent jobs on {arguments.workers} busy workers ({arguments.model}, {arguments.dataset}, "
    f"{arguments.pairs} pairs, batches of {arguments.batch_size}): {preempted} preemptions"
)
print(f"milliseconds until the start: median {statistics.median(waits):.1f}, p99 {p99:.1f}, max {waits[-1]:.1f}")
if stops:
    print(f"of these until the other job has stopped and its checkpoint is on disk: median {statistics.median(stops):.1f}")
