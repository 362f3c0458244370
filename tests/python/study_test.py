"""Scientist and Study: options, a small study with components in Python, and the ways it can end."""

import asyncio
import gc
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import unittest

import aisci
from aisci.components import FunctionOfNode
from local_sandbox import LocalSandbox, imitate_training

QUESTION = "How does the choice of activation function affect Vision Transformers on small datasets?"
SMALL = {"max_experiments": 3, "initial_hypotheses_kept": 2, "confirmation_share": 0.34, "seed": 7,
         "sandbox": "local", "parallel_experiments": 1}


def scientist(**options):
    registry = aisci.Registry()
    registry.register("local", LocalSandbox(imitate_training))
    return aisci.AIScientist(**{**SMALL, **options}).use(registry)


class Draft(aisci.Writer):
    """Sources that are never built: the study ends without a PDF and says so."""

    def render(self, paper, artefacts, call):
        yield {"file": "paper.tex", "text": paper["title"]}
        yield {"build": {"steps": [["false"]], "environment": {}, "output": "paper.pdf", "log": "paper.log"}}

    def check(self, paper, call):
        return {"problems": []}


def significance(node):
    """A value function in a line, that says how uncertain it is."""
    return aisci.Score(node.metrics["significance"], stddev=node.metrics["significance_stddev"])


class Options(unittest.TestCase):
    def refused(self, words, error=aisci.InvalidArgument, **options):
        with self.assertRaises(error) as caught:
            aisci.AIScientist(**options)
        self.assertIn(words, str(caught.exception))

    def test_NamesAndValues(self):
        options = aisci.AIScientist(llm_provider="offline", max_experiments=8, enable_tree_search=False, seed=3,
                                    value_weights={"novelty": 0.5, "impact": 0.5}, plugins=["/a", pathlib.Path("/b")],
                                    model=None, gpu_ids=None).options
        expected = {"max_experiments": "8", "enable_tree_search": "false", "seed": "3",
                    "value_weights": "novelty=0.5,impact=0.5", "plugins": "/a:/b", "model": ""}
        self.assertEqual({name: options[name] for name in expected}, expected)
        self.assertEqual(list(aisci.AIScientist().options), sorted(row.name for row in aisci.option_table()))
        for row in aisci.option_table():
            self.assertEqual(aisci.AIScientist().options[row.name], row.default)

    def test_UnknownNames_AreNamedWithTheNearest(self):
        self.refused("did you mean max_experiments?", max_experimnts=3)
        self.refused("did you mean policy?", polcy="ucb1")

    def test_WrongValues_AreNamed(self):
        self.refused("max_experiments", max_experiments=0)
        self.refused("max_experiments", max_experiments="many")
        self.refused("initial_hypotheses_kept is 9", initial_hypotheses_kept=9)

    def test_Choices_AreWords(self):
        self.assertEqual(aisci.AIScientist(order="arrival").options["order"], "arrival")
        self.refused("expected ticket or arrival", order="fastest")

    def test_GPUs_AreAList(self):
        for given, expected in (([0, 1], "0,1"), (["GPU-8f"], "GPU-8f"), ([], "none"), ("all", "all"), (None, "all")):
            self.assertEqual(aisci.AIScientist(gpu_ids=given).options["gpu_ids"], expected)
        self.refused("expected auto or none", gpu_allocation="some")
        self.refused("expected all, none, or indices", gpu_ids=["first"])

    def test_AGPUThatIsNotThere_IsSaidBeforeAnyWork(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaises(aisci.NotFound):
                aisci.AIScientist(gpu_ids=[999]).run("Does dropout help?", pathlib.Path(folder) / "study")
            self.assertFalse((pathlib.Path(folder) / "study").exists())

    def test_FilesAndEnvironment_AreReadWhenAsked(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "my.toml"
            file.write_text("policy = 'ucb1'\nblocks = 6\n")
            options = aisci.load_options(file, blocks=7)
            self.assertEqual((options["policy"], options["blocks"]), ("ucb1", "7"))
            self.assertEqual(aisci.AIScientist(**options).options, options)


class Whole(unittest.TestCase):
    """One study, shared by what looks at it."""

    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.holder.cleanup)
        cls.folder = pathlib.Path(cls.holder.name) / "study"
        cls.events, cls.threads = [], set()

        def on_event(event):
            cls.events.append(event)
            cls.threads.add(threading.current_thread())

        cls.result = scientist().run(research_question=QUESTION, output_dir=cls.folder, value_function=significance,
                                     on_event=on_event)

    def test_TheResultHasWhatIsPromised(self):
        paper = self.result.paper
        self.assertEqual((self.result.state, self.result.ended_by), ("completed", "max_experiments"))
        self.assertEqual(paper.pdf, self.folder / "paper.pdf", self.result.degraded)
        for path in (paper.pdf, paper.latex, paper.code, paper.summary, paper.experiment_logs):
            self.assertTrue(path.exists(), path)
        self.assertEqual(paper.code_repo, paper.code)
        self.assertTrue(paper.findings)
        self.assertEqual(len(paper.reviews), 3)
        verdict, = paper.verdicts
        self.assertEqual(verdict.verdict, "supported")  # the imitated training favours gelu by six points
        self.assertAlmostEqual(verdict.effect, 0.06, delta=0.03)
        for name in ("pdf", "latex", "code", "code_repo", "summary", "experiment_logs", "findings", "verdicts",
                     "reviews", "cost"):
            self.assertEqual(getattr(self.result, name), getattr(paper, name))

    def test_TheCostIsTheLedgers(self):
        cost, told = self.result.paper.cost, aisci.describe_study(self.folder)["cost"]
        self.assertEqual({name: getattr(cost, name) for name in told}, told)
        self.assertGreater(cost.trials, 10)
        self.assertEqual(cost.usd, 0.0)

    def test_TheValueFunctionWasUsed(self):
        nodes = aisci.describe_study(self.folder)["nodes"]
        scores = {event.key: event.document["score"]["value"] for event in self.events
                  if event.type == "node.evaluated" and event.document.get("state") == "done"}
        self.assertTrue(scores)
        for event in self.events:
            if event.type == "node.evaluated" and event.document.get("state") == "done":
                self.assertAlmostEqual(event.document["score"]["value"], event.document["evidence"]["significance"])
                self.assertTrue(0 <= event.document["score"]["stddev"] < 0.5, event.document["score"])
        self.assertIn('value_function = "python.significance"',
                      (self.folder / "config.toml").read_text().replace("'", '"'))
        self.assertTrue(nodes)

    def test_EventsComeInOrderFromTheStudysThreads(self):
        types = [event.type for event in self.events]
        self.assertLess(types.index("study.created"), types.index("node.created"))
        self.assertEqual(types[-1] if types[-1] != "progress" else "study.completed", "study.completed")
        progress = [event.progress for event in self.events]
        self.assertEqual(progress, sorted(progress))
        self.assertNotIn(threading.main_thread(), self.threads - {threading.main_thread()})

    def test_ItVerifies_WithWhatItWasMadeWith(self):
        registry = aisci.Registry()
        registry.register("local", LocalSandbox())
        report = aisci.verify_study(self.folder, value_function=significance, registry=registry)
        self.assertEqual(report.problems, [])
        self.assertTrue(report.checks)
        with self.assertRaisesRegex(aisci.NotFound, "no sandbox 'local'"):
            aisci.verify_study(self.folder, value_function=significance)
        other = aisci.verify_study(self.folder, value_function=lambda node: 0.5, registry=registry)
        self.assertTrue(other.problems)
        explained = aisci.explain_number(self.folder, "c1.contrast.mean", value_function=significance,
                                         registry=registry)
        self.assertTrue(explained["holds"])

    def test_AnotherQuestionOrOtherOptions_DoNotHold(self):
        registry = aisci.Registry()
        registry.register("local", LocalSandbox())
        for name, before, after in (("question.txt", QUESTION, "Is the earth flat?"),
                                    ("question.txt", "", None),
                                    ("config.toml", "max_experiments = ", "max_experiments = 1")):
            path = self.folder / name
            whole = path.read_text()
            try:
                if after is None:
                    path.unlink()
                else:
                    path.write_text(whole.replace(before, after, 1))
                report = aisci.verify_study(self.folder, value_function=significance, registry=registry)
                with self.assertRaisesRegex(aisci.FailedPrecondition, name + ".* was changed since the study began"):
                    scientist().resume(self.folder, value_function=significance)
            finally:
                path.write_text(whole)
            problem, = report.problems
            self.assertTrue(problem.place.startswith(name), problem)
            self.assertTrue(problem.expected and problem.found, problem)

    def test_DamageInsideALetter_IsToldInWordsThatCanBeRead(self):
        registry = aisci.Registry()
        registry.register("local", LocalSandbox())
        table = next(path for path in sorted((self.folder / "figures").glob("*.csv"))
                     if "\u2212".encode() in path.read_bytes())
        whole = table.read_bytes()
        try:
            table.write_bytes(whole.replace("\u2212".encode(), b"\xe2x\x92", 1))
            report = aisci.verify_study(self.folder, value_function=significance, registry=registry)
        finally:
            table.write_bytes(whole)
        told = [problem for problem in report.problems if table.name in problem.place]
        self.assertTrue(told, report.problems)
        for problem in told:
            self.assertTrue(problem.found.isprintable() and "\ufffd" not in problem.found, problem.found)

    def test_ANameThatTheStudyDidNotUse_IsRefused_AndItsOwnIsTaken(self):
        registry = aisci.Registry()
        registry.register("local", LocalSandbox())
        registry.register("python.significance", FunctionOfNode(significance))

        def resume(name):
            made = scientist()
            made._registry.register("python.significance", FunctionOfNode(significance))
            with made.resume(self.folder, value_function=name) as study:
                return study.wait().paper.verdicts

        calls = {"resume": (resume, self.result.paper.verdicts),
                 "verify": (lambda name: aisci.verify_study(self.folder, value_function=name, registry=registry).problems, []),
                 "explain": (lambda name: aisci.explain_number(self.folder, "c1.contrast.mean", value_function=name,
                                                               registry=registry)["holds"], True)}
        for what, (call, expected) in calls.items():
            with self.subTest(what):
                with self.assertRaisesRegex(aisci.InvalidArgument, "'brevity'.*'python.significance'; leave value_function out"):
                    call("brevity")
                self.assertEqual(call("python.significance"), expected)

    def test_ANameForAFolderWithoutAStudy_IsNotWhatIsWrong(self):
        with tempfile.TemporaryDirectory() as empty, self.assertRaises(aisci.NotFound):
            scientist().resume(empty, value_function="brevity")

    def test_AFinishedStudy_IsResumedAtOnce(self):
        with scientist().resume(self.folder, value_function=significance) as study:
            self.assertEqual(study.wait().paper.verdicts, self.result.paper.verdicts)
        with self.assertRaises(aisci.AlreadyExists):
            scientist().start(QUESTION, self.folder)


class Registered(unittest.TestCase):
    """Components in Python that a study uses by their names."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name) / "study"

    def failure(self, name, component, **options):
        """How a study with the component fails."""
        registry = aisci.Registry()
        registry.register("local", LocalSandbox(imitate_training))
        registry.register(name, component)
        with self.assertRaises(aisci.Error) as caught:
            aisci.AIScientist(**{**SMALL, **options}).use(registry).run(QUESTION, self.folder)
        return caught.exception

    def test_AnAgent(self):
        class Refuser(aisci.Agent):
            def tasks(self, call):
                return ["ideation.scope"]

            def act(self, task, input, call):
                raise aisci.PermissionDenied(f"{task}: {input['question'][:8]}")

        error = self.failure("ideation", Refuser())
        self.assertIsInstance(error, aisci.PermissionDenied)
        self.assertIn("ideation.scope: How does", str(error))

    def test_ARetriever(self):
        class Lost(aisci.Retriever):
            def search(self, query, k, call):
                raise LookupError(f"no shelf for {query}")

        self.assertIn("LookupError: no shelf for", str(self.failure("local", Lost())))

    def test_AnLLMProvider(self):
        class Locked(aisci.LLMProvider):
            def complete(self, request, deltas, call):
                raise aisci.Unauthenticated(f"no key for {request['task']['name']}")

        error = self.failure("locked", Locked(), llm_provider="locked", model="any")
        self.assertIsInstance(error, aisci.Unauthenticated)
        self.assertIn("no key for ideation.scope", str(error))

    def test_ASandbox(self):
        class Closed(aisci.Sandbox):
            def attach(self, run_id, call):
                raise aisci.NotFound(run_id)

            def open(self, limits, call):
                raise aisci.ResourceExhausted(f"no room for {limits['memory_mb'] > 0}")

        self.assertIn("no room for True", str(self.failure("closed", Closed(), sandbox="closed")))


class Ends(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name) / "study"

    def test_WhatTheValueFunctionRaises_FailsTheStudyWithItsText(self):
        def broken(node):
            raise KeyError("no such metric")

        with self.assertRaisesRegex(aisci.Unknown, "KeyError: 'no such metric'.*study_test.py, line"):
            scientist().run(QUESTION, self.folder, value_function=broken)

    def test_WeightsThatAFunctionDoesNotTake_AreRefused(self):
        with self.assertRaisesRegex(aisci.InvalidArgument, "takes no value_weights"):
            scientist(value_weights={"novelty": 1}).start(QUESTION, self.folder, value_function=significance)
        self.assertFalse(self.folder.exists())

    def test_QuestionsThatCannotBeStudied_AreRefused(self):
        with self.assertRaises(aisci.Error) as caught:
            scientist().run("Which is the best recipe for apple pie?", self.folder)
        self.assertIn("What can be studied", str(caught.exception))
        with self.assertRaises(aisci.InvalidArgument):
            scientist().start("", self.folder)

    def test_AWriterInPython_WritesThePaper_AndWithoutAPDFThePathIsNone(self):
        made = scientist(max_experiments=2, initial_hypotheses_kept=1)
        made._registry.register("latex", Draft())
        result = made.run(QUESTION, self.folder)
        self.assertIsNone(result.pdf)
        self.assertIn("no PDF", "".join(result.degraded))
        self.assertNotIn("documentclass", result.latex.read_text())
        self.assertEqual(result.cost.trials, 48)  # two arms: five blocks twice, and fourteen

    def test_PausedCancelledAndResumed(self):
        with scientist().start(QUESTION, self.folder, value_function=significance) as study:
            study.pause()
            self.assertEqual(study.state, "paused")
            self.assertIsNone(study.wait(timeout=0.05))
            self.assertLess(study.progress, 1)
            study.cancel()
            with self.assertRaises(aisci.Cancelled):
                study.wait()
            self.assertEqual(study.state, "cancelled")
        with self.assertRaises(aisci.FailedPrecondition):
            study.state
        with scientist().resume(self.folder, value_function=significance) as study:
            self.assertIn(study.state, ("running", "completed"))

    def test_AStudyOfSomebodyElse_GoesOnWithItsOptionsGivenAgain(self):
        state = self.folder.with_name(self.folder.name + "-state")
        with scientist().remember_in(state).start(QUESTION, self.folder) as study:
            study.on_event(lambda event: study.cancel())
            with self.assertRaises(aisci.Cancelled):
                study.wait()
        registry = scientist()._registry
        bare = aisci.AIScientist().use(registry)
        with self.assertRaises(aisci.FailedPrecondition) as refused:
            bare.remember_in(None).resume(self.folder)
        self.assertIn('asks for sandbox = "local"', str(refused.exception))
        for resumed in (lambda: bare.remember_in(state).resume(self.folder),
                        lambda: bare.remember_in(None).resume(self.folder, trusted=True),
                        lambda: scientist().remember_in(None).resume(self.folder)):
            with resumed() as study:
                self.assertIn(study.state, ("running", "completed"))

    def test_WhatACallbackRaises_CancelsTheStudyAndIsRaised(self):
        def on_event(event):
            if event.type == "node.created":
                raise RuntimeError("enough")

        with self.assertRaisesRegex(RuntimeError, "enough"):
            scientist().run(QUESTION, self.folder, on_event=on_event)
        self.assertEqual(aisci.describe_study(self.folder)["state"], "cancelled")

    def test_CancellingTheTask_CancelsTheStudy(self):
        async def main():
            study = scientist().start(QUESTION, self.folder)
            task = asyncio.create_task(study.wait_async())
            await asyncio.sleep(0.05)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            with self.assertRaises(aisci.Cancelled):
                await study.wait_async()

        asyncio.run(main())

    def test_ACallbackThatKnowsItsStudy_IsNoLeak(self):
        study = scientist().start(QUESTION, self.folder)
        study.on_event(lambda event: study.progress)
        handle = study._handle
        del study
        gc.collect()
        with self.assertRaises(aisci.FailedPrecondition):  # cancelled and waited for
            handle.state()

    def test_TheLastReferenceMayGoOnAThreadOfTheStudy(self):
        # A study cannot wait for itself: in a process of its own, since it used to be the end of one.
        self.program("""
            holder = [scientist().start(QUESTION, FOLDER)]
            gone = threading.Event()
            def drop(event):
                if holder:
                    holder.clear()
                    gone.set()
            holder[0].on_event(drop)
            assert gone.wait(60)
            print("fine")
        """)

    def test_AProgramThatEnds_EndsItsStudyFirst(self):
        self.program("""
            study = scientist().start(QUESTION, FOLDER)
            study.on_event(lambda event: None)
            started = threading.Event()
            study.on_event(lambda event: started.set())
            assert started.wait(60)
            print("fine")
        """)
        self.assertEqual(aisci.describe_study(self.folder)["state"], "cancelled")

    def test_CtrlC_EndsTheStudyGracefully(self):
        self.program("""
            signal.signal(signal.SIGINT, signal.default_int_handler)  # as at a terminal: whoever runs this may ignore it
            def on_event(event):
                if event.type == "node.created":
                    os.kill(os.getpid(), signal.SIGINT)
            try:
                scientist().run(QUESTION, FOLDER, on_event=on_event)
            except KeyboardInterrupt:
                print("fine")
        """)
        self.assertEqual(aisci.describe_study(self.folder)["state"], "cancelled")

    def program(self, text):
        head = "import gc, os, signal, sys, threading\nfrom study_test import *\n" + f"FOLDER = {str(self.folder)!r}\n"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
        ended = subprocess.run([sys.executable, "-c", head + textwrap.dedent(text)], env=environment, timeout=120,
                               capture_output=True, text=True)
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (0, "fine\n", ""))


if __name__ == "__main__":
    unittest.main()
