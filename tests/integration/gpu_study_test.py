#!/usr/bin/python3
"""Studies on a machine with GPUs, from the command line and from Python. The driver is a stand-in that the loader finds
as it would find a real one; the programs are curves that take milliseconds to fit.

Usage: gpu_study_test.py AISCI DRIVER_FOLDER PYTHON_PACKAGE [NAME...]      PYTHON_PACKAGE -: there is none
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

AISCI, DRIVER, PACKAGE = sys.argv[1:4]
QUESTION = "How does the degree of a curve affect its fit when there are few points?"
SMALL = ["--max-experiments", "3", "--confirm", "0.3", "--seed", "7", "--quiet"]
ONE, OTHER = f"GPU-8f{os.getpid()}", f"GPU-9c{os.getpid()}"  # leases are the user's, not the test's
TWO = f"{ONE}|NVIDIA A100-SXM4-80GB|81920|0\n{OTHER}|NVIDIA L4|23034|1\n"


class Case(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.folder = pathlib.Path(home.name)
        self.study = self.folder / "study"
        self.environment = {**os.environ, "LD_LIBRARY_PATH": DRIVER, "FAKE_NVML": str(self.folder / "gpus")}
        self.environment.pop("CUDA_VISIBLE_DEVICES", None)
        self.driver_tells(TWO)

    def driver_tells(self, text):
        (self.folder / "gpus").write_text(text)

    def cli(self, *words):
        return subprocess.run([AISCI, *map(str, words)], cwd=self.folder, env=self.environment, capture_output=True,
                              text=True, timeout=250)

    def template(self, gpus=1, seconds=0.0):
        """A template whose trials would use a GPU, and take their time."""
        self.assertEqual(self.cli("template", "new", "curves").returncode, 0)
        path = self.folder / "curves/template.json"
        manifest = json.loads(path.read_text())
        manifest["limits"]["gpus"] = gpus
        path.write_text(json.dumps(manifest))
        program = self.folder / "curves/experiment.py"
        program.write_text(program.read_text() + f"    import time; time.sleep({seconds})\n")

    def runs(self):
        """(GPUs, when it began, when it had ended) of each run of an experiment, from what its supervisor was given
        and left."""
        found = []
        for path in self.study.glob("experiments/*/**/completion.json"):
            run = path.parent
            lines = (run / "command.txt").read_text().splitlines()
            gpus = lines[lines.index("CUDA_VISIBLE_DEVICES") + 1]
            found.append((gpus, (run / "supervisor.json").stat().st_mtime_ns, path.stat().st_mtime_ns))
        return found

    def check_alone(self, runs):
        for gpus in {gpus for gpus, _, _ in runs}:
            on_it = sorted(run[1:] for run in runs if run[0] == gpus)
            for (_, ended), (began, _) in zip(on_it, on_it[1:]):
                self.assertLessEqual(ended, began, "two experiments on " + gpus)


class Studies(Case):
    def test_EachExperiment_HasAGpuToItself(self):
        self.template()
        ran = self.cli("run", QUESTION, "-o", self.study, "--template", "./curves", "--gpus", "0,1", "--parallel", "4", *SMALL)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        runs = self.runs()
        self.assertGreater(len(runs), 3)
        self.assertEqual({gpus for gpus, _, _ in runs}, {ONE, OTHER})
        self.check_alone(runs)
        for other in [*self.study.glob("data*/**/command.txt"), *self.study.glob("paper-runs/**/command.txt")]:
            lines = other.read_text().splitlines()
            self.assertEqual(lines[lines.index("CUDA_VISIBLE_DEVICES") + 1], "", other)
        # Verified where there is neither the driver nor a GPU.
        self.environment.pop("LD_LIBRARY_PATH")
        verified = self.cli("verify", self.study)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    @unittest.skipIf(PACKAGE == "-", "built without the Python package")
    def test_FromPython_WithAListOfGpus(self):
        self.template()
        self.environment["PYTHONPATH"] = PACKAGE
        program = ("import aisci\n"
                   "scientist = aisci.AIScientist(max_experiments=2, initial_hypotheses_kept=2, seed=7, gpu_ids=[1],\n"
                   "                              template_folder='./curves')\n"
                   f"print(scientist.run(research_question={QUESTION!r}, output_dir='study').verdicts)\n")
        ran = subprocess.run(["/usr/bin/python3", "-c", program], cwd=self.folder, env=self.environment,
                             capture_output=True, text=True, timeout=250)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertEqual({gpus for gpus, _, _ in self.runs()}, {OTHER})
        self.check_alone(self.runs())

    def test_WithoutADriverThatAnswers_OrACudaPyTorch_ExperimentsRunOnProcessors(self):
        self.template()
        for told, says in ("broken\n", "Driver/library version mismatch"), (TWO, "built without CUDA"):
            with self.subTest(says):
                self.driver_tells(told)
                self.study = self.folder / ("study" + str(len(list(self.folder.iterdir()))))
                ran = self.cli("run", QUESTION, "-o", self.study, "--template", "./curves", *SMALL)
                self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
                self.assertIn(says, ran.stderr)  # what doctor says of it, at the beginning
                self.assertEqual({gpus for gpus, _, _ in self.runs()}, {""})
                self.assertIn("gpu_ids = 'none'", (self.study / "config.toml").read_text())

    def test_AKilledStudy_GoesOnWithItsGpu_AndWithoutItOnlyWhenAsked(self):
        self.template(seconds=0.2)
        words = ["run", QUESTION, "-o", self.study, "--template", "./curves", "--gpus", "0", "--parallel", "2", *SMALL]
        running = subprocess.Popen([AISCI, *map(str, words)], cwd=self.folder, env=self.environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not list(self.study.glob("experiments/*/**/supervisor.json")):
            self.assertIsNone(running.poll())
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
        running.wait()
        self.driver_tells(f"{OTHER}|NVIDIA L4|23034|1\n")  # it is gone
        refused = self.cli("resume", self.study)
        self.assertEqual(refused.returncode, 5, refused.stderr)
        self.assertIn("the study began with it", refused.stderr)
        stopped = subprocess.Popen([AISCI, "resume", str(self.study), "--gpus", "0", "--quiet"], cwd=self.folder,
                                   env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(self.runs()) < 2:
            self.assertIsNone(stopped.poll())
            time.sleep(0.02)
        stopped.send_signal(signal.SIGKILL)
        stopped.wait()
        self.driver_tells(TWO)  # it is back
        again = self.cli("resume", self.study)
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)
        self.assertEqual({gpus for gpus, _, _ in self.runs()}, {ONE, OTHER})
        self.check_alone(self.runs())


class Refusals(Case):
    def test_WhatIsNotThere_IsSaidBeforeAnyWork(self):
        self.template()
        for ids, code, says in ("2", 5, f"there is no GPU 2; there are 0 ({ONE}), 1 ({OTHER})"), (
                "first", 2, "expected all, none, or indices"), ("GPU-7", 5, "there is no GPU GPU-7"), (
                "MIG-1", 2, "MIG"):
            ran = self.cli("run", QUESTION, "-o", self.study, "--template", "./curves", "--gpus", ids, *SMALL)
            self.assertEqual(ran.returncode, code, ran.stderr)
            self.assertIn(says, ran.stderr)
            self.assertFalse(self.study.exists())
        self.driver_tells("broken\n")
        ran = self.cli("run", QUESTION, "-o", self.study, "--template", "./curves", "--gpus", "0", *SMALL)
        self.assertEqual(ran.returncode, 5, ran.stderr)
        self.assertIn("Driver/library version mismatch", ran.stderr)

    def test_Doctor_TellsOfThem(self):
        # As set-up installs it: a PyTorch that could not use them. Named, they are the user's wish.
        said = self.cli("doctor").stdout
        self.assertIn("none; experiments run on processors", said)
        self.assertIn("built without CUDA", said)
        self.assertIn("NVIDIA A100-SXM4-80GB (80 GB), NVIDIA L4 (22 GB)", self.cli("doctor", "--gpus", "0,1").stdout)
        # One that says it is built for CUDA.
        torch = self.folder / "torch"
        torch.mkdir()
        (torch / "__init__.py").write_text("raise ImportError('not needed to look it up')\n")
        (torch / "version.py").write_text("cuda = '12.1'\n")
        python = self.folder / "python3"
        python.write_text(f"#!/bin/sh\nPYTHONPATH={self.folder} exec /usr/bin/python3 \"$@\"\n")
        python.chmod(0o755)
        self.environment["AISCI_PYTHON"] = str(python)
        said = self.cli("doctor").stdout
        self.assertIn("NVIDIA A100-SXM4-80GB (80 GB), NVIDIA L4 (22 GB)", said)
        self.assertNotIn("built without CUDA", said)
        self.assertIn("nvidia-modprobe", said)  # there are no nodes of theirs here
        for told, says in ("", "none; experiments run on processors"), ("broken\n", "Driver/library version mismatch"), (
                TWO + "GPU-l|L|1|2|lost\n", "GPU 2 is left out: GPU is lost"):
            self.driver_tells(told)
            self.assertIn(says, self.cli("doctor").stdout)
        self.driver_tells(TWO)
        self.environment["CUDA_VISIBLE_DEVICES"] = ""
        self.assertIn("CUDA_VISIBLE_DEVICES shows none", self.cli("doctor").stdout)

    def test_AListInAConfigurationFile(self):
        (self.folder / "aisci.toml").write_text("gpu_ids = [1, 0]\n")
        self.assertIn("NVIDIA L4 (22 GB), NVIDIA A100-SXM4-80GB (80 GB)", self.cli("doctor").stdout)
        self.environment["AISCI_GPU_IDS"] = "1"
        self.assertNotIn("A100", self.cli("doctor").stdout)

    def test_Reproduce_RefusesBeforeItUnpacks(self):
        (self.folder / "a.tar.gz").write_bytes(b"never read")
        ran = self.cli("reproduce", "a.tar.gz", "-o", "again", "--gpus", "9")
        self.assertEqual(ran.returncode, 5, ran.stderr)
        self.assertIn("there is no GPU 9", ran.stderr)
        self.assertFalse((self.folder / "again").exists())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)
