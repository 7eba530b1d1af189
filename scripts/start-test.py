#!/usr/bin/env python3
"""Measures how long the gateway takes to be ready again after kill -9, with many jobs stored.

    scripts/start-test.py [--server .build/release/sluice] [--jobs 1000000] [--running 10000] [--limit 5]

Fills a data directory that the server itself made: rows that it wrote are copied, column for column, into nine in ten
that have ended and one in ten that waits, of many owners and models; the last are running under a life that is over,
and stand in a WAL that nobody has moved into the database, because the filling process kills itself. Prints the time
from exec to readiness, with the file in the page cache and without, and fails where it is over the limit.
"""
import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

OWNERS, MODELS, BATCH = 200, 5, 20_000
TABLES = ["job", "job_input", "job_result", "job_attempt", "job_output"]
PROVIDERS = {
    "version": 1,
    "providers": [{"name": "stub", "adapter": "stub", "type": ["chat", "completion"], "models": ["stub-*"]}],
}


class Server:
    """One life of the gateway."""

    def __init__(self, program, place):
        began = time.monotonic()
        line = [program, "serve", "--port", "0", "--data", f"{place}/data", "--providers", f"{place}/providers.json"]
        self.log = open(f"{place}/log", "w")
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=self.log, text=True)
        said = self.process.stdout.readline()
        self.seconds = time.monotonic() - began
        if "is ready on" not in said:
            sys.exit(f"the gateway did not start: {open(f'{place}/log').read()}")
        self.url = said.split()[-1]

    def end(self, number):
        self.process.send_signal(number)
        self.process.wait()
        self.process.stdout.close()
        self.log.close()


def ask(url, token, method, path, body=None):
    request = urllib.request.Request(url + path, method=method, data=body and json.dumps(body).encode())
    request.add_header("Authorization", f"Bearer {token}")
    request.add_header("Content-Type", "application/json")
    request.add_header("Prefer", "wait=10")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def make_templates(program, place):
    """Lets the server itself write one job of each kind."""
    server = Server(program, place)
    line = [program, "token", "create", "--name", "start-test", "--data", f"{place}/data"]
    token = subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()
    prompt = {"type": "chat", "model": "stub-echo", "prompt": "x" * 300}
    succeeded = ask(server.url, token, "POST", "/v1/prompts", prompt)
    dead = ask(server.url, token, "POST", "/v1/prompts", prompt | {"model": "stub-error-invalidRequest"})
    queued = ask(server.url, token, "POST", "/v1/prompts", prompt | {"delaySeconds": 86_400 * 20, "deadlineSeconds": 86_400})
    states = [job["status"] for job in (succeeded, dead, queued)]
    if states != ["succeeded", "dead", "queued"]:
        sys.exit(f"the templates are {states}")
    server.end(signal.SIGTERM)


class Fill:
    """Copies the templates."""

    def __init__(self, path):
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA synchronous = OFF")
        self.db.execute("PRAGMA cache_size = -200000")
        self.db.execute("PRAGMA wal_autocheckpoint = 0")
        self.last = self.db.execute("SELECT max(seq) FROM job").fetchone()[0]
        self.columns = {t: [row[1] for row in self.db.execute(f"PRAGMA table_info({t})")] for t in TABLES}

    def template(self, state):
        seq = self.db.execute("SELECT min(seq) FROM job WHERE state = ? AND boot IS NULL", [state]).fetchone()[0]
        return {
            table: self.db.execute(f"SELECT * FROM {table} WHERE {'seq' if table == 'job' else 'job'} = ?", [seq]).fetchone()
            for table in TABLES
        }

    def add(self, count, rows, change=lambda table, row: row):
        """Adds so many copies of a job's rows, each with an id, an owner and a model of its own."""
        for start in range(0, count, BATCH):
            places = range(self.last + 1, self.last + 1 + min(BATCH, count - start))
            self.db.execute("BEGIN IMMEDIATE")
            for table in TABLES:
                if rows[table] is None:
                    continue
                names = self.columns[table]
                row = change(table, dict(zip(names, rows[table])))
                marks = ", ".join("?" for _ in names)
                self.db.executemany(
                    f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",
                    (self.copy(table, row, place) for place in places),
                )
            self.db.execute("COMMIT")
            self.last = places[-1]

    @staticmethod
    def copy(table, row, place):
        if table != "job":
            return tuple((row | {"job": place}).values())
        own = {"seq": place, "id": (1_700_000_000_000 + place).to_bytes(6, "big") + b"\x70\0\x80" + place.to_bytes(7, "big")}
        own |= {"owner": f"owner-{place % OWNERS}", "model": f"{row['model']}"}
        if row["state"] in ("queued", "running"):
            own["model"] = own["route"] = f"stub-echo-{place % MODELS}"
        return tuple((row | own).values())


def as_running(table, row):
    if table == "job":
        return row | {"state": "running", "epoch": 1, "boot": "a-life-that-is-over", "deadline_at": None, "time_given": None}
    return row


def fill(path, jobs, running):
    """Fills the store, and dies with the last rows in the WAL."""
    fill = Fill(path)
    succeeded, dead, queued = (fill.template(state) for state in ("succeeded", "dead", "queued"))
    rest = jobs - running - fill.last
    fill.add(rest // 10, queued)
    fill.add(rest // 20, dead)
    fill.add(rest - rest // 10 - rest // 20, succeeded)
    fill.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    # An attempt that is under way: what it has not brought yet is NULL.
    attempt = dict(zip(fill.columns["job_attempt"], succeeded["job_attempt"]))
    begun = {"job", "epoch", "owner", "row", "credential", "model", "config", "started_at"}
    attempt = tuple(value if name in begun else None for name, value in attempt.items())
    fill.add(running, queued | {"job_attempt": attempt}, as_running)
    os.kill(os.getpid(), signal.SIGKILL)


def flush(path):
    """Brings what the fill left to the disk, all but the WAL: a server's own checkpoints had done so."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def forget(path):
    """Takes the file out of the page cache."""
    for name in (path, f"{path}-wal"):
        if not os.path.exists(name):
            continue
        with open(name, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--server", default=".build/release/sluice")
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--running", type=int, default=10_000)
    parser.add_argument("--limit", type=float, default=5.0, help="the seconds that a start may take")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sluice-start-") as place:
        with open(f"{place}/providers.json", "w") as file:
            json.dump(PROVIDERS, file)
        path = f"{place}/data/sluice.db"
        make_templates(options.server, place)
        times = {}
        for kind in ("cached", "uncached"):
            child = os.fork()
            if child == 0:
                fill(path, options.jobs, options.running)
            os.waitpid(child, 0)
            stored, running = count(path)
            size, wal = os.path.getsize(path), os.path.getsize(path + "-wal")
            flush(path)
            if kind == "uncached":
                forget(path)
            server = Server(options.server, place)
            times[kind] = server.seconds
            print(
                f"{kind}: {server.seconds:.2f} s from exec to readiness, with {stored} jobs of which {running} running, "
                f"{size / 1e6:.0f} MB and a WAL of {wal / 1e6:.0f} MB"
            )
            server.end(signal.SIGKILL)
            check_rescued(path, running)
            options.jobs = stored + options.running
        if max(times.values()) > options.limit:
            sys.exit(f"over the limit of {options.limit:g} s")


def count(path):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        running = db.execute("SELECT count(*) FROM job WHERE boot = 'a-life-that-is-over'").fetchone()[0]
        return db.execute("SELECT count(*) FROM job").fetchone()[0], running


def check_rescued(path, running):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        if db.execute("SELECT count(*) FROM job WHERE boot = 'a-life-that-is-over'").fetchone()[0]:
            sys.exit("it was ready before all were rescued")
        interrupted = db.execute("SELECT count(*) FROM job_attempt WHERE outcome = 'interrupted'").fetchone()[0]
        if interrupted < running:
            sys.exit(f"only {interrupted} attempts are said to have been interrupted")


main()
