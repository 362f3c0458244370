#!/usr/bin/env python3
"""A study of real experiments that is killed many times and ends as if nothing had been.

  kills.py BUILD [--kills 30] [--parallel 1] [--experiments 12] [--reference DIR]

Where to kill is chosen by looking at the ledger and at the processes, not by the clock alone: inside a trial, inside an
append to the ledger, inside LaTeX, inside the reviews. What is killed takes turns: aisci, the supervisor of the run, the
program in the sandbox, or all of them at once. A study that ends before all kills were made is followed by another. Each
must have the nodes, verdicts, printed numbers and paper of an undisturbed one, and no trial that was complete may have
run again.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

QUESTION = "Does dropout help a small CNN on few images?"
OF_THE_MACHINE = 2  # kills of a run alone that one experiment may take: three retries are its limit


def started_with(folder):
    """Processes whose command line names the folder: aisci, supervisors, bwrap."""
    found = {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            words = pathlib.Path(entry.path, "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(os.fsencode(str(folder)) in word for word in words) and int(entry.name) != os.getpid():
            found[int(entry.name)] = os.path.basename(os.fsdecode(words[0]))
    return found


def children_of(pid):
    try:
        return [int(child) for task in os.listdir(f"/proc/{pid}/task")
                for child in pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split()]
    except OSError:
        return []


def below(pid):
    out = []
    for child in children_of(pid):
        out += [child, *below(child)]
    return out


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False


class Study:
    def __init__(self, aisci, folder, options):
        self.aisci, self.folder, self.options, self.process = aisci, folder, options, None
        self.begun = False

    def start(self):
        command = [self.aisci, "resume", self.folder, "--quiet"] if (self.folder / "study.db").exists() else \
            [self.aisci, "run", QUESTION, "-o", self.folder, "--quiet", *self.options]
        if command[1] == "run" and self.folder.exists():
            shutil.rmtree(self.folder)  # killed before its first event
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def events(self):
        try:
            with sqlite3.connect(f"file:{self.folder}/study.db?mode=ro", uri=True, timeout=1) as database:
                return database.execute("select type, key from events order by sequence").fetchall()
        except sqlite3.Error:
            return []

    def written(self):
        """What changes when something is appended."""
        try:
            wal = os.stat(self.folder / "study.db-wal")
            return wal.st_size, wal.st_mtime_ns
        except OSError:
            return None

    def runs(self, where):
        """Supervisors of runs below a part of the folder, each with its run folder, whose program has begun."""
        found = []
        for pid, name in started_with(self.folder).items():
            if name != "aisci-supervisor":
                continue
            try:
                run = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[1].decode()
            except (OSError, IndexError):
                continue
            inside = below(pid)
            if f"/{where}/" in run and len(inside) >= 2:
                found.append((pid, run, inside[-1]))
        return found

    def told(self):
        shown = json.loads(subprocess.run([self.aisci, "show", self.folder, "--json"], check=True,
                                          stdout=subprocess.PIPE).stdout)
        for node in shown["nodes"]:
            node.pop("retries", None)  # how often the machine failed
        summary = json.loads((self.folder / "summary.json").read_text())
        hashes = re.compile(r"[0-9a-f]{8,64}")
        return {"state": shown["state"], "nodes": shown["nodes"], "claims": shown["claims"], "summary": summary,
                "model": json.loads((self.folder / "paper/paper.json").read_text()),
                "paper": hashes.sub("HASH", (self.folder / "paper/paper.tex").read_text().replace(r"\brk{}", ""))}


def in_review(events):
    kinds = [kind for kind, _ in events]
    return ("paper.built", "draft") in events and "paper.revised" not in kinds


def reached(study, where, events):
    """A run to kill in, or True where there is none, once the study is at a place; None until then."""
    if where == "trial":
        runs = [run for run in study.runs("experiments")]
        return random.choice(runs) if runs else None
    if where == "latex":
        runs = study.runs("paper-runs")
        return runs[0] if runs else None
    if where == "review" and not in_review(events):
        return None
    if where == "append" and not events:
        return None
    before = study.written()
    until = time.monotonic() + 20
    while time.monotonic() < until and study.process.poll() is None:
        if study.written() != before:
            return True
    return None


def strike(study, what, run):
    if what in ("aisci", "everything"):
        targets = [study.process.pid]
    else:
        targets = [run[0] if what == "supervisor" else run[2]]
    if what == "everything":
        targets += [pid for own in started_with(study.folder) for pid in (own, *below(own))]
    hit = [kill(pid) for pid in targets]
    if what in ("aisci", "everything"):
        study.process.wait()
    return hit[0]


def ran_again(folder):
    """Trials that were complete in one run and are in another."""
    twice = []
    for experiment in folder.glob("experiments/**/runs"):
        seen = collections.Counter(found.parent.name for found in experiment.glob("*/results/*/metrics.json"))
        twice += [f"{experiment.parent.name}: {trial}" for trial, count in seen.items() if count > 1]
    return twice


def check(study, reference, work):
    problems = []
    told = study.told()
    for name, expected in reference.items():
        if told[name] != expected:
            problems.append(f"{name} differs; see {work}")
            pathlib.Path(work, f"{name}.expected").write_text(json.dumps(expected, indent=1))
            pathlib.Path(work, f"{name}.found").write_text(json.dumps(told[name], indent=1))
    problems += [f"{trial} ran again" for trial in ran_again(study.folder)]
    problems += [f"left running: {pid} {name}" for pid, name in started_with(study.folder).items()]
    verified = subprocess.run([study.aisci, "verify", study.folder], stdout=subprocess.PIPE, text=True)
    if verified.returncode != 0:
        problems.append(verified.stdout)
    return problems


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("--kills", type=int, default=30)
    arguments.add_argument("--parallel", type=int, default=1)
    arguments.add_argument("--experiments", type=int, default=12)
    arguments.add_argument("--reference", type=pathlib.Path)
    given = arguments.parse_args()
    aisci = given.build.resolve() / "bin/aisci"
    work = pathlib.Path(tempfile.mkdtemp(prefix="aisci-kills-"))
    options = ["--max-experiments", str(given.experiments), "--confirm", "0.1", "--seed", "7", "--parallel",
               str(given.parallel)]
    whole = Study(aisci, given.reference or work / "undisturbed", options)
    if not (whole.folder / "summary.json").exists():
        whole.start()
        if whole.process.wait() != 0:
            sys.exit(f"the undisturbed study failed: {whole.process.stderr.read().decode()}")
    reference = whole.told()
    completed = sum(kind == "experiment.completed" for kind, _ in whole.events())
    if completed < given.experiments:
        sys.exit(f"the undisturbed study has {completed} experiments, too few to be killed in")
    print(f"the undisturbed study: {completed} experiments, {len(whole.events())} events", flush=True)

    share = max(1, given.kills // 6)
    plan = collections.Counter({"latex": share, "review": share, "append": given.kills // 4})
    plan["trial"] = given.kills - sum(plan.values())
    turns = {where: collections.deque(turn) for where, turn in {
        "trial": ("program", "aisci", "supervisor", "everything"), "latex": ("program", "everything", "aisci", "supervisor"),
        "append": ("aisci", "everything"), "review": ("aisci", "everything")}.items()}
    done, alone, problems, studies = collections.Counter(), collections.Counter(), [], 0
    begun = time.monotonic()
    random.seed(given.parallel)
    while sum(plan.values()) > 0:
        studies += 1
        study = Study(aisci, work / f"killed-{studies}", options)
        study.start()
        early = plan["trial"] + plan["append"]
        made = 0
        while study.process.poll() is None:
            time.sleep(0.005)
            events = study.events()
            ended = sum(kind == "experiment.completed" for kind, _ in events)
            # Early kills are spread over the experiments.
            spread = early == 0 or ended * early >= made * completed * 0.8
            choices = [where for where in ("trial", "append") if plan[where] and spread]
            choices += [where for where in ("latex", "review") if plan[where] and not plan["trial"] + plan["append"]
                        or where in ("latex", "review") and plan[where] and ended == completed]
            at = next(((where, found) for where in random.sample(choices, len(choices))
                       if (found := reached(study, where, events))), None)
            if not at:
                continue
            where, found = at
            what = turns[where][0]
            if what in ("supervisor", "program"):
                place = found[1].rsplit("/runs/", 1)[0] if where == "trial" else f"{studies}/{where}"
                if alone[place] >= OF_THE_MACHINE:
                    what = "aisci"
                alone[place] += what != "aisci"
            if where in ("trial", "latex"):
                time.sleep(random.random() * (1.5 if where == "trial" else 0.3))
            if study.process.poll() is not None or not strike(study, what, found):
                continue
            turns[where].rotate(-1)
            plan[where] -= 1
            done[f"{where}: {what}"] += 1
            made += where in ("trial", "append")
            print(f"{time.monotonic() - begun:6.0f} s  study {studies}, {len(events)} events: killed {what} in {where}",
                  flush=True)
            if what in ("aisci", "everything"):
                study.start()
            else:
                time.sleep(0.5)
        if study.process.returncode != 0:
            sys.exit(f"the study ended with {study.process.returncode}: {study.process.stderr.read().decode()}")
        found = check(study, reference, work)
        problems += found
        print(f"study {studies}: {'equal to the undisturbed one' if not found else found}", flush=True)
    for name, count in sorted(done.items()):
        print(f"{count:3} {name}")
    print(f"{sum(done.values())} kills over {studies} studies of {completed} experiments, parallel {given.parallel}")
    if problems:
        sys.exit("\n".join(problems))
    if not given.reference:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
