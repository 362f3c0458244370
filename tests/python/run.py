"""Runs the tests of everything that is written in Python or used from it: the module of experiments, the templates, the
figures, the package aisci.

    "$(bash setup.sh --python)" tests/python/run.py [NAME...]

A NAME is part of a test's name. The package is taken from build/release, or from the build that AISCI_BUILD names. Prints the totals; the exit status is 1 if a test failed or none ran.
"""

import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("AISCI_BUILD", HERE.parents[1] / "build/release"))


class Result(unittest.TextTestResult):
    """Counts what passed: one test may fail in several parts, and a class before any of its tests runs."""

    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.passed += 1


def chosen(suite, names):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from chosen(test, names)
        elif not names or any(name in test.id() for name in names) or isinstance(test, unittest.loader._FailedTest):
            yield test  # a file that cannot be loaded may hold the test that is asked for


def main():
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(HERE), str(BUILD / "python")]
    state = tempfile.TemporaryDirectory(prefix="aisci-python-state-")  # what studies note of their beginning
    os.environ["XDG_STATE_HOME"] = state.name
    suite = unittest.TestSuite(chosen(unittest.defaultTestLoader.discover(str(HERE), "*_test.py"), sys.argv[1:]))
    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=1, resultclass=Result).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    print(f"python tests: {result.testsRun} run, {result.passed} passed, {failed} failed, {len(result.skipped)} skipped")
    return 0 if result.testsRun and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
