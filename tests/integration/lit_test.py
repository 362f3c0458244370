#!/usr/bin/python3
"""aisci lit from the shell: what is added and what is named, exit codes, and a user's paper as studies find it.

    lit_test.py AISCI
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

AISCI = None
GOOD = """@article{roe2024letters, title={Smooth Activations on Handwritten Letters}, author={Roe, Jane}, year=2024,
  abstract={GELU exceeds ReLU on handwritten letters.}}
"""
MIXED = """@string{j = "Journal of Letters"}
@article{doe2020survey, title={A Survey of Activations for Letters}, author={Do{\\"e}, John}, journal=j, year=2020}
@article{open, title={Never closed,
@article{last2021, title={The Last One}, author={A B}, year=2021}
"""


class Lit(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.work = pathlib.Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)
        (self.work / "good.bib").write_text(GOOD)
        (self.work / "mixed.bib").write_text(MIXED)

    def run_aisci(self, *words, code=0):
        environment = dict(os.environ, XDG_DATA_HOME=str(self.work / "data"), XDG_CONFIG_HOME=str(self.work / "config"))
        environment.pop("AISCI_LITERATURE_STORE", None)
        done = subprocess.run([AISCI, *words], cwd=self.work, env=environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def test_good_entries_are_added_and_bad_ones_named(self):
        out, err = self.run_aisci("lit", "add", "mixed.bib", "good.bib", code=1)
        self.assertIn("mixed.bib: 2 new, 0 completed, 0 known, 1 not added", out)
        self.assertIn("good.bib: 1 new", out)
        self.assertIn("mixed.bib, line 3: the entry open", err)
        self.assertIn("add the file again", err)
        self.assertTrue((self.work / "data/aisci/literature/literature.db").exists())
        out, _ = self.run_aisci("lit", "add", "good.bib")
        self.assertIn("0 new, 0 completed, 1 known", out)

    def test_a_file_that_cannot_be_read_does_not_keep_others_out(self):
        (self.work / "notes.docx").write_text("x")
        _, err = self.run_aisci("lit", "add", "gone.bib", "good.bib", code=5)
        self.assertIn("gone.bib", err)
        _, err = self.run_aisci("lit", "add", "notes.docx", code=2)
        self.assertIn("notes.docx", err)
        out, _ = self.run_aisci("lit", "list")
        self.assertIn("roe2024letters", out)

    def test_what_is_no_text_and_what_is_not_read_is_named_with_what_to_do(self):
        (self.work / "damaged.bib").write_bytes(b"@article{\xff\0\xfe" + bytes(range(256)) * 9)
        (self.work / "latin.bib").write_bytes("@misc{l, title={Größe}}".encode("latin-1"))
        (self.work / "more.jsonl").write_text('{"title": "A Study", "autors": ["Jane Roe"]}\n')
        out, err = self.run_aisci("lit", "add", "damaged.bib", "latin.bib", "more.jsonl", code=1)
        self.assertIn("damaged.bib: it holds bytes that no text in UTF-8 has; save it as UTF-8, or export the references", err)
        self.assertIn("latin.bib, line 1: the entry l: title is not UTF-8; save the file as UTF-8 and add it again", err)
        self.assertIn("autors (line 1; did you mean authors?)", err)
        self.assertIn("more.jsonl: 1 new, 0 completed, 0 known, 0 not added", out)
        self.run_aisci("lit", "add", "more.jsonl")  # what is not read keeps nothing out

    def test_the_list_says_what_supports_a_claim(self):
        self.run_aisci("lit", "list", code=5)
        self.run_aisci("lit", "add", "good.bib", "mixed.bib", "--store", "mine", code=1)
        out, _ = self.run_aisci("lit", "list", "--store", "mine")
        self.assertIn("John Doë, 2020\n    Journal of Letters\n    no abstract: supports no claim", out)
        self.assertIn("1 statement to cite", out)
        lines = self.run_aisci("lit", "list", "--store", "mine", "--json")[0].splitlines()
        self.assertEqual([json.loads(line)["key"] for line in lines], ["doe2020survey", "last2021", "roe2024letters"])
        self.run_aisci("lit", "list", code=5)  # the default collection is another one

    def test_a_search_finds_the_users_and_the_shipped(self):
        def keys(*words):
            return [json.loads(line)["key"] for line in self.run_aisci("lit", "search", *words, "--json")[0].splitlines()]

        self.assertNotIn("roe2024letters", keys("smooth activations letters"))
        self.run_aisci("lit", "add", "good.bib", "--store", "mine")
        found = keys("smooth GELU activations letters", "--store", "mine")
        self.assertEqual(found[0], "roe2024letters")
        self.assertIn("hendrycks2016gelu", found)
        self.assertIn("roe2024letters", keys("smooth activations letters", "--literature", "good.bib"))
        self.assertEqual(len(keys("dropout", "-k", "2")), 2)
        out, err = self.run_aisci("lit", "search", "zzzzqqqq")
        self.assertEqual(out, "")
        self.assertIn("no paper", err)
        self.run_aisci("lit", "search", "x", "--store", "not there", code=5)

    def test_usage(self):
        self.run_aisci("lit", code=2)
        self.run_aisci("lit", "add", code=2)
        self.run_aisci("lit", "search", "x", "-k", "0", code=2)


if __name__ == "__main__":
    AISCI = os.path.abspath(sys.argv.pop(1))
    unittest.main()
