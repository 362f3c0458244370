#!/usr/bin/python3
"""Data and templates of the user's own from the command line: what is refused and how, and whole studies.

Usage: own_inputs_test.py AISCI SOURCE [NAME...]
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

AISCI, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PLOTS = SOURCE / "examples/questions/plots.csv"
QUESTION = "Do random forests predict better than regularised linear models?"
SMALL = ["--max-experiments", "2", "--keep", "2", "--confirm", "0.5", "--seed", "7", "--quiet"]


class Case(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.folder = pathlib.Path(home.name)

    def cli(self, *words, env=None):
        return subprocess.run([AISCI, *map(str, words)], cwd=self.folder, capture_output=True, text=True, timeout=900,
                              env=env)

    def refused(self, code, *words, says):
        ran = self.cli("run", QUESTION, "-o", self.folder / "study", "--quiet", *words)
        self.assertEqual(ran.returncode, code, ran.stderr)
        for text in says:
            self.assertIn(text, ran.stderr)
        shutil.rmtree(self.folder / "study", ignore_errors=True)


class Refusals(Case):
    def test_data_that_cannot_be_used(self):
        self.refused(2, "--data", PLOTS, "--target", "yeld_t", says=["no column 'yeld_t'", "did you mean 'yield_t'?"])
        self.refused(2, "--data", PLOTS, says=["--target", "rain_mm"])
        self.refused(2, "--target", "x", says=["names a column, and data names no file"])
        self.refused(5, "--data", "nowhere.csv", "--target", "x", says=["nowhere.csv: there is no such file"])
        (self.folder / "pictures").mkdir()
        (self.folder / "pictures/a.png").write_bytes(b"png")
        self.refused(2, "--data", "pictures", "--target", "x", says=["tabular takes csv, not a folder", "CSV file"])
        self.refused(2, "--data", ".", "--target", "x", says=["the study's own folder lies in it"])
        self.refused(2, "--data", PLOTS, "--target", "yield_t", "--template", "image_classification",
                     says=["no template takes it"])

    def test_a_study_that_was_refused_at_once_leaves_its_folder_to_the_corrected_command(self):
        def run(*words, code, says):
            ran = self.cli("run", QUESTION, "-o", "study", "--quiet", *words)
            self.assertEqual(ran.returncode, code, ran.stderr)
            self.assertIn(says, ran.stderr)

        run("--data", PLOTS, "--target", "yeld_t", code=2, says="did you mean 'yield_t'?")
        run("--data", "nowhere.csv", "--target", "yield_t", code=5, says="there is no such file")
        ran = self.cli("run", "Is tea better than coffee?", "-o", "study", "--quiet")
        self.assertEqual(ran.returncode, 5, ran.stderr)
        self.assertNotIn("holds a study", ran.stderr)
        run("--template", "nothing", code=5, says='no template "nothing"')
        run("--data", PLOTS, code=2, says="--target")
        # What the next study is to read, and what the refused one did not write, stays.
        source = self.folder / "study/source/data.csv"
        for inputs in (["--data", source, "--target", "yield_t"], ["--template", "study/template"]):
            (self.folder / "study/template").mkdir(exist_ok=True)
            run(*inputs, code=2, says="holds a study; resume it")
        self.assertEqual(source.read_bytes(), PLOTS.read_bytes())
        (self.folder / "study/notes.txt").write_text("mine")
        run("--data", PLOTS, "--target", "yeld_t", code=2, says="holds a study; resume it")
        self.assertEqual((self.folder / "study/notes.txt").read_text(), "mine")
        (self.folder / "study/notes.txt").unlink()
        run("--data", PLOTS, "--target", "yeld_t", code=2, says="did you mean 'yield_t'?")

    def test_a_study_that_failed_later_keeps_its_folder(self):
        self.assertEqual(self.cli("template", "new", "curves").returncode, 0)
        (self.folder / "curves/prepare.py").write_text("raise SystemExit(1)\n")
        words = ("run", "How does the degree of a curve affect its fit when there are few points?", "-o", "study",
                 "--template", "./curves", "--quiet")
        ran = self.cli(*words)
        self.assertIn("preparing the data set failed", ran.stderr)
        kept = (self.folder / "study/study.db").read_bytes()
        ran = self.cli(*words)
        self.assertEqual(ran.returncode, 2, ran.stderr)
        self.assertIn("holds a study; resume it", ran.stderr)
        self.assertEqual((self.folder / "study/study.db").read_bytes(), kept)

    def test_data_beside_a_study_whose_name_begins_alike_do_not_hold_it(self):
        (self.folder / "stud").mkdir()
        (self.folder / "stud/a.png").write_bytes(b"png")
        self.refused(2, "--data", "stud", "--target", "x", says=["tabular takes csv, not a folder"])

    def test_the_installed_templates_are_listed_by_the_names_that_can_be_asked_for(self):
        listed = self.cli("template", "list", "--json")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        rows = [json.loads(line) for line in listed.stdout.splitlines()]
        self.assertEqual(sorted(rows[0]), ["folder", "name", "title"])
        for row in rows:
            manifest = json.loads((pathlib.Path(row["folder"]) / "template.json").read_text())
            base, _, variant = row["name"].partition("/")
            self.assertEqual((manifest["name"], bool(variant)), (base, bool(manifest.get("variants"))), row)
            self.assertEqual(row["title"], (manifest.get("variants", {}).get(variant) or {}).get("title", manifest["title"]))
        refused = self.cli("run", QUESTION, "-o", "study", "--template", "nothing", *SMALL)
        self.assertIn("there are " + ", ".join(row["name"] for row in sorted(rows, key=lambda row: row["name"])),
                      refused.stderr)
        plain = self.cli("template", "list").stdout
        self.assertEqual([line.split()[0] for line in plain.splitlines()], [row["name"] for row in rows])

    def test_templates_that_are_none(self):
        self.refused(5, "--template", "nothing", says=['no template "nothing"', "image_classification"])
        self.refused(5, "--template", "./nothing", says=["no template.json"])
        made = self.cli("template", "new", "curves")
        self.assertEqual(made.returncode, 0, made.stderr)
        path = self.folder / "curves/template.json"
        manifest = json.loads(path.read_text())
        manifest["factors"]["degree"]["default"] = 4
        path.write_text(json.dumps(manifest))
        self.refused(2, "--template", "./curves", says=["`default` of the factor degree is none of its levels"])
        self.assertEqual(self.cli("template", "new", "curves").returncode, 2)
        self.assertEqual(self.cli("template", "new", "../x").returncode, 2)

    def curves(self, **changed):
        """The folder of a new template, with members of its manifest changed."""
        folder = self.folder / "curves"
        shutil.rmtree(folder, ignore_errors=True)
        self.assertEqual(self.cli("template", "new", "curves").returncode, 0)
        path = folder / "template.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changed}))
        return folder

    def test_a_manifest_that_does_not_fit_is_refused_before_the_study_begins(self):
        folder = self.curves()
        metrics = json.loads((folder / "template.json").read_text())["metrics"]
        metrics["r2"]["direction"] = "Lower"
        self.curves(metrics=metrics, nonsense=1, wrods=[])
        self.refused(2, "--template", "./curves", says=[
            '`metrics.r2.direction` is "Lower"; it may be "higher" or "lower"', "there is no member `nonsense`",
            "there is no member `wrods`; there are "])
        self.curves(name="Bad Name!", cost={})
        self.refused(2, "--template", "./curves", says=['`name` is "Bad Name!"', "`cost.seconds_per_trial` is missing"])
        self.curves(files=["../../../etc/passwd"])
        self.refused(2, "--template", "./curves", says=["names a file outside its folder: ../../../etc/passwd"])
        (self.curves() / "experiment.py").unlink()
        self.refused(2, "--template", "./curves", says=["./curves: `files` names experiment.py, and there is no such file"])

    def test_stated_splits_are_those_that_the_new_template_makes(self):
        dataset = json.loads((self.curves() / "template.json").read_text())["dataset"]
        dataset["splits"]["train"] = 7
        self.curves(dataset=dataset)
        question = "How does the degree of a curve affect its fit when there are few points?"
        ran = self.cli("run", question, "-o", "study", "--template", "./curves", "--quiet")
        self.assertEqual(ran.returncode, 5, ran.stderr)
        self.assertIn("data/splits.json, train: the template says 7 and prepare.py left 200", ran.stderr)


class Environments(Case):
    """Python packages that a template states: those of the one that is used are asked for, and no others."""

    def environment(self, **versions):
        """An interpreter that has these packages, as far as anyone can tell who imports none."""
        for name, version in versions.items():
            place = self.folder / f"packages/{name}-{version}.dist-info"
            place.mkdir(parents=True)
            (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        python = self.folder / "python3"
        python.write_text(f'#!/bin/sh\nPYTHONPATH={self.folder}/packages exec {sys.executable} -S "$@"\n')
        python.chmod(0o755)
        return {**os.environ, "AISCI_PYTHON": str(python)}

    def test_what_the_named_template_needs_is_missing_before_any_work(self):
        environment = self.environment(numpy="1.16.6", scipy="1.13", matplotlib="3.9")
        self.assertEqual(self.cli("template", "new", "curves").returncode, 0)
        for name, says in ("./curves", "missing: numpy 1.17 or newer (1.16.6 is installed)"), (
                "diagnostic", "missing: torch 1.13 or newer, numpy 1.26 or newer (1.16.6 is installed)"):
            ran = self.cli("run", QUESTION, "-o", "study", "--template", name, "--quiet", env=environment)
            self.assertEqual(ran.returncode, 5, ran.stderr)
            self.assertIn(says, ran.stderr)
            self.assertIn("bash setup.sh", ran.stderr)
            self.assertFalse((self.folder / "study").exists())

    def test_a_template_that_needs_no_torch_does_not_ask_for_it(self):
        environment = self.environment(numpy="1.26.4", scipy="1.13", matplotlib="3.9")
        self.assertEqual(self.cli("template", "new", "curves").returncode, 0)
        told = self.cli("doctor", "--template", "./curves", env=environment).stdout
        self.assertNotIn("torch", told)
        self.assertRegex(told, r"ok +template curves +numpy")
        # Which template a question finds is not known yet: what none but some need is told, and does not end a study.
        told = self.cli("doctor", env=environment).stdout
        self.assertRegex(told, r"degraded +template tabular +missing: scikit-learn 1.5 or newer")
        ran = self.cli("run", QUESTION, "-o", "study", "--quiet", env=environment)
        self.assertEqual(ran.returncode, 5, ran.stderr)
        self.assertIn("tabular/breast_cancer needs Python packages that are missing: scikit-learn 1.5 or newer", ran.stderr)


class Studies(Case):
    def test_what_is_measured_on_the_training_data_is_not_called_data_read_for_the_first_time(self):
        self.assertEqual(self.cli("template", "new", "curves").returncode, 0)
        path = self.folder / "curves/template.json"
        kept = json.loads(path.read_text())
        question = "How does the degree of a curve affect its fit when there are few points?"
        for where, says in (None, "fresh seeds and data read for the first time"), (
                "training", "fresh seeds, measured on the training data"):
            manifest = json.loads(json.dumps(kept))
            for metric in manifest["metrics"].values() if where else ():
                metric["measured_on"] = where
            path.write_text(json.dumps(manifest))
            ran = self.cli("run", question, "-o", f"study-{where}", "--template", "./curves", *SMALL)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
            self.assertIn(f"Verdicts (confirmed on {says};", ran.stdout)

    def test_a_new_template_works_as_it_is_written_and_is_needed_no_more_afterwards(self):
        self.assertEqual(self.cli("template", "new", "curves").returncode, 0)
        question = "How does the degree of a curve affect its fit when there are few points?"
        ran = self.cli("run", question, "-o", "study", "--template", "./curves", *SMALL)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        shutil.rmtree(self.folder / "curves")
        self.assertEqual(self.cli("verify", "study").returncode, 0)
        with open(self.folder / "study/template/curves/experiment.py", "a", encoding="utf-8") as file:
            file.write("# changed\n")
        forged = self.cli("verify", "study")
        self.assertEqual(forged.returncode, 1)
        self.assertIn("template", forged.stdout)

    def test_a_table_of_ones_own(self):
        table = self.folder / "plots.csv"
        shutil.copy(PLOTS, table)
        ran = self.cli("run", QUESTION, "-o", "study", "--data", table, "--target", "yeld_t", *SMALL)
        self.assertEqual(ran.returncode, 2, ran.stderr)
        # In two columns, at the foot of whose first the footnote may break a sentence (printed_words_test has it do so).
        ran = self.cli("run", QUESTION, "-o", "study", "--data", table, "--target", "yield_t", "--format", "conference",
                       *SMALL)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        table.unlink()
        self.assertEqual(self.cli("verify", "study").returncode, 0)
        shown = json.loads(self.cli("show", "study", "--json").stdout)
        self.assertEqual(shown["study"]["template"], "tabular/own")
        tex = (self.folder / "study/paper/paper.tex").read_text()
        digest = subprocess.run(["sha256sum", str(PLOTS)], capture_output=True, text=True, check=True).stdout[:8]
        self.assertIn(digest, tex)
        # What the sandbox sees of the table are the public data; the labels and the table stay outside.
        self.assertEqual(sorted(path.name for path in (self.folder / "study/data/public").iterdir()),
                         ["columns.json", "train.npz", "validation.npz"])
        source = self.folder / "study/source/data.csv"
        source.write_text(source.read_text() + "600,90,clay,14.0,0.1,99\n")
        forged = self.cli("verify", "study")
        self.assertEqual(forged.returncode, 1)
        self.assertIn("source", forged.stdout)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
