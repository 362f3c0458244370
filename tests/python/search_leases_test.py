"""aisci.mcts: when ask() waits and when it cannot, several leases at once, leases that are given back, saving meanwhile."""

import asyncio
import math
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import aisci
from aisci.mcts import Search
from programs import ROOT


def tell(search, lease):
    search.tell(lease, state=lease.id, value=random.Random(lease.seed).random())


def narrow():
    """Its second lease depends on its first."""
    return Search(budget=10, drafts=1, width=1, depth=5, policy="random")


ALONE = """
import aisci, asyncio
from aisci.mcts import Search
from search_leases_test import narrow, tell

def refused(function, *arguments):
    try:
        ran = function(*arguments)
        if asyncio.iscoroutine(ran):
            asyncio.run(ran)
    except aisci.FailedPrecondition as error:
        assert "only its caller could settle the leases" in str(error) and "batch(n)" in str(error), error
        print("refused")
    else:
        print("not refused")
"""


class LeasesTest(unittest.TestCase):
    def ended(self, function):
        """What it returned or raised; a thread that waits for ever is left behind, and the test fails."""
        got = []

        def run():
            try:
                got.append(function())
            except Exception as error:
                got.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(60)
        self.assertFalse(thread.is_alive(), "it waits for ever")
        return got[0]

    def run_python(self, *words):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, timeout=120)

    def alone(self, script):
        """What a script printed whose thread is the only one; refused() runs a function or coroutine and expects that."""
        done = self.run_python("-c", ALONE + script)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout


class AskInVain(LeasesTest):
    def test_WhoTellsItsOwn_IsNotLeftWaitingForItself(self):
        self.assertEqual(self.alone("""
def batches(size, budget):
    search = Search(budget=budget)
    while leases := [lease for lease in (search.ask() for _ in range(size)) if lease]:
        for lease in leases:
            tell(search, lease)

for size, budget in ((3, 20), (4, 20), (8, 20), (4, 50), (8, 50)):
    refused(batches, size, budget)
"""), "refused\n" * 5)

    def test_ATaskIsNotLeftWaitingForItself(self):
        self.assertEqual(self.alone("""
async def batches():
    search = Search(budget=20)
    while lease := await search.ask_async():
        for each in (lease, await search.ask_async(), await search.ask_async()):
            tell(search, each)

refused(batches)
"""), "refused\n")

    def test_WhoIsAlone_IsRefusedAtOnce(self):
        self.assertEqual(self.alone("""
def takes():
    search = Search(budget=20)
    for _ in range(20): search.ask()

async def takes_in_a_task():
    search = Search(budget=20)
    for _ in range(20): await search.ask_async()

refused(takes)
refused(takes_in_a_task)
"""), "refused\n" * 2)

    def test_OnceTheOthersHaveEnded_WhoWaitsIsRefused(self):
        self.assertEqual(self.alone("""
import threading, time
search = narrow()
search.ask()
threading.Thread(target=time.sleep, args=(0.2,)).start()
refused(search.ask)
"""), "refused\n")

    def test_AfterTheRefusal_TheSearchGoesOn(self):
        self.assertEqual(self.alone("""
search = narrow()
tell(search, search.ask())
lease = search.ask()
refused(search.ask)
tell(search, lease)
print(search.ask().parent == lease.node)
"""), "refused\nTrue\n")

    def test_WhoToldItsOwnBefore_WaitsForWorkers(self):
        """It warms up by itself, and hands what it takes after that to others."""
        search = narrow()
        tell(search, search.ask())
        lease = search.ask()

        def work():
            time.sleep(0.1)
            tell(search, lease)

        with ThreadPoolExecutor(1) as pool:
            pool.submit(work)
            self.assertEqual(search.ask().parent, lease.node)

    def test_ATaskThatToldItsOwnBefore_WaitsForOthers(self):
        async def main():
            search = narrow()
            tell(search, await search.ask_async())
            lease = await search.ask_async()

            async def work():
                await asyncio.sleep(0.05)
                tell(search, lease)

            working = asyncio.create_task(work())
            after = await search.ask_async()
            await working
            return after.parent == lease.node

        self.assertIs(asyncio.run(main()), True)

    def test_WhoAsksForOthers_Waits(self):
        """Everything is taken by one thread and told by others, the first after it began to wait."""
        search = Search(budget=20)

        def work(lease):
            time.sleep(0.005)
            tell(search, lease)

        with ThreadPoolExecutor(4) as pool:
            while lease := search.ask():
                pool.submit(work, lease)
        self.assertEqual((search.pending, search.ended_by), (0, "budget"))

    def test_ATaskThatAsksForOthers_Waits(self):
        async def main():
            search = Search(budget=20)

            async def work(lease):
                await asyncio.sleep(0.005)
                tell(search, lease)

            works = []
            while lease := await search.ask_async():
                works.append(asyncio.create_task(work(lease)))
            await asyncio.gather(*works)
            return search.pending, search.ended_by

        self.assertEqual(asyncio.run(main()), (0, "budget"))


class Timeouts(LeasesTest):
    def test_WithATimeout_ATaskWaitsForCallbacksOfTheLoop(self):
        async def main(seconds):
            search = narrow()
            await search.tell_async(await search.ask_async(), state=0, value=0.5)
            lease = await search.ask_async()
            asyncio.get_running_loop().call_later(0.05, tell, search, lease)
            return (await search.ask_async(seconds)).parent == lease.node

        for seconds in (math.inf, 1e300, 60):
            self.assertIs(self.ended(lambda: asyncio.run(main(seconds))), True)

        self.assertEqual(self.alone("""
async def main():
    search = narrow()
    tell(search, await search.ask_async())
    asyncio.get_running_loop().call_later(0.05, tell, search, await search.ask_async())
    await search.ask_async()

refused(main)
"""), "refused\n")

        async def too_short():
            search = narrow()
            await search.ask_async()
            return await search.ask_async(timeout=0.01), await search.ask_async(timeout=0)

        self.assertEqual(self.ended(lambda: asyncio.run(too_short())), (None, None))
        for seconds in (math.nan, -1):
            self.assertIsInstance(self.ended(lambda: asyncio.run(narrow().ask_async(seconds))), aisci.InvalidArgument)

    def test_ATaskThatStoppedWaiting_IsNotTakenForOneThatWaits(self):
        async def main():
            search = narrow()
            await search.ask_async()
            for _ in range(5):
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(search.ask_async(math.inf), 0.001)
            return search._waited_for

        self.assertIs(self.ended(lambda: asyncio.run(main())), False)

    def test_WhatIsTooLongForTheClock_HasNoLimit(self):
        for seconds in (math.inf, 1e300, 1e10, 1e9):
            search = narrow()
            lease = search.ask()
            teller = threading.Timer(0.05, tell, (search, lease))
            teller.start()
            self.assertEqual(search.ask(timeout=seconds).parent, lease.node, seconds)
            teller.join()

    def test_WhatIsNoTime_IsRefused(self):
        search = narrow()
        search.ask()
        for seconds in (math.nan, -1, -math.inf):
            with self.assertRaisesRegex(aisci.InvalidArgument, "timeout of ask"):
                search.ask(timeout=seconds)
        self.assertIsNone(search.ask(timeout=0))


class Batches(LeasesTest):
    def test_BatchesNeverWait_AndUseTheWholeBudget(self):
        for size in (1, 3, 8, 100):
            search = Search(budget=50)
            told = 0
            while leases := search.batch(size):
                self.assertLessEqual(len(leases), size)
                for lease in leases:
                    tell(search, lease)
                told += len(leases)
            self.assertEqual((told, search.ended_by), (50, "budget"))

    def test_WhereNothingIsToBeHadNow_TheBatchIsEmpty(self):
        search = narrow()
        self.assertEqual(search.batch(0), [])
        lease, = search.batch(5)
        self.assertEqual((search.batch(5), search.ended_by), ([], ""))
        tell(search, lease)
        self.assertEqual([each.parent for each in search.batch(5)], [lease.node])

    def test_TheSameLeasesAsByAsk(self):
        one, other = Search(seed=3), Search(seed=3)
        self.assertEqual([(lease.id, lease.kind, lease.seed) for lease in one.batch(10)],
                         [(lease.id, lease.kind, lease.seed) for lease in (other.ask() for _ in range(10))])

    def test_InTasks(self):
        async def main():
            search = Search(budget=20)
            while leases := await search.batch_async(3):
                for lease in leases:
                    await search.tell_async(lease, state=lease.id, value=0.5)
            return search.ended_by

        self.assertEqual(asyncio.run(main()), "budget")


class RefusedTells(LeasesTest):
    def test_ARefusedTell_ChangesNothing(self):
        search = Search(budget=20, expand=False, drafts=1, width=1)
        lease = search.ask()
        self.assertRaises(aisci.InvalidArgument, search.tell, lease, state="a", value=1e200)
        self.assertRaises(aisci.NotFound, search.state, lease.node)
        self.assertTrue(search.tell(lease, state="b", value=1.0))
        again = search.ask()
        self.assertEqual(again.kind, "replicate")
        self.assertRaises(aisci.InvalidArgument, search.tell, again, state="c", value=1.0, cost=-1)
        self.assertEqual((search.state(lease.node), search.pending), ("b", 1))
        self.assertTrue(search.tell(again, state="d", value=1.0))
        self.assertEqual((search.state(lease.node), search.pending), ("d", 0))


class GivenBack(LeasesTest):
    def test_ABlockThatRaises_GivesTheLeaseBack(self):
        search = Search(budget=2, drafts=2)
        with self.assertRaises(ZeroDivisionError):
            with search.ask():
                1 / 0
        self.assertEqual((search.pending, search.evaluations_left), (0, 2))

    def test_ABlockWithoutTell_GivesItBack_AndOneWithTellDoesNot(self):
        search = Search(budget=2, drafts=2)
        with search.ask() as lease:
            pass
        self.assertFalse(search.tell(lease, value=1.0))
        with search.ask() as lease:
            self.assertTrue(search.tell(lease, state="a", value=1.0))
        self.assertEqual((search.pending, search.evaluations_left, search.state(lease.node)), (0, 1, "a"))

    def test_WorkersThatBreak_LeaveNothingToWaitFor(self):
        search, lock, left = Search(budget=30), threading.Lock(), [3]

        def work():
            while lease := search.ask():
                with lease:
                    with lock:
                        left[0] -= 1
                        broken = left[0] >= 0
                    if broken:
                        raise RuntimeError("the evaluator broke")
                    tell(search, lease)

        def all_workers():
            with ThreadPoolExecutor(6) as pool:
                return [worker.exception() is not None for worker in [pool.submit(work) for _ in range(6)]]

        self.assertEqual(sum(self.ended(all_workers)), 3)
        self.assertEqual((search.pending, search.ended_by), (0, "budget"))

    def test_TasksThatBreak_LeaveNothingToWaitFor(self):
        search = Search(budget=30)

        async def work(broken):
            while lease := await search.ask_async():
                with lease:
                    await asyncio.sleep(0)
                    if broken:
                        raise RuntimeError("the evaluator broke")
                    tell(search, lease)

        async def main():
            return await asyncio.gather(*(work(k < 2) for k in range(6)), return_exceptions=True)

        self.assertEqual(sum(isinstance(each, RuntimeError) for each in self.ended(lambda: asyncio.run(main()))), 2)
        self.assertEqual((search.pending, search.ended_by), (0, "budget"))

    def test_TheExampleEndsWithNothingLost(self):
        done = self.run_python(str(ROOT / "examples/python/search_in_threads.py"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"^60 evaluations told, [1-9]\d* given back, 0 lost\n")
        self.assertAlmostEqual(float(re.search(r"Best at ([-0-9.]+)", done.stdout)[1]), 0.7, delta=0.25)


class SavedMeanwhile(LeasesTest):
    def test_EveryFileHasTheSearchOfOneMoment(self):
        """Threads are switched as often as can be, while replicates are asked for and told."""
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(1e-6)
        search = Search(budget=10**9, drafts=2, width=2, expand=False)
        for _ in range(2):
            tell(search, search.ask())

        def work():
            while lease := search.ask():
                search.tell(lease, value=0.5 + random.Random(lease.seed).random() / 10)

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        try:
            with tempfile.TemporaryDirectory() as folder:
                for _ in range(60):
                    file = pathlib.Path(folder) / "a.search"
                    search.save(file)
                    loaded = Search.load(file)
                    self.assertEqual(loaded.pending, len(loaded.leases()))
                    self.assertTrue(all(loaded.tell(lease, value=0.5) for lease in loaded.leases()))
                    self.assertEqual(loaded.pending, 0)
        finally:
            search.stop()
            for worker in workers:
                worker.join()


if __name__ == "__main__":
    unittest.main()
