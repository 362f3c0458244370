#!/usr/bin/env python3
"""Faults of the host under the command line: signals, terminals, pipes, folders, descriptors, missing tools, odd questions.
Whatever happens, aisci ends by itself with an exit code that says so and a sentence that helps, and nothing of it is left.

  host_faults_test.py AISCI [unittest's arguments]
"""
import fcntl
import json
import os
import pathlib
import pty
import resource
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

AISCI = ""
QUESTION = "Does dropout help a small CNN on few images?"
SMALL = ["--max-experiments", "2", "--hypotheses", "2", "--keep", "2", "--seed", "7", "--parallel", "2"]


def named(folder):
    """Processes whose command line names the folder."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = pathlib.Path(entry.path, "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(str(folder)) in words:
                found.append((int(entry.name), words.replace(b"\0", b" ").decode(errors="replace")[:120]))
    return found


class HostFaults:
    """What the two suites below share."""

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="aisci-host-"))
        self.study = self.work / "study"
        self.addCleanup(shutil.rmtree, self.work, ignore_errors=True)

    def tearDown(self):
        begun = time.monotonic()
        while named(self.study) and time.monotonic() < begun + 30:  # two seconds, where the machine is not busy
            time.sleep(0.05)
        self.assertEqual(named(self.study), [], "left running")

    def run_aisci(self, *words, **options):
        return subprocess.run([AISCI, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              **{"timeout": 120, **options})

    def begin(self, *more, **options):
        """A study whose first experiments run."""
        options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, **options}
        process = subprocess.Popen([AISCI, "run", QUESTION, "-o", self.study, *SMALL, *more], **options)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.await_experiments(process.poll)
        return process

    def await_experiments(self, ended):
        for _ in range(2400):
            if any("aisci-supervisor" in words and "/experiments/" in words for _, words in named(self.study)):
                return
            self.assertIsNone(ended(), "it ended before its first experiment")
            time.sleep(0.05)
        self.fail("no experiment began")

    def events(self):
        with sqlite3.connect(f"file:{self.study}/study.db?mode=ro", uri=True) as database:
            return [kind for kind, in database.execute("select type from events order by sequence")]

    def usable(self):
        """What an interrupted study leaves: shown as what it is, and its ledger goes on."""
        shown = json.loads(self.run_aisci("show", self.study, "--json").stdout)
        self.assertEqual(shown["state"], "cancelled")
        self.assertGreaterEqual(len(shown["nodes"]), 1)
        self.assertEqual(self.events()[-1], "run.ended")


class UnderWay(HostFaults, unittest.TestCase):
    """Studies whose experiments run."""

    def test_each_signal_ends_gracefully(self):
        bystander = subprocess.Popen(["sleep", "600"])
        self.addCleanup(bystander.kill)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number.name):
                shutil.rmtree(self.study, ignore_errors=True)
                process = self.begin()
                process.send_signal(number)
                self.assertEqual(process.wait(timeout=60), 4, process.stderr.read())
                self.tearDown()
                self.usable()
        self.assertIsNone(bystander.poll(), "a process of others was signalled")

    def test_twice_at_once(self):
        process = self.begin()
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        self.assertIn(process.wait(timeout=30), (4, 130))
        self.tearDown()
        # Nothing is lost by it: the next run goes on.
        again = subprocess.Popen([AISCI, "resume", self.study], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.await_experiments(again.poll)
        again.send_signal(signal.SIGTERM)
        self.assertEqual(again.wait(timeout=60), 4)

    def test_output_that_nobody_reads(self):
        ours, theirs = os.pipe()
        process = self.begin("--json", stdout=theirs, stderr=theirs)
        os.close(theirs)
        os.close(ours)
        before = len(self.events())
        for _ in range(1200):
            if len(self.events()) > before or process.poll() is not None:
                break
            time.sleep(0.1)
        self.assertIsNone(process.poll(), "a closed pipe ended the study")
        self.assertGreater(len(self.events()), before)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 4)

    def test_terminal_resized_and_gone(self):
        child, terminal = pty.fork()
        if child == 0:
            os.execv(AISCI, [AISCI, "run", QUESTION, "-o", str(self.study), *SMALL])
        os.set_blocking(terminal, False)
        seen = b""

        def ended():
            nonlocal seen
            try:
                seen += os.read(terminal, 65536)
            except (BlockingIOError, OSError):
                pass
            return os.waitpid(child, os.WNOHANG)[1] or None
        self.await_experiments(ended)
        for columns in (200, 5, 0, 65535):
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            time.sleep(0.3)
            self.assertIsNone(ended())
        self.assertIn("%".encode(), seen)
        os.close(terminal)  # hangs up
        status = os.waitpid(child, 0)[1]
        self.assertTrue(os.WIFEXITED(status), status)
        self.assertEqual(os.WEXITSTATUS(status), 4)
        self.usable()


class OddTexts(HostFaults, unittest.TestCase):
    """Whole studies of questions in odd characters: each ends with a paper that verifies."""

    QUESTIONS = {
        "Chinese": "丢弃法（dropout）对小型卷积网络在少量图像上的泛化性能有帮助吗？",
        "TeX's own characters": "Does dropout help a small CNN on few images, 100 % & #1_{} \\input{/etc/passwd} $x^2$ ~ \"q\" <b>?",
        "right to left": "\u202b" + QUESTION + "\u202c (\u05d4\u05d0\u05dd dropout \u05e2\u05d5\u05d6\u05e8? \u0647\u0644 \u064a\u0633\u0627\u0639\u062f\u061f)",
        "control characters": "\x1b[31mDoes dropout\x07 help a small\x0b CNN\r\n on few images?\x7f\u200b\ufeff",
        "10,000 characters": (QUESTION + " It matters to us for the reasons that follow. "
                              + "We have few images and want to spend them well. " * 250)[:10000],
    }

    def test_each_ends_with_a_paper(self):
        for name, question in self.QUESTIONS.items():
            with self.subTest(name):
                shutil.rmtree(self.study, ignore_errors=True)
                ran = self.run_aisci("run", question, "-o", self.study, *SMALL, timeout=600)
                self.assertEqual(ran.returncode, 0, ran.stderr[-2000:])
                self.assertNotIn("\x1b[31m", ran.stdout + ran.stderr)
                self.assertTrue((self.study / "paper.pdf").read_bytes().startswith(b"%PDF"))
                verified = self.run_aisci("verify", self.study)
                self.assertEqual(verified.returncode, 0, verified.stdout)
                self.assertEqual(self.run_aisci("show", self.study).returncode, 0)


class BeforeAnyWork(HostFaults, unittest.TestCase):
    """What is found out before a study begins."""

    def test_folder_with_foreign_files(self):
        self.study.mkdir()
        (self.study / "thesis.tex").write_text("mine")
        ran = self.run_aisci("run", QUESTION, "-o", self.study, *SMALL)
        self.assertEqual(ran.returncode, 2)
        self.assertIn("is not empty", ran.stderr)
        self.assertEqual([entry.name for entry in self.study.iterdir()], ["thesis.tex"])

    def test_folder_without_a_name(self):
        ran = self.run_aisci("run", QUESTION, "-o", "", *SMALL)
        self.assertEqual(ran.returncode, 2, ran.stderr)
        self.assertIn("choose one with -o", ran.stderr)

    def in_namespace(self, mounts, words):
        """As root of a mount namespace of its own, where `mounts`, a shell script, was done first."""
        script = f"{mounts}\nexec \"$0\" \"$@\""
        ran = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "true"], stderr=subprocess.PIPE)
        how = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
        if os.geteuid() != 0 and ran.returncode != 0:
            self.skipTest("no user namespaces here")
        return subprocess.run([*how, "sh", "-ec", script, *map(str, words)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=120)

    def test_read_only_folder_and_full_disk_are_found_before_any_work(self):
        where = self.work / "mounted"
        where.mkdir()
        for name, mount, words in (
                ("read-only", f"mount -t tmpfs -o ro tmpfs {where}", "cannot be written"),
                ("full", f"mount -t tmpfs -o size=2m tmpfs {where}", "free at least 1 GB")):
            with self.subTest(name):
                ran = self.in_namespace(mount, [AISCI, "run", QUESTION, "-o", where / "study", *SMALL])
                self.assertEqual(ran.returncode, 5, ran.stderr)
                self.assertIn("MISSING", ran.stderr)
                self.assertIn(words, ran.stderr)

    def test_missing_tools_are_found_before_any_work(self):
        run = ["run", QUESTION, "-o", self.study, *SMALL]
        for python, words in (("/nonexistent", "AISCI_PYTHON"), (self.bare_python(), "missing: torch")):
            with self.subTest(words):
                ran = self.run_aisci(*run, env={**os.environ, "AISCI_PYTHON": python})
                self.assertEqual(ran.returncode, 5, ran.stderr)
                self.assertIn(words, ran.stderr)
                self.assertFalse(self.study.exists())
        ran = self.run_aisci(*run, env=self.without("bwrap"))
        self.assertEqual(ran.returncode, 5, ran.stderr)
        self.assertIn("apt-get install bubblewrap", ran.stderr)
        self.assertFalse(self.study.exists())

    def test_tex_is_looked_for_where_papers_are_built(self):
        ran = self.run_aisci("doctor", env=self.without("pdflatex"))
        self.assertRegex(ran.stdout, r"ok +pdflatex +/usr/")
        if not shutil.which("unshare"):
            self.skipTest("no unshare here")
        ran = self.in_namespace('for tex in "$(command -v pdflatex)"; do mount --bind /dev/null "$tex"; done',
                                [AISCI, "doctor"])
        self.assertRegex(ran.stdout, r"degraded +pdflatex +not found in /usr/local/bin:/usr/bin:/bin")
        self.assertIn("apt-get install texlive", ran.stdout)

    def test_names_that_are_none_are_refused_with_those_there_are(self):
        for flag, name, says in (("--format", "neurips", "there are article, conference and workshop"),
                                 ("--sandbox", "docker", "there are: bubblewrap, process"),
                                 ("--llm", "gemini", "there are: anthropic, offline, openai"),
                                 ("--value-function", "none", "there are: novelty_significance_feasibility, "),
                                 ("--plugins", "/nonexistent", "there is no folder of plugins /nonexistent"),
                                 ("--isolation", "x", "expected auto or in-process or process")):
            with self.subTest(flag):
                ran = self.run_aisci("run", QUESTION, "-o", self.study, flag, name, *SMALL)
                self.assertIn(ran.returncode, (2, 5), ran.stderr)
                self.assertIn(says, ran.stderr)
                self.assertNotIn("apt-get", ran.stderr)
                self.assertNotIn("build and install", ran.stderr)
                self.assertNotIn("where it was built", ran.stderr)
                if ran.returncode == 5:
                    self.assertRegex(ran.stderr, f"-> name .* with {flag}")
                self.assertFalse(self.study.exists())

    def without(self, tool):
        """The environment, with all programs on the path but one."""
        self.work.chmod(0o755)  # bubblewrap is started as nobody
        folder = self.work / f"without-{tool}"
        folder.mkdir()
        for place in os.environ["PATH"].split(":"):
            for name in os.listdir(place) if os.path.isdir(place) and os.access(place, os.R_OK) else ():
                if name != tool and not (folder / name).is_symlink():
                    (folder / name).symlink_to(os.path.join(place, name))
        return {**os.environ, "PATH": str(folder)}

    def bare_python(self):
        path = self.work / "python3"
        path.write_text("#!/bin/sh\necho torch\n")
        path.chmod(0o755)
        return str(path)

    def test_policy_that_is_none_is_refused_with_those_there_are(self):
        ran = self.run_aisci("run", QUESTION, "-o", self.study, "--policy", "best", *SMALL)
        self.assertEqual(ran.returncode, 2, ran.stderr)
        self.assertIn('unknown policy "best"; known are adaptive, greedy, puct, random, thompson, ucb1, uct', ran.stderr)
        self.assertFalse(self.study.exists())

    def test_project_file_chooses_no_plugins_for_who_reads_a_study(self):
        self.study.mkdir()
        (self.work / "aisci.toml").write_text('plugins = "plugs"\nsandbox = "process"\n')
        for words, left_out in ((["verify", "study"], "plugins"), (["explain", "study", "0.8"], "plugins"),
                                (["bundle", "study"], "plugins"),
                                (["reproduce", "study", "-o", "again"], "plugins, sandbox")):
            with self.subTest(words[0]):
                ran = self.run_aisci(*words, cwd=self.work)
                self.assertEqual(ran.stderr.count(f"./aisci.toml sets {left_out}, which does not count here"), 1, ran.stderr)
                self.assertNotIn("plugs", ran.stderr)
        ran = self.run_aisci("verify", "study", "--plugins", self.work, cwd=self.work)
        self.assertNotIn("aisci.toml", ran.stderr)
        for words in ["plugin", "list"], ["doctor"], ["config", "show"], ["lit", "search", "x"], ["run", QUESTION, "-o", "new"]:
            ran = self.run_aisci(*words, cwd=self.work)
            self.assertEqual(ran.returncode, 2, ran.stderr)
            self.assertIn('./aisci.toml sets sandbox = "process", plugins = "plugs"', ran.stderr)
            self.assertIn("(--sandbox process --plugins plugs), or read the whole file with --config ./aisci.toml", ran.stderr)
        for more in ["--config", "./aisci.toml"], ["--sandbox", "process", "--plugins", "plugs"]:
            self.assertIn("plugins = 'plugs'", self.run_aisci("config", "show", *more, cwd=self.work).stdout)
        (self.work / "study.db").write_text("")
        ran = self.run_aisci("doctor", cwd=self.work)
        self.assertEqual(ran.returncode, 2)
        self.assertIn("--config aisci.toml", ran.stderr)

    def test_command_that_is_none_is_named_with_those_there_are(self):
        for words, said in ((["sevre"], 'no command "sevre"; there are run, resume'),
                            (["verfy", "study"], "verify"),
                            (["plugin", "lits"], 'no command "lits"; there are list'),
                            ([""], "no command")):
            with self.subTest(words):
                ran = self.run_aisci(*words)
                self.assertEqual(ran.returncode, 2)
                self.assertIn(said, ran.stderr)

    def test_no_file_descriptors(self):
        for most in (6, 10, 16, 24):
            with self.subTest(most):
                shutil.rmtree(self.study, ignore_errors=True)
                ran = self.run_aisci("run", QUESTION, "-o", self.study, *SMALL, preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_NOFILE, (most, most)))
                self.assertIn(ran.returncode, (1, 5, 127), ran.stderr)  # 127: the loader itself had none
                self.assertNotEqual(ran.stderr, "")

    def test_odd_questions_are_refused_in_words(self):
        for question in ("", " \t\n", "%_&#{}\\ $^~", "\u202eshort a si siht\u202c", "\x1b[2J\x07\x00".replace("\0", ""),
                         "为什么天空是蓝色的？" * 20, "why " * 2500, "x" * 30000, b"\xff\xfe".decode("latin-1")):
            with self.subTest(question[:20]):
                ran = self.run_aisci("run", question, "-o", self.study, *SMALL)
                self.assertIn(ran.returncode, (2, 5), ran.stderr)
                self.assertGreater(len(ran.stderr), 20)
                self.assertNotIn("\x1b[2J", ran.stderr)
                shutil.rmtree(self.study, ignore_errors=True)


if __name__ == "__main__":
    AISCI = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
