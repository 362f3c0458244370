"""Studies without a template: a scripted strong model writes the experiment, gets it wrong, mends it, and drives the study
to a verified paper, in both dialects.

    python3 free_study_test.py AISCI [Study | StudyByAnthropic | Failures]
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from model_server import ModelServer  # noqa: E402
from model_study import KEY, bytes_below, environment, events, run_aisci  # noqa: E402
from strong_model import QUESTION, TEMPLATE, VERSIONS, StrongModel  # noqa: E402

AISCI = sys.argv[1]
SMALL = ["--hypotheses", "3", "--seed", "7", "--quiet"]
WHOLE = [*SMALL, "--max-experiments", "8", "--confirm", "0.5"]
LEAST = [*SMALL, "--max-experiments", "1", "--keep", "1"]


class Served(unittest.TestCase):
    provider = "openai"

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="aisci-free-study-"))
        self.addCleanup(shutil.rmtree, self.work)
        self.model = StrongModel()
        self.server = ModelServer(self.model)
        self.addCleanup(self.server.__exit__)
        self.server.modes["key"] = KEY
        self.env = environment(self.server)

    def aisci(self, *arguments):
        return run_aisci(AISCI, *arguments, env=self.env)

    def run_study(self, size, *more):
        folder = self.work / "study"
        return folder, self.aisci("run", QUESTION, "-o", folder, *size, "--llm", self.provider, "--model", "scripted-1",
                                  *more)


class Study(Served):
    def test_question_without_a_template_becomes_a_verified_paper(self):
        folder, done = self.run_study(WHOLE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

        # The model said that no template answers, wrote an experiment, and was told twice what its rehearsal found.
        self.assertEqual(self.model.times("ideation.scope"), 2)
        rehearsals = events(folder, "template.rehearsed")
        self.assertEqual([bool(event["failure"]) for event in rehearsals], [True, True, False])
        self.assertIn("KeyError", rehearsals[0]["failure"])
        self.assertIn("different seeds and identical output", rehearsals[1]["failure"])
        self.assertIn("KeyError: 'ninther'", self.model.failures[0])
        kept = json.loads((folder / "template/free/template.json").read_text())
        self.assertEqual(kept["factors"].keys(), TEMPLATE["factors"].keys())
        self.assertEqual(kept["metrics"], TEMPLATE["metrics"])
        self.assertFalse((folder / "rehearsals").exists())

        # A false hypothesis is refuted by its own metric; a true one is supported.
        study = json.loads(self.aisci("show", folder, "--json").stdout)
        verdicts = {claim["statement"].split()[0]: claim["verdict"] for claim in study["claims"]}
        self.assertEqual(verdicts["Sorting"], "refuted", verdicts)
        self.assertEqual(verdicts["On"], "supported", verdicts)

        # What was proposed again was left out, and the search went on.
        self.assertGreater(self.model.times("ideation.refine"), 2)
        self.assertEqual(sum("median of nine" in node["hypothesis"] for node in study["nodes"]), 1)

        # The reviewer's point became an experiment; there two conditions met, the program failed and was repaired.
        answered = events(folder, "review.answered")
        self.assertEqual(len(answered), 1)
        asked_for = next(node for node in study["nodes"] if node["id"] == answered[0]["node"])
        self.assertIn("is another on nearly sorted arrays", asked_for["hypothesis"])
        retried = events(folder, "experiment.retried")
        self.assertEqual([retry["remedy"] for retry in retried], ["repair_code"])
        self.assertEqual(self.model.times("design.repair"), 1)

        # The paper is the model's own, without the number it first wrote by hand, and says who wrote the programs.
        text = (folder / "paper/paper.tex").read_text()
        self.assertIn("Pivot rules of quicksort, counted", text)
        self.assertNotIn("39 percent", text)
        self.assertIn(r"\frac{{C}_{i}}{\log (n!)}", text)  # an equation
        self.assertIn(r"arrays of $n$ numbers", text)
        self.assertIn("No person has read them.", text)
        self.assertGreaterEqual(self.model.times("writing.paper"), 2)
        self.assertTrue((folder / "paper.pdf").exists())
        verified = self.aisci("verify", folder)
        self.assertEqual(verified.returncode, 0, verified.stdout)
        for path, content in bytes_below(folder):
            self.assertNotIn(KEY.encode(), content, path)


class Failures(Served):
    def test_program_that_never_passes_ends_the_study_with_what_it_failed_by(self):
        self.model.design_write = lambda _: {"template": TEMPLATE, "code": VERSIONS[1][0], "told": "Mended."}
        folder, done = self.run_study(LEAST, "--max-retries", "2", "--template", "free")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(self.model.times("design.write"), 3)
        self.assertIn("in 3 attempts", done.stderr)
        self.assertIn("different seeds and identical output", done.stderr)
        self.assertTrue((folder / "rehearsals/3/library/free/experiment.py").exists(), "what was tried is kept")

    def test_answer_that_is_no_template_goes_back_with_all_that_is_wrong(self):
        wrong = {**TEMPLATE, "title": "Quicksort on 400 numbers", "metric": "seconds"}
        answers = [{"template": wrong, "code": VERSIONS[2][0], "told": "Written."}]
        rest = self.model.design_write
        self.model.design_write = lambda document: answers.pop() if answers else rest(
            {**document, "previous": {"code": VERSIONS[1][0]}})
        folder, done = self.run_study(LEAST, "--template", "free")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        told = events(folder, "template.rehearsed")[0]["failure"]
        self.assertIn('`metric` is "seconds", which is none of `metrics`', told)
        self.assertIn('template.title has a digit; write numbers as words: "Quicksort on 400 numbers"', told)
        self.assertEqual(self.model.times("ideation.scope"), 1, "the user said that an experiment is written")

    def test_killed_while_it_rehearses_the_study_resumes_to_the_same_end(self):
        whole, done = self.run_study(LEAST)
        self.assertEqual(done.returncode, 0, done.stderr)
        for number, wanted in enumerate((1, 2, 3)):
            folder = self.work / f"killed{number}"
            process = subprocess.Popen([AISCI, "run", QUESTION, "-o", str(folder), *LEAST, "--llm", "openai", "--model",
                                        "scripted-1"], env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while process.poll() is None and not (folder / f"rehearsals/{wanted}/experiment/runs").exists():
                time.sleep(0.01)
            self.assertIsNone(process.poll(), "it was killed while it rehearsed")
            process.kill()
            process.wait()
            before = len(self.server.requests)
            resumed = self.aisci("resume", folder, "--quiet")
            self.assertEqual(resumed.returncode, 0, resumed.stderr)
            said = [json.dumps(request["body"], sort_keys=True) for request in self.server.requests[before:]]
            self.assertEqual(len(said), len(set(said)))
            self.assertEqual(self.told(folder), self.told(whole))
            self.assertEqual(self.aisci("verify", folder).returncode, 0)

    def told(self, folder):
        study = json.loads(self.aisci("show", folder, "--json").stdout)
        return [study["state"], study["nodes"], study["claims"], events(folder, "template.written")]

    def test_changed_program_of_the_template_is_found(self):
        folder, done = self.run_study(LEAST)
        self.assertEqual(done.returncode, 0, done.stderr)
        program = folder / "template/free/pivots.py"
        program.write_text(program.read_text().replace("9: 12", "9: 11"))
        verified = self.aisci("verify", folder)
        self.assertEqual(verified.returncode, 1, verified.stdout)
        self.assertIn("template.free/pivots.py", verified.stdout)

    def test_cap_that_is_reached_before_there_is_an_experiment_says_so(self):
        folder, done = self.run_study(LEAST, "--template", "free", "--budget-tokens", "1500")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("budget_tokens was reached, and design.write is no task", done.stderr)
        self.assertFalse((folder / "template").exists())

    def test_data_of_ones_own_are_shown_to_the_model_by_their_first_lines_alone(self):
        table = self.work / "arrays.csv"
        table.write_text("first,second\n" + "\n".join(f"{n},{n * n}" for n in range(900)) + "\n")
        folder, done = self.run_study(LEAST, "--template", "free", "--data", str(table), "--target", "second")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        asked = self.model.inputs[self.model.asked.index("design.write")]["data"]
        self.assertEqual(asked["name"], "arrays.csv")
        self.assertEqual(asked["first_lines"][:2], ["first,second", "0,0"])
        self.assertLessEqual(len(asked["first_lines"]), 6)
        self.assertEqual(self.aisci("verify", folder).returncode, 0)


class StudyByAnthropic(Study):
    provider = "anthropic"


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=2)
