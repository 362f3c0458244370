"""What aisci_experiment promises to programs and to the host."""

import importlib
import json
import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

from programs import MODULE, result, run, trial

DRAWS = """
import random
import aisci_experiment
import numpy
for trial in aisci_experiment.trials():
    trial.finish({"draw": random.random(), "numpy": numpy.random.random(), "purpose": trial.seed_for("subset")})
"""

COUNTS = """
import aisci_experiment
for trial in aisci_experiment.trials():
    trial.log(1, loss=2.5)
    trial.log(2, loss=1.5)
    trial.finish({"loss": 0.5, "count": 3}, predictions=[1, 0, 2])
"""


def body(*lines):
    """A program whose loop has these lines."""
    return "\n    ".join(["import aisci_experiment\nfor trial in aisci_experiment.trials():", *lines]) + "\n"


class ModuleTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def files(self, identity="t001"):
        folder = self.folder / "results" / identity
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def assert_refused(self, program, *words, trials=None):
        ended = run(self.folder, program, trials or [trial()])
        self.assertNotEqual(ended.returncode, 0)
        for word in words:
            self.assertIn(word, ended.stderr)
        self.assertNotIn("metrics.json", self.files())


class Outcome(ModuleTest):
    def test_Finish_WritesTheWholeDocumentAndOneLine(self):
        ended = run(self.folder, COUNTS, [trial(seed=11, width=32)])
        self.assertEqual(ended.returncode, 0, ended.stderr)
        found = result(self.folder)
        self.assertEqual(self.files(), ["metrics.json"])
        self.assertEqual(found["$schema"], "aisci/trial/1")
        self.assertEqual((found["trial"], found["arm"], found["seed"], found["config"]), ("t001", "a", 11, {"width": 32}))
        self.assertEqual(found["metrics"], {"loss": 0.5, "count": 3})
        self.assertEqual(found["curves"], {"loss": [[1, 2.5], [2, 1.5]]})
        self.assertEqual(found["predictions"], {"split": "validation", "labels": [1, 0, 2]})
        self.assertIs(found["diverged"], False)
        self.assertEqual(found["environment"]["threads"], 1)
        self.assertGreaterEqual(found["volatile"]["seconds"], 0)
        self.assertEqual(ended.stdout, 'aisci-trial {"trial":"t001","arm":"a","seed":11,"metrics":{"loss":0.5,"count":3}}\n')

    def test_Finish_TakesNumbersOfNumpy(self):
        program = "import numpy\n" + body("trial.finish({'x': numpy.float32(0.5), 'n': numpy.int64(4)}, predictions=numpy.arange(3))")
        ended = run(self.folder, program, [trial()])
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(result(self.folder)["metrics"], {"x": 0.5, "n": 4})
        self.assertEqual(result(self.folder)["predictions"]["labels"], [0, 1, 2])

    def test_Finish_RefusesNumbersThatAreNotFinite(self):
        for text in ("nan", "inf", "-inf"):
            self.assert_refused(body(f"trial.finish({{'loss': float('{text}')}})"), "metric loss is", "trial.diverged")

    def test_Finish_RefusesWrongTypes(self):
        for value in ("'high'", "True", "None", "[1]"):
            self.assert_refused(body(f"trial.finish({{'loss': {value}}})"), "metric loss must be a number")
        self.assert_refused(body("trial.finish([1])"), "metrics must be a dict")
        self.assert_refused(body("trial.finish({}, predictions=[1, 0.5])"), "prediction 1 must be a whole number")

    def test_Finish_Twice_IsRefused(self):
        ended = run(self.folder, body("trial.finish({'x': 1})", "trial.finish({'x': 2})"), [trial()])
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("has ended already", ended.stderr)
        self.assertEqual(result(self.folder)["metrics"], {"x": 1})

    def test_Log_RefusesStepsThatDoNotIncreaseAndValuesThatAreNotFinite(self):
        self.assert_refused(body("trial.log(3, loss=1.0)", "trial.log(3, loss=1.0)"), "3 is not later")
        self.assert_refused(body("trial.log(3, loss=float('nan'))"), "curve loss is nan")

    def test_Divergence_IsAnOutcomeAndTheNextTrialRuns(self):
        program = body("if trial.arm == 'a':", "    trial.log(5, loss=3.0)", "    trial.diverged('loss is nan', {'loss': float('nan'), 'n': 4})",
                       "else:", "    trial.finish({'loss': 1.0})")
        ended = run(self.folder, program, [trial("t001", "a"), trial("t002", "b")])
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIs(result(self.folder)["diverged"], True)
        self.assertEqual(result(self.folder)["divergence"], "loss is nan")
        self.assertEqual(result(self.folder)["metrics"], {"n": 4})
        self.assertEqual(result(self.folder)["curves"], {"loss": [[5, 3.0]]})
        self.assertNotIn("predictions", result(self.folder))
        self.assertIs(result(self.folder, "t002")["diverged"], False)

    def test_TrialThatIsNeitherFinishedNorDiverged_IsRefused(self):
        self.assert_refused(body("pass"), "t001 went by without trial.finish")


class Errors(ModuleTest):
    def recorded(self, statement):
        ended = run(self.folder, body(statement), [trial()], data=self.folder / "data")
        self.assertEqual(ended.returncode, 1)
        return result(self.folder, name="error.json")

    def test_Exception_IsRecordedAndEndsTheRun_EarlierTrialsStay(self):
        program = body("if trial.arm == 'b':", "    raise KeyError('no such layer')", "trial.finish({'x': 1})")
        ended = run(self.folder, program, [trial("t001", "a"), trial("t002", "b"), trial("t003", "c")])
        self.assertEqual(ended.returncode, 1)
        found = result(self.folder, "t002", "error.json")
        self.assertEqual((found["class"], found["type"], found["message"]), ("code_error", "KeyError", "'no such layer'"))
        self.assertIn("program.py", found["traceback"])
        self.assertIn("KeyError", ended.stderr)
        self.assertEqual((self.files("t001"), self.files("t002"), self.files("t003")), (["metrics.json"], ["error.json"], []))

    def test_Classes(self):
        self.assertEqual(self.recorded("raise MemoryError()")["class"], "out_of_memory")
        self.assertEqual(self.recorded("raise RuntimeError('CUDA out of memory. Tried to allocate')")["class"], "out_of_memory")
        for said in ("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", "can't allocate memory",
                     "[enforce fail at alloc_cpu.cpp:75] DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes"):
            self.assertEqual(self.recorded(f"raise RuntimeError({said!r})")["class"], "out_of_memory", said)
        self.assertEqual(self.recorded("raise aisci_experiment.DataError('shape')")["class"], "corrupt_data")
        self.assertEqual(self.recorded("open(trial.data / 'train.npz')")["class"], "corrupt_data")
        self.assertEqual(self.recorded("open('/no/such/file')")["class"], "code_error")

    def test_TextThatNoEncodingHas_DoesNotHideTheError(self):
        found = self.recorded("raise ValueError('no file caf' + chr(0xdce9))")  # how Python shows a name that is not UTF-8
        self.assertEqual((found["class"], found["message"]), ("code_error", "no file caf?"))

    def test_RepairedProgram_RemovesTheError(self):
        self.recorded("raise ValueError('x')")
        self.assertEqual(run(self.folder, COUNTS, [trial()]).returncode, 0)
        self.assertEqual(self.files(), ["metrics.json"])

    def test_Traceback_IsBounded(self):
        self.assertLessEqual(len(self.recorded("raise ValueError('x' * 100000)")["traceback"]), 4000)


class Resume(ModuleTest):
    def test_CompleteTrials_AreSkipped_MissingAndBrokenOnesRun(self):
        trials = [trial(f"t00{i}", seed=i) for i in (1, 2, 3)]
        run(self.folder, COUNTS, trials)
        (self.folder / "results/t002/metrics.json").unlink()
        broken = self.folder / "results/t003/metrics.json"
        broken.write_text(broken.read_text()[:-30])
        kept = os.stat(self.folder / "results/t001/metrics.json")
        ended = run(self.folder, COUNTS, trials)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual([json.loads(line[12:])["trial"] for line in ended.stdout.splitlines()], ["t002", "t003"])
        self.assertEqual(os.stat(self.folder / "results/t001/metrics.json").st_ino, kept.st_ino)
        self.assertEqual(result(self.folder, "t003")["metrics"]["count"], 3)

    def test_ResultOfAnotherSeedConfigurationOrSplit_DoesNotCount(self):
        run(self.folder, COUNTS, [trial(seed=1, width=16)])
        for changed in (trial(seed=2, width=16), trial(seed=2, width=32), trial(arm="b", seed=2, width=32)):
            self.assertEqual(run(self.folder, COUNTS, [changed]).stdout.count("aisci-trial"), 1)
        self.assertEqual(run(self.folder, COUNTS, [changed], evaluate="confirmation").stdout.count("aisci-trial"), 1)
        self.assertEqual(run(self.folder, COUNTS, [changed], evaluate="confirmation").stdout, "")


class Seeds(ModuleTest):
    def test_DrawsFollowTheSeedAloneAndNotTheArmOrTheOrder(self):
        run(self.folder, DRAWS, [trial("t001", "a", 5), trial("t002", "b", 5), trial("t003", "a", 6), trial("t004", "a", 5)])
        first, other_arm, other_seed, again = (result(self.folder, f"t00{i}")["metrics"] for i in (1, 2, 3, 4))
        self.assertEqual(first, other_arm)
        self.assertEqual(first, again)
        for name in ("draw", "numpy", "purpose"):
            self.assertNotEqual(first[name], other_seed[name])

    def test_SeedFor_DiffersByPurpose(self):
        program = body("trial.finish({'a': trial.seed_for('subset'), 'b': trial.seed_for('order')})")
        run(self.folder, program, [trial()])
        found = result(self.folder)["metrics"]
        self.assertNotEqual(found["a"], found["b"])
        self.assertTrue(0 <= found["a"] < 2**31)


class Configuration(ModuleTest):
    def test_WrongMembers_AreNamed(self):
        for change, word in (({"seed": "7"}, "trials[0].seed must be int"), ({"seed": True}, "trials[0].seed must be int"),
                             ({"seed": -1}, "trials[0].seed must be 0"), ({"id": "../x"}, "trials[0].id must be letters"),
                             ({"arm": ""}, "trials[0].arm must be letters"), ({"config": []}, "trials[0].config must be dict")):
            self.assert_refused(COUNTS, "ConfigurationError", word, trials=[{**trial(), **change}])
        self.assert_refused(COUNTS, "two trials are called t001", trials=[trial(), trial()])

    def test_TheEnvironmentSaysWhereAProgramRunsThatHasNoJobFolder(self):
        where = self.folder / "moved"
        where.mkdir()
        (where / "config.json").write_text(json.dumps({"trials": [trial()], "data": "/data", "results": "/results"}))
        program = f"""import os
del os.environ["AISCI_CONFIG"]
os.environ.update(AISCI_JOB={str(where)!r}, AISCI_DATA={str(where / "data")!r}, AISCI_RESULTS={str(where / "results")!r})
import aisci_experiment
for trial in aisci_experiment.trials():
    trial.finish({{"found": int(str(trial.data) == {str(where / "data")!r})}})
"""
        ended = run(self.folder, program, [])
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(result(where)["metrics"], {"found": 1})

    def test_MissingFile_IsNamed(self):
        ended = run(self.folder, "import os\nos.environ['AISCI_CONFIG'] = '/no/such.json'\n" + COUNTS, [trial()])
        self.assertEqual(ended.returncode, 1)
        self.assertIn("cannot read the configuration /no/such.json", ended.stderr)

    def test_ThreadsArePinnedBeforeTheProgramImportsAnything(self):
        program = "import aisci_experiment, os\nprint([os.environ[name] for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS')])\n"
        self.assertEqual(run(self.folder, program, [trial()]).stdout, "['1', '1']\n")

    def test_StandardLibraryIsEnough(self):
        ended = run(self.folder, COUNTS, [trial()], options=["-S"])  # no site-packages
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertNotIn("numpy", result(self.folder)["environment"])


class Atomicity(ModuleTest):
    """A write that is cut short at any of its system calls leaves no metrics.json, or the earlier one."""

    def setUp(self):
        super().setUp()
        sys.path.insert(0, str(MODULE))
        self.addCleanup(sys.path.remove, str(MODULE))
        self.module = importlib.import_module("aisci_experiment")

    def test_FailureOfSyncOrRename_LeavesNoResult(self):
        for call in ("fsync", "replace"):
            path = self.folder / call / "metrics.json"
            with mock.patch.object(self.module.os, call, side_effect=OSError("cut")):
                with self.assertRaises(OSError):
                    self.module._write_atomically(path, {"x": 1})
            self.assertFalse(path.exists())

    def test_FailureLeavesTheEarlierFileWhole(self):
        path = self.folder / "metrics.json"
        self.module._write_atomically(path, {"x": 1})
        with mock.patch.object(self.module.os, "replace", side_effect=OSError("cut")):
            with self.assertRaises(OSError):
                self.module._write_atomically(path, {"x": 2})
        self.assertEqual(json.loads(path.read_text()), {"x": 1})

    def test_FileIsSyncedBeforeItGetsItsName_AndTheFolderAfter(self):
        calls = []
        def recorded(name, real):
            return mock.patch.object(self.module.os, name, side_effect=lambda *a: (calls.append(name), real(*a))[1])
        with recorded("fsync", os.fsync), recorded("replace", os.replace):
            self.module._write_atomically(self.folder / "metrics.json", {})
        self.assertEqual(calls, ["fsync", "replace", "fsync"])


if __name__ == "__main__":
    unittest.main()
