#!/usr/bin/python3
"""aisci from the shell: what help shows, and a small finished study as it is explained, packed and run again.

    command_line_test.py AISCI [NAME...]
"""

import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import unittest

AISCI = sys.argv[1]
QUESTION = "How does the degree of a curve affect its fit when there are few points?"
SMALL = ["--template", "./curves", "--confirm", "0.1", "--seed", "7", "--parallel", "2", "--quiet",
         "--max-experiments", "2", "--hypotheses", "2", "--keep", "2", "--tree-search", "false"]


def aisci(*words, cwd=None, **environment):
    return subprocess.run([AISCI, *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=300,
                          env={**os.environ, **environment})


class InAFolder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        home = tempfile.TemporaryDirectory(prefix="aisci-command-line-")
        cls.addClassCleanup(home.cleanup)
        cls.folder = pathlib.Path(home.name)


class Help(unittest.TestCase):
    def test_examples_are_of_the_command_that_is_asked_for(self):
        self.assertIn("aisci resume my-study", aisci("--help").stdout)
        for command in ("run", "resume", "recover", "show", "verify", "explain", "bundle", "reproduce", "lit", "template",
                        "plugin", "doctor", "compare-policies", "config"):
            text = aisci(command, "--help").stdout
            self.assertIn("--help", text)
            examples = [line for line in text.splitlines() if line.startswith("  aisci ")]
            if command == "template":  # and how the new one is used
                examples = examples[:-1]
            for line in examples:
                self.assertTrue(line.startswith(f"  aisci {command} "), f"{command}: {line}")
        for command in ("lit", "template", "bundle", "reproduce", "plugin"):
            self.assertIn("\nExample", aisci(command, "--help").stdout, command)


class Doctor(unittest.TestCase):
    def test_no_file_of_the_folder_that_it_stands_in_runs(self):
        with tempfile.TemporaryDirectory(prefix="aisci-command-line-") as folder:
            for module in ("csv", "email", "json", "pathlib", "re", "runpy", "torch", "zipfile"):
                pathlib.Path(folder, module + ".py").write_text("import sys\nprint('it ran')\nopen('ran', 'w')\n")
            told = aisci("doctor", cwd=folder)
            self.assertIn("its packages", told.stdout)
            self.assertNotIn("it ran", told.stdout + told.stderr)
            self.assertFalse(pathlib.Path(folder, "ran").exists())


class Loading(unittest.TestCase):
    def test_no_library_is_looked_for_in_the_working_folder(self):
        with tempfile.TemporaryDirectory(prefix="aisci-command-line-") as folder:
            told = aisci("--version", cwd=folder, LD_DEBUG="libs")
            tried = [line.split("trying file=")[1] for line in told.stderr.splitlines() if "trying file=" in line]
            self.assertTrue(any(pathlib.Path(path).name == "libaisci.so.0" for path in tried), told.stderr)
            self.assertEqual([path for path in tried if not path.startswith("/")], [])


class Resume(InAFolder):
    """Of a study whose programs run with one's own rights: by who began it, and by others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = {"XDG_STATE_HOME": str(cls.folder / "state"), "XDG_CONFIG_HOME": str(cls.folder / "none")}
        cls.others = {**cls.mine, "XDG_STATE_HOME": str(cls.folder / "other-state")}
        ran = aisci("template", "new", "curves", cwd=cls.folder)
        assert ran.returncode == 0, ran.stderr
        cls.begin("study", "--sandbox", "process", **cls.mine)

    @classmethod
    def begin(cls, name, *more, **environment):
        ran = aisci("run", QUESTION, "-o", name, *SMALL, *more, cwd=cls.folder, **environment)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    def resume(self, *words, **environment):
        return aisci("resume", *words, "--quiet", cwd=self.folder, **environment)

    def test_who_began_it_goes_on_and_is_warned(self):
        ran = self.resume("study", **self.mine)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn('warning: sandbox "process" does not isolate', ran.stderr)
        noted = self.folder / "state/aisci/begun"
        self.assertEqual((noted.stat().st_mode & 0o777, noted.read_text().count("\n")), (0o600, 1))

    def test_others_give_its_options_again(self):
        refused = self.resume("study", **self.others)
        self.assertEqual(refused.returncode, 5, refused.stderr)
        self.assertTrue(refused.stderr.endswith("go on with:  aisci resume study --sandbox process\n"), refused.stderr)
        self.assertEqual(self.resume("study", "--sandbox", "process", **self.others).returncode, 0)
        self.assertFalse((self.folder / "other-state").exists())  # a study that one goes on with was not begun
        config = self.folder / "config/aisci/config.toml"
        config.parent.mkdir(parents=True)
        config.write_text("sandbox = 'process'\nliterature_store = 'none'\n")
        self.assertEqual(self.resume("study", **{**self.others, "XDG_CONFIG_HOME": str(self.folder / "config")}).returncode, 0)
        self.assertEqual(self.resume("study", **self.others, AISCI_SANDBOX="process").returncode, 0)
        for environment in self.mine, self.others:
            ran = self.resume("study", "--sandbox", "bubblewrap", **environment)
            self.assertEqual(ran.returncode, 2, ran.stderr)
            self.assertIn("a study keeps its options", ran.stderr)

    def test_a_file_in_the_working_folder_gives_nothing_again(self):
        work = self.folder / "work"
        work.mkdir()
        (work / "aisci.toml").write_text("sandbox = 'process'\n")
        ran = aisci("resume", "../study", cwd=work, **self.others)
        self.assertEqual(ran.returncode, 5, ran.stderr)

    def test_a_home_that_cannot_be_written_keeps_no_study_from_beginning(self):
        (self.folder / "file").write_text("")
        self.begin("unnoted", "--sandbox", "process", **{**self.mine, "XDG_STATE_HOME": str(self.folder / "file")})
        self.assertEqual(self.resume("unnoted", **self.mine).returncode, 5)
        self.assertEqual(self.resume("unnoted", "--sandbox", "process", **self.mine).returncode, 0)

    def test_a_study_with_the_defaults_needs_nothing_and_leaves_nothing(self):
        state = {**self.mine, "XDG_STATE_HOME": str(self.folder / "untouched")}
        self.begin("plain", **state)
        self.assertFalse((self.folder / "untouched").exists())
        self.assertEqual(self.resume("plain", **self.others).returncode, 0)


class OfAStudy(InAFolder):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for words in (("template", "new", "curves"), ("run", QUESTION, "-o", "study", *SMALL),
                      ("bundle", "study", "-o", "study.tar.gz")):
            ran = aisci(*words, cwd=cls.folder)
            assert ran.returncode == 0, ran.stdout + ran.stderr

    def cli(self, *words, **environment):
        return aisci(*words, cwd=self.folder, **environment)

    def packed(self, name, **environment):
        """The files of a bundle that is made now, by name."""
        ran = self.cli("bundle", "study", "-o", name, **environment)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        with tarfile.open(self.folder / name) as archive:
            return {member.name: archive.extractfile(member).read().decode(errors="replace") for member in archive}

    def environment(self, name, lock):
        """A folder of environments with one, whose Python is the system's."""
        place = self.folder / f"environments-{name}" / name
        (place / "bin").mkdir(parents=True)
        (place / "bin" / "python3").symlink_to("/usr/bin/python3")
        (place / "environment.lock").write_text(lock)
        (place / "complete").touch()
        return {"AISCI_ENVIRONMENTS": str(place.parent), "AISCI_PYTHON": ""}

    def test_numbers_are_explained_in_the_shortest_digits(self):
        told = self.cli("explain", "study", "protocol.alpha").stdout
        self.assertIn("protocol.alpha = 0.05\n", told)

    def test_a_bundle_has_the_environment_and_says_what_of_it_is_not_known(self):
        lock = "# packages\nnumpy==1.26.4\n"
        files = self.packed("locked.tar.gz", **self.environment(hashlib.sha256(lock.encode()).hexdigest()[:16], lock))
        self.assertEqual(files["environment.lock"], lock)
        self.assertIn("`pip install -r environment.lock`", files["REPRODUCE.md"])
        installed = json.loads(files["environment-installed.json"])
        told = subprocess.run(["/usr/bin/python3", "-V"], capture_output=True, text=True, check=True)
        self.assertEqual("Python " + installed["python"], told.stdout.strip())
        self.assertIn("As found at bundling", installed["note"])
        self.assertIn("numpy", installed["distributions"])
        for name in ("environment.json", "environment-installed.json", "environment.lock"):
            self.assertIn(f"  {name}\n", files["manifest-sha256.txt"])
        files = self.packed("another.tar.gz", **self.environment("0123456789abcdef", lock))
        self.assertNotIn("environment.lock", files)
        self.assertIn("There is no `environment.lock`", files["REPRODUCE.md"])
        files = self.packed("broken.tar.gz", AISCI_PYTHON="/bin/false")
        self.assertNotIn("environment-installed.json", files)
        self.assertIn("There is no list of all distributions", files["REPRODUCE.md"])

    def test_an_unpacked_bundle_verifies_and_packs_to_the_same_bytes_elsewhere(self):
        with tarfile.open(self.folder / "study.tar.gz") as archive:
            archive.extractall(self.folder / "unpacked")
        self.assertEqual(self.cli("verify", "unpacked").returncode, 0)
        ran = self.cli("bundle", "unpacked", "-o", "again.tar.gz", AISCI_PYTHON="/bin/false")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        with tarfile.open(self.folder / "again.tar.gz") as again, tarfile.open(self.folder / "study.tar.gz") as first:
            name = "environment-installed.json"
            self.assertEqual(again.extractfile(name).read(), first.extractfile(name).read())

    def test_nothing_runs_of_a_study_that_does_not_hold(self):
        shutil.copytree(self.folder / "study", self.folder / "changed")
        (self.folder / "changed/summary.json").write_text("{}")
        ran = self.cli("reproduce", "changed", "-o", "not/again", "--experiments", "n1")
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn("does not hold, so nothing of it was run: summary.json", ran.stderr)
        self.assertFalse((self.folder / "not").exists())

    def test_packing_touches_nothing_that_lies_beside_the_bundle(self):
        place = self.folder / "strangers"
        (place / "study.tar.gz.parts").mkdir(parents=True)
        (place / "study.tar.gz.parts/thesis.txt").write_text("mine")
        (place / "victim").write_text("precious")
        for name in ("study.tar.gz.part", "study.tar.gz"):
            (place / name).symlink_to(place / ("victim" if name.endswith("part") else "nowhere"))
        ran = aisci("bundle", self.folder / "study", cwd=place)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual((place / "victim").read_text(), "precious")
        self.assertEqual((place / "study.tar.gz.parts/thesis.txt").read_text(), "mine")
        self.assertEqual(sorted(path.name for path in place.iterdir()),
                         ["study.tar.gz", "study.tar.gz.part", "study.tar.gz.parts", "victim"])
        self.assertEqual((place / "study.tar.gz").read_bytes(), (self.folder / "study.tar.gz").read_bytes())

    def test_a_study_with_a_link_below_it_is_not_gone_on_with(self):
        (self.folder / "through").symlink_to("study")
        self.assertEqual(self.cli("verify", "through").returncode, 0)
        shutil.copytree(self.folder / "study", self.folder / "linked")
        (self.folder / "linked/experiments").rename(self.folder / "elsewhere")
        (self.folder / "linked/experiments").symlink_to(self.folder / "elsewhere")
        before = sorted(str(path) for path in (self.folder / "elsewhere").rglob("*"))
        for words in (["resume", "linked"], ["verify", "linked"], ["explain", "linked", "0.5"],
                      ["bundle", "linked", "-o", "linked.tar.gz"], ["reproduce", "linked", "-o", "linked-again"]):
            with self.subTest(words[0]):
                ran = self.cli(*words)
                self.assertNotEqual(ran.returncode, 0)
                self.assertIn("experiments", ran.stdout + ran.stderr)
                self.assertIn("a symbolic link", ran.stdout + ran.stderr)
        self.assertEqual(sorted(str(path) for path in (self.folder / "elsewhere").rglob("*")), before)
        self.assertFalse((self.folder / "linked.tar.gz").exists())

    def test_what_is_refused_before_anything_runs_leaves_the_folder_as_it_was(self):
        whole = (self.folder / "study.tar.gz").read_bytes()
        (self.folder / "short.tar.gz").write_bytes(whole[:len(whole) // 2])
        (self.folder / "flipped.tar.gz").write_bytes(whole[:-2000] + bytes([whole[-2000] ^ 4]) + whole[-1999:])
        for bundle, more, code in (("study.tar.gz", ["--experiments", "zz"], 5), ("study", ["--experiments", "n1,zz"], 5),
                                   ("study.tar.gz", ["--sandbox", "no-such"], None),
                                   ("short.tar.gz", [], None), ("flipped.tar.gz", [], None)):
            ran = self.cli("reproduce", bundle, "-o", "new/again", *more)
            self.assertNotEqual(ran.returncode, 0, bundle)
            if code:
                self.assertEqual(ran.returncode, code, ran.stderr)
            self.assertFalse((self.folder / "new").exists(), (bundle, more))
            (self.folder / "empty").mkdir(exist_ok=True)
            self.cli("reproduce", bundle, "-o", "empty", *more)
            self.assertEqual(list((self.folder / "empty").iterdir()), [], (bundle, more))
        ran = self.cli("reproduce", "study.tar.gz", "-o", "new/again", "--experiments", "n1", "--json")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertTrue(json.loads(ran.stdout)["same"])
        self.assertTrue((self.folder / "new/again/study/paper.pdf").exists())


class OfAStranger(unittest.TestCase):
    """Ledgers that nobody's aisci wrote."""

    HIDDEN = "\x1b]0;owned\x07\x1b[31m\u009b31m\u202e\u2066\u200f\r\x08\x7f"

    def study(self, events):
        home = tempfile.TemporaryDirectory(prefix="aisci-command-line-")
        self.addCleanup(home.cleanup)
        ledger = sqlite3.connect(home.name + "/study.db")
        ledger.executescript("""
            CREATE TABLE events( sequence INTEGER PRIMARY KEY, time TEXT NOT NULL, type TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL, UNIQUE(type, key));
            CREATE TABLE documents(name TEXT PRIMARY KEY NOT NULL, content BLOB NOT NULL);
            PRAGMA user_version=1;""")
        ledger.executemany("INSERT INTO events VALUES(?,?,?,?,?,'','')",
                           [(i, "t" + time, kind, key, json.dumps(body, ensure_ascii=False))
                            for i, (kind, key, body, time) in enumerate(events, 1)])
        ledger.commit()
        ledger.close()
        return home.name

    @staticmethod
    def node(name, parent, statement="s"):
        return ("node.created", name, {"parent": parent, "statement": statement}, "")

    def test_hypotheses_without_end_and_in_circles_are_shown_once(self):
        chain = self.study([self.node(f"n{i}", f"n{i - 1}" if i > 1 else "") for i in range(1, 30001)])
        shown = aisci("show", chain)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertEqual(shown.stdout.count(" created "), 30000)
        self.assertLess(max(map(len, shown.stdout.splitlines())), 200)
        circle = self.study([self.node("n1", "n2"), self.node("n2", "n1"), self.node("n3", "")])
        self.assertEqual(aisci("show", circle).stdout.count(" created "), 3)
        nameless = aisci("show", self.study([self.node("", "")]))
        self.assertEqual(nameless.returncode, 1, nameless.stderr)
        self.assertIn("without a name", nameless.stderr)

    def test_nothing_of_a_study_reaches_the_terminal_but_its_text(self):
        question = self.HIDDEN + "q"
        study = self.study([("study.created", "study", {"question": question, "seed": "7" + self.HIDDEN}, self.HIDDEN),
                            self.node("n1", "", "one\nState     completed" + self.HIDDEN)])
        shown = aisci("show", study)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertEqual([c for c in set(self.HIDDEN) if not c.isprintable() and c in shown.stdout.replace("\n", "")], [])
        self.assertNotIn("\nState     completed", shown.stdout)
        told = aisci("show", study, "--json").stdout
        self.assertEqual([c for c in set(self.HIDDEN) if not c.isprintable() and c in told], [])
        self.assertEqual(json.loads(told)["study"]["question"], question)
        missing = aisci("show", study + self.HIDDEN)
        self.assertEqual([c for c in set(self.HIDDEN) if not c.isprintable() and c in missing.stderr], [])
        self.assertEqual(missing.returncode, 5)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
