"""Components in Python: the conformance suite on one of each kind, and how failures come back."""

import gc
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import weakref

import aisci
from local_sandbox import LocalSandbox


class Brevity(aisci.ValueFunction):
    def evaluate(self, nodes, call):
        call.report("score", {"parts": {"brevity": 1}})
        for node in nodes:
            if "accuracy" not in node.metrics:
                yield aisci.FailedPrecondition("not measured")
            else:
                yield aisci.Score(1 / (1 + len(node.text("code") or "")), 0.1)


class Referee(aisci.Agent):
    def tasks(self, call):
        return ["review.review"]

    def act(self, task, input, call):
        if task != "review.review":
            raise aisci.Unimplemented(f"no task {task}")
        return {"summary": "fine", "read": sorted(input)}


class Echo(aisci.LLMProvider):
    def complete(self, request, deltas, call):
        if deltas:
            deltas('{"text": "hello"}')
        call.report("usage", {"input_tokens": 1, "output_tokens": 1})
        return {"text": "{}", "model": "echo", "finish": "stop", "usage": {}}

    def models(self, call):
        return [{"id": "echo"}]


class Shelf(aisci.Retriever):
    RECORDS = {f"key{number}": {"key": f"key{number}", "title": "T"} for number in range(3)}

    def search(self, query, k, call):
        return list(self.RECORDS.values())[:k]

    def fetch(self, id, call):
        try:
            return self.RECORDS[id]
        except KeyError:
            raise aisci.NotFound(f"no record {id}") from None


class PlainText(aisci.Writer):
    def render(self, paper, artefacts, call):
        yield {"file": "paper.txt", "text": paper.get("title", "")}
        yield {"build": {"steps": [], "environment": {}, "output": "paper.txt", "log": ""}}

    def check(self, paper, call):
        return {"problems": []}


class LoadingTest(unittest.TestCase):
    def test_the_module_looks_for_no_library_in_the_working_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            told = subprocess.run([sys.executable, "-c", "import aisci"], cwd=folder, capture_output=True, text=True, check=True, env={
                **os.environ, "LD_DEBUG": "libs", "PYTHONPATH": str(pathlib.Path(aisci.__file__).parents[1])})
        tried = [line.split("trying file=")[1] for line in told.stderr.splitlines() if "trying file=" in line]
        self.assertTrue(any(pathlib.Path(path).name == "libaisci.so.0" for path in tried), told.stderr)
        self.assertEqual([path for path in tried if not path.startswith("/")], [])


class Conformance(unittest.TestCase):
    def test_OneOfEachKind_KeepsTheRulesOfItsKind(self):
        rules = {"V": Brevity(), "A": Referee(), "S": LocalSandbox(), "L": Echo(), "R": Shelf(), "W": PlainText()}
        for letter, component in rules.items():
            with self.subTest(component.kind):
                report = aisci.check_component(component)
                self.assertTrue(report.passed, str(report))
                kept = {finding.rule for finding in report.findings if finding.outcome == "holds"}
                self.assertTrue([rule for rule in kept if rule.startswith(letter)], str(report))
                self.assertIn("P8", kept)

    def broken(self, component):
        report = aisci.check_component(component, "it")
        self.assertFalse(report.passed)
        return {finding.rule: finding for finding in report.findings if finding.outcome == "broken"}, str(report)

    def test_BrokenRules_AreFound(self):
        class Noisy(aisci.ValueFunction):
            calls = 0

            def evaluate(self, nodes, call):
                self.calls += 1
                return [1.5 if self.calls == 1 else 0.5 for _ in nodes]

        rules, text = self.broken(Noisy())
        self.assertLessEqual({"V1", "V2"}, set(rules))
        self.assertIn("broken       V1  it:", text)

        class Greedy(Shelf):
            def search(self, query, k, call):
                return [{"title": "no key"}] * 5

        self.assertLessEqual({"R1", "R2"}, set(self.broken(Greedy())[0]))

    def test_WhatItRaises_IsInTheReport(self):
        class Broken(aisci.ValueFunction):
            def evaluate(self, nodes, call):
                return [1 / 0 for _ in nodes]

        rules, text = self.broken(Broken())
        self.assertIn("ZeroDivisionError: division by zero", rules["V1"].got)
        self.assertIn("components_test.py, line", text)

    def test_WrongNumberOrTypeOfAnswers_IsInTheReport(self):
        class Short(aisci.ValueFunction):
            def evaluate(self, nodes, call):
                return [0.5]

        self.assertIn("1 scores for 3 nodes", self.broken(Short())[1])

        class Wrong(Referee):
            def act(self, task, input, call):
                return "text"

        self.assertIn("must be a dict, not str", self.broken(Wrong())[1])

    def test_NotImplemented_IsItsOwnCode(self):
        self.assertIn("UNIMPLEMENTED", self.broken(aisci.ValueFunction())[1])

    def test_SomethingElse_IsRefused(self):
        with self.assertRaisesRegex(aisci.InvalidArgument, "is no component"):
            aisci.check_component(object())


class Views(unittest.TestCase):
    def test_WhatACallGave_CannotBeUsedAfterIt(self):
        kept = []

        class Keeper(aisci.ValueFunction):
            def evaluate(self, nodes, call):
                kept.append(call)
                kept.extend(nodes)
                if len(kept) == 4:
                    self.seen = [node.document("hypothesis") for node in nodes], call.is_cancelled(), call.time_left()
                return [0.5] * len(nodes)

        keeper = Keeper()
        self.assertTrue(aisci.check_component(keeper).passed)
        documents, cancelled, left = keeper.seen
        self.assertEqual(documents, [None, *2 * [{"statement": "A is better than B"}]])
        self.assertFalse(cancelled)
        self.assertGreater(left, 0)
        for use in (lambda: kept[0].is_cancelled(), lambda: kept[1].text("code")):
            with self.assertRaisesRegex(aisci.FailedPrecondition, "valid during the call"):
                use()
        self.assertEqual(kept[2].metrics["accuracy"], 0.7)  # what was copied stays


class Registered(unittest.TestCase):
    def test_ARegistryListsAndKeepsThem(self):
        registry = aisci.Registry()
        registry.register("brevity", Brevity())
        gone = weakref.ref(registry._components[0][1])
        gc.collect()
        self.assertIsNotNone(gone())
        self.assertEqual([(info.kind, info.id) for info in registry.list()], [("value_function", "brevity")])
        with self.assertRaisesRegex(aisci.AlreadyExists, "brevity"):
            registry.register("brevity", Brevity())
        self.assertEqual(len(registry.copy().list()), 1)
        del registry
        gc.collect()
        self.assertIsNone(gone())

    def test_AComponentThatKnowsItsRegistry_IsCollected(self):
        component = Brevity()
        component.registry = aisci.Registry()
        component.registry.register("brevity", component)
        gone = weakref.ref(component)
        del component
        gc.collect()
        self.assertIsNone(gone())

    def test_PluginsAreListedAndChecked(self):
        registry = aisci.Registry()
        registry.load_folder(aisci._aisci.Registry.shipped_folder())
        self.assertIn(("sandbox", "bubblewrap"), [(info.kind, info.id) for info in registry.list()])
        with self.assertRaises(aisci.NotFound):
            registry.load_plugin("/nowhere/x.so")


class Errors(unittest.TestCase):
    def test_OneClassForEachCode(self):
        self.assertEqual(sorted(aisci.errors.CLASSES), list(range(1, 17)))
        for code, each in aisci.errors.CLASSES.items():
            self.assertIs(type(aisci.errors.from_code(code, "why")), each)
            self.assertTrue(issubclass(each, aisci.Error))
            self.assertIs(getattr(aisci, each.__name__), each)
        self.assertEqual(json.dumps([aisci.NotFound.name, aisci.Unknown.code]), '["NOT_FOUND", 2]')


if __name__ == "__main__":
    unittest.main()
