#!/usr/bin/python3
"""aisci compare-policies from the command line: on a program, on a landscape, interrupted, and with broken evaluators.

Usage: compare_policies_test.py AISCI LANDSCAPE
"""

import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

AISCI, LANDSCAPE = sys.argv[1], sys.argv[2]

SPACE = {"space": {"rate": [0.1, 0.01], "kind": ["a", "b", "c"], "deep": [True, False]}}

# Scores in hundredths: what the configuration is worth, and noise from the seed's last digit; kind c always fails.
EVALUATOR = r"""#!/bin/sh
read -r line
case "$line" in *'"kind":"c"'*) echo "no such kind" >&2; exit 3;; esac
worth=30
case "$line" in *'"rate":0.1,'*|*'"rate":0.1}'*) worth=$((worth + 20));; esac
case "$line" in *'"kind":"b"'*) worth=$((worth + 20));; esac
case "$line" in *'"deep":true'*) worth=$((worth + 10));; esac
seed=${line##*:}; seed=${seed%\}}
echo "log line of a training run"
echo "{\"score\": 0.$((worth + seed / 2 % 10))}"
"""


class ComparePolicies(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory()
        self.addCleanup(self.home.cleanup)
        self.folder = pathlib.Path(self.home.name)
        self.space = self.folder / "space.json"
        self.space.write_text(json.dumps(SPACE))
        self.evaluator = self.script("evaluator.sh", EVALUATOR)

    def script(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o755)
        return str(path)

    def run_cli(self, *words):
        return subprocess.run([AISCI, "compare-policies", *map(str, words)], capture_output=True, text=True, timeout=120)

    def compare(self, *words, evaluator=None):
        return self.run_cli("--space", self.space, "--policies", "adaptive,drafts", "--budget", 8, *words, "--", *(evaluator or [self.evaluator]))

    def table(self, *words, **more):
        done = self.compare("--json", *words, **more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_a_program_is_searched_and_judged(self):
        table = self.table("--repetitions", 20, "--parallel", 2)
        self.assertEqual(table["schema"], "aisci/policy-comparison/1")
        self.assertEqual(table["measure"], "score")
        self.assertEqual([p["policy"] for p in table["policies"]], ["adaptive", "drafts"])
        for policy in table["policies"]:
            self.assertEqual(len(policy["values"]), 20)
            self.assertAlmostEqual(policy["mean"], sum(policy["values"]) / 20, places=9)
            self.assertLess(policy["interval"][0], policy["mean"])
            self.assertGreater(policy["interval"][1], policy["mean"])
            self.assertGreater(policy["failed"], 0)  # kind c
            self.assertEqual(json.loads(policy["most_published"]), {"deep": True, "kind": "b", "rate": 0.1})
            self.assertLess(max(policy["values"]), 0.9)
        self.assertIn("against_first", table["policies"][1])
        self.assertEqual(table["policies"], self.table("--repetitions", 20)["policies"])  # whatever the threads
        text = self.compare("--repetitions", 20)
        self.assertEqual(text.returncode, 0, text.stderr)
        self.assertIn("bootstrap", text.stdout)
        self.assertIn("search 40 of 40", text.stderr)

    def test_an_interrupted_comparison_goes_on(self):
        journal = self.folder / "done.jsonl"
        slow = self.script("slow.sh", EVALUATOR.replace("read -r line", "read -r line; sleep 0.05"))
        words = [AISCI, "compare-policies", "--space", str(self.space), "--policies", "adaptive,drafts", "--budget", "8", "--repetitions", "4", "--journal", str(journal)]
        with subprocess.Popen([*words, "--", slow], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
            deadline = time.monotonic() + 60
            while (not journal.exists() or journal.read_text().count("\n") < 4) and time.monotonic() < deadline:
                time.sleep(0.01)
            running.send_signal(signal.SIGINT)
            _, err = running.communicate(timeout=60)
        self.assertEqual(running.returncode, 4, err)
        self.assertIn("goes on from", err)
        kept = journal.read_text().count("\n") - 1
        self.assertGreaterEqual(kept, 3)
        with journal.open("a") as file:
            file.write('{"config":{"rate"')  # as a power cut leaves it
        resumed = self.table("--repetitions", 4, "--journal", journal)
        whole = self.table("--repetitions", 4)
        self.assertEqual(resumed["policies"], whole["policies"])
        self.assertEqual(resumed["evaluated"] + kept, whole["evaluated"])
        again = self.table("--repetitions", 4, "--journal", journal)
        self.assertEqual(again["evaluated"], 0)
        self.assertEqual(again["policies"], whole["policies"])
        self.space.write_text(json.dumps({"rate": [1, 2]}))
        other = self.compare("--repetitions", 4, "--journal", journal)
        self.assertEqual(other.returncode, 2)
        self.assertIn("another space", other.stderr)

    def test_an_argument_in_braces_is_the_configuration(self):
        echo = self.script("argument.sh", '#!/bin/sh\ncase "$1" in *\'"kind":"b"\'*) echo 0.9;; *) echo 0.1;; esac\n')
        table = self.table("--repetitions", 4, evaluator=[echo, "{}"])
        self.assertIn('"kind":"b"', table["policies"][0]["most_published"])

    def test_broken_evaluators_are_named(self):
        missing = self.compare(evaluator=["./there-is-no-such-program"])
        self.assertEqual(missing.returncode, 5)
        self.assertIn("there-is-no-such-program cannot be started", missing.stderr)
        rubbish = self.compare(evaluator=[self.script("rubbish.sh", "#!/bin/sh\necho training done\n")])
        self.assertEqual(rubbish.returncode, 1)
        self.assertIn('printed "training done"', rubbish.stderr)
        self.assertIn('{"score": 0.83}', rubbish.stderr)
        journal = self.folder / "failures.jsonl"
        fails = self.compare("--journal", journal, evaluator=[self.script("fails.sh", "#!/bin/sh\necho no module torch >&2\nexit 1\n")])
        self.assertEqual(fails.returncode, 5)
        self.assertIn("first 10 evaluations all failed", fails.stderr)
        self.assertIn("exit code 1; it wrote: no module torch", fails.stderr)
        self.assertGreater(self.table("--repetitions", 2, "--journal", journal)["evaluated"], 0)  # the evaluator was repaired
        nan = self.compare(evaluator=[self.script("nan.sh", "#!/bin/sh\necho '{\"score\": NaN}'\n")])
        self.assertIn("its score is not a number", nan.stderr)
        hangs = self.compare("--timeout", 0.05, evaluator=[self.script("hangs.sh", "#!/bin/sh\nsleep 60\n")])
        self.assertEqual(hangs.returncode, 5)
        self.assertIn("took longer than", hangs.stderr)

    def test_wrong_words_are_usage(self):
        for words, said in (
            (["--space", self.space], "evaluator's command is missing"),
            ([], "either --landscape FILE, or --space"),
            (["--landscape", LANDSCAPE, "--policies", "best"], 'unknown policy "best"; known are adaptive, greedy, puct, random, thompson, ucb1, uct, drafts'),
            (["--space", self.space, "--polices", "uct", "--", self.evaluator, "more"], "not expected: --polices\n"),
            (["--space", self.space, "--polices=uct", "--", self.evaluator], "not expected: --polices=uct\n"),
            (["--landscape", LANDSCAPE, "--policies", "uct,uct"], "named twice"),
            (["--landscape", LANDSCAPE, "--budget", 0], "a comparison needs a budget"),
            (["--landscape", self.space], "is not an aisci-landscape/1"),
        ):
            done = self.run_cli(*words)
            self.assertEqual(done.returncode, 2, (words, done.stderr))
            self.assertIn(said, done.stderr)
        self.space.write_text('{"rate": 3}')
        self.assertIn("levels of rate must be a list", self.compare().stderr)
        damaged = json.loads(pathlib.Path(LANDSCAPE).read_text())
        damaged["rows"][1]["config"][0] = 99
        self.space.write_text(json.dumps(damaged))
        self.assertIn("row 2: its config does not fit the space", self.run_cli("--landscape", self.space).stderr)

    def test_a_landscape_is_a_table_of_regret(self):
        words = ["--landscape", LANDSCAPE, "--policies", "adaptive,ucb1,drafts", "--budget", 40, "--repetitions", 60, "--json"]
        done = self.run_cli(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        table = json.loads(done.stdout)
        self.assertEqual(table["measure"], "regret")
        adaptive, ucb1, drafts = table["policies"]
        self.assertLess(adaptive["mean"], drafts["mean"])
        self.assertEqual(drafts["nodes"], 40)
        self.assertEqual(drafts["replicates"], 0)
        self.assertGreater(adaptive["replicates"], 0)
        self.assertAlmostEqual(ucb1["difference"], ucb1["mean"] - adaptive["mean"], places=9)
        self.assertEqual(done.stdout, self.run_cli(*words, "--parallel", 2).stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
