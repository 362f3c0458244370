"""examples/python/quickstart.py does what it says."""

import os
import re
import subprocess
import sys
import unittest

from programs import ROOT


class Quickstart(unittest.TestCase):
    def run_it(self, *arguments):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
        ended = subprocess.run([sys.executable, str(ROOT / "examples/python/quickstart.py"), *arguments],
                               env=environment, capture_output=True, text=True)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        return ended.stdout

    def test_TheSearchFindsGoodSettings_TheSameOnesForTheSameSeed(self):
        first = self.run_it("--budget", "150", "--seed", "3")
        self.assertEqual(first, self.run_it("--budget", "150", "--seed", "3"))
        self.assertGreater(float(re.search(r"the true one is ([0-9.]+)", first)[1]), 0.93)  # one in some 25 settings

    @unittest.skipUnless(os.environ.get("AISCI_SLOW_TESTS"), "slow: set AISCI_SLOW_TESTS=1")
    def test_TheStudyRunsAndVerifies(self):
        import tempfile
        with tempfile.TemporaryDirectory() as folder:
            told = self.run_it("--study", folder + "/study")
        self.assertIn("Verified: 0 problems", told)
        self.assertRegex(told, "(supported|refuted|equivalent|inconclusive): ")


if __name__ == "__main__":
    unittest.main()
