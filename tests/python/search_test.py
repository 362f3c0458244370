"""aisci.mcts: ask and tell, in turn, from threads and from asyncio; what is kept of a search; what is refused."""

import asyncio
import gc
import pathlib
import pickle
import random
import tempfile
import threading
import time
import unittest
import weakref

import aisci
import numpy
from aisci.mcts import Search


def work(lease, noise=0.1):
    """A toy: a state is a number, improving adds to it, a score is the number with noise; one draft in five fails."""
    draws = random.Random(lease.seed)
    if lease.kind == "replicate":
        state = lease.state
    elif lease.kind == "draft":
        state = draws.random()
    else:
        state = lease.parent_state + 0.2 * draws.random()
    if lease.kind == "draft" and draws.random() < 0.2:
        return {"state": state, "failed": True}
    return {"state": state, "value": state + noise * draws.gauss(0, 1), "cost": 1 + draws.random()}


def run(search):
    journal = []
    while lease := search.ask():
        outcome = work(lease)
        journal.append((lease.id, lease.kind, lease.node, lease.parent, lease.depth, lease.seed, outcome))
        search.tell(lease, **outcome)
    return journal


class AskTell(unittest.TestCase):
    def test_EveryPolicy_RunsToItsBudgetAndFindsTheBetterStates(self):
        for policy in aisci.mcts.policy_names():
            with self.subTest(policy):
                search = Search(policy=policy, budget=60, seed=3)
                journal = run(search)
                self.assertEqual((len(journal), search.ended_by, search.pending), (60, "budget", 0))
                self.assertTrue(search.over)
                states = [entry[-1]["state"] for entry in journal if "value" in entry[-1]]
                self.assertGreater(search.best().state, numpy.median(states))

    def test_SameSeedSameJournal(self):
        self.assertEqual(run(Search(seed=5)), run(Search(seed=5)))
        self.assertNotEqual(run(Search(seed=5)), run(Search(seed=6)))

    def test_LeasesSayWhatTheyAreFor(self):
        search = Search(budget=60, seed=1, drafts=10, debug=1.0, policy="greedy")
        states = {}
        kinds = set()
        while lease := search.ask():
            kinds.add(lease.kind)
            outcome = work(lease)
            if lease.kind == "draft":
                self.assertIsNone(lease.parent_state)
            elif lease.kind == "replicate":
                self.assertIs(lease.state, states[lease.node])
            else:
                self.assertIs(lease.parent_state, states[lease.parent])
            states[lease.node] = outcome["state"]
            search.tell(lease, **outcome)
        self.assertLessEqual({"draft", "improve", "debug"}, kinds)
        replicates = [entry for entry in run(Search(budget=60, seed=1)) if entry[1] == "replicate"]
        self.assertTrue(replicates)

    def test_Best_SaysWhatIsBelieved(self):
        search = Search(seed=2)
        self.assertIsNone(search.best())
        run(search)
        best, top = search.best(), search.top(4)
        self.assertEqual((best.id, best.mean, best.state), (top[0].id, top[0].mean, top[0].state))
        self.assertEqual(sorted((node.mean for node in top), reverse=True), [node.mean for node in top])
        self.assertGreater(best.stddev, 0)
        self.assertGreater(best.visits, 1)          # no node is published on one lucky score
        self.assertGreaterEqual(best.optimism, 0)
        self.assertLess(best.optimism, 3 * best.stddev)
        self.assertIs(search.state(best.id), best.state)

    def test_AnyObjectIsAState_AlsoNone(self):
        search = Search(budget=3)
        thing = object()
        for state in (thing, None, {"a": [1]}):
            search.tell(search.ask(), state=state, value=0.5)
        self.assertEqual([search.state(node) for node in (1, 2, 3)], [thing, None, {"a": [1]}])

    def test_ASearchIsTrue_AlsoBeforeItHasNodes(self):
        self.assertEqual((len(Search()), bool(Search())), (0, True))

    def test_TellIsIdempotent(self):
        search = Search(budget=5)
        lease = search.ask()
        self.assertTrue(search.tell(lease, state="a", value=1.0))
        self.assertFalse(search.tell(lease, state="b", value=0.0))
        self.assertFalse(search.abandon(lease))
        self.assertEqual((search.state(1), search.best().mean > 0.5), ("a", True))

    def test_Abandon_GivesTheEvaluationBack(self):
        search = Search(budget=2, drafts=2)
        self.assertTrue(search.abandon(search.ask()))
        self.assertEqual((search.pending, search.evaluations_left), (0, 2))

    def test_Replace_PutsTheSharperValueInPlaceOfTheOld(self):
        search = Search(policy="adaptive", budget=100, seed=4)
        replaced = None
        while lease := search.ask():
            if lease.kind == "replicate" and replaced is None:
                replaced = lease.node
                search.tell(lease, value=-5.0, variance=1e-4, replace=True)
                break
            search.tell(lease, **{**work(lease), "failed": False, "value": 0.5})
        self.assertAlmostEqual(search.tree()["mean"][replaced], -5.0)

    def test_Observations_BoundHowOftenANodeIsRunAgain(self):
        """A caller that is never sure of a value would have it run again and again."""
        def most(**options):
            search = Search(budget=60, seed=3, drafts=3, depth=2, width=3, **options)
            while lease := search.ask():
                search.tell(lease, state=lease.id, value=0.5 + lease.id % 3 * 0.01, variance=1.0, replace=lease.kind == "replicate")
            return max(search.tree()["own"])

        self.assertGreater(most(), 4)
        self.assertEqual(most(observations=4), 4)

    def test_TheTreeIsCopiedColumns(self):
        search = Search(seed=7)
        journal = run(search)
        tree = search.tree()
        self.assertEqual({len(column) for column in tree.values()}, {len(search) + 1})
        self.assertEqual(int(tree["own"].sum()), sum("value" in entry[-1] for entry in journal))
        self.assertEqual(int(tree["in_flight"].sum()), 0)
        for node in range(len(search) + 1):  # sums agree
            children = numpy.flatnonzero((tree["parent"] == node) & (tree["node"] != 0))
            self.assertEqual(len(children), tree["children"][node])
        self.assertAlmostEqual(float(tree["cost"].sum()),
                               sum(entry[-1].get("cost", 1) for entry in journal), places=3)
        tree["visits"][:] = 0
        self.assertGreater(search.tree()["visits"][0], 0)

    def test_Choose_PrefersWhatLooksLikeTheBest(self):
        search = Search(budget=100, seed=1)
        for _ in range(30):
            lease = search.ask()
            place = random.Random(lease.id).random() if lease.kind != "replicate" else lease.state
            search.tell(lease, state=place, value=place, features=[place, 1 - place])
        lease = search.ask()
        while lease.kind == "replicate":
            search.tell(lease, value=lease.state)
            lease = search.ask()
        candidates = numpy.array([[x, 1 - x] for x in (0.05, 0.2, 0.95)])
        self.assertEqual(search.choose(lease, candidates), 2)
        self.assertEqual(asyncio.run(search.choose_async(lease, candidates.tolist())), 2)

    def test_StopsEndIt(self):
        search = Search(budget=1000, stops=[aisci.mcts.stop_without_gain(10)])
        run(search)
        self.assertEqual(search.ended_by, "patience")
        both = aisci.mcts.stop_when_all([aisci.mcts.stop_at_value(-1), aisci.mcts.stop_without_gain(3)])
        search = Search(budget=1000, stops=[both])
        run(search)
        self.assertEqual(search.ended_by, "value+patience")
        search = Search(budget=1000)
        search.stop()
        self.assertIsNone(search.ask())
        self.assertEqual(search.ended_by, "stopped")


class Refusals(unittest.TestCase):
    def refused(self, words, function, *arguments, error=aisci.InvalidArgument, **options):
        with self.assertRaises(error) as caught:
            function(*arguments, **options)
        self.assertIn(words, str(caught.exception))

    def test_UnknownNames_AreNamedWithTheNearest(self):
        self.refused("did you mean budget?", Search, budgt=3)
        self.refused("did you mean exploration?", Search, exploraton=1.0)
        self.refused("known are adaptive", Search, policy="best")

    def test_WrongValues(self):
        self.refused("budget = 'x'", Search, budget="x")
        self.refused("budget = -1", Search, budget=-1)
        self.refused("must be at least 1", Search, budget=0)
        self.refused("expected mean, max or quantile", Search, backup="median")
        search = Search()
        lease = search.ask()
        self.refused("needs a value, or failed=True", search.tell, lease, state=1)
        self.refused("value = 'abc': not a number", search.tell, lease, value="abc")
        self.refused("value = [0.5]: not a number", search.tell, lease, value=[0.5])
        self.refused("variance", search.tell, lease, value=1.0, variance=-1.0)
        self.refused("cost", search.tell, lease, value=1.0, cost=float("nan"))
        self.refused("feature 0 is inf", search.tell, lease, value=1.0, features=[float("inf")])
        self.refused("no candidates", search.choose, lease, [])
        self.refused("same number of features", search.choose, lease, [[1.0], [1.0, 2.0]])
        self.refused("no node 99", search.close, 99, error=aisci.NotFound)
        self.refused("lease of another search", Search().tell, lease, value=1.0)
        self.assertEqual(search.pending, 1)         # nothing of it settled the lease
        self.assertTrue(search.tell(lease, value=1.0))

    def test_AValueThatIsNotFinite_IsAFailure(self):
        search = Search(budget=2)
        search.tell(search.ask(), state="diverged", value=float("nan"))
        self.assertIsNone(search.best())
        self.assertTrue(search.tree()["failed"][1])

    def test_WhatTheEngineRefuses_ChangesNothing(self):
        search = Search(budget=5)
        search.tell(search.ask(), state="first", value=1.0, features=[1.0, 2.0])
        lease = search.ask()
        self.refused("3 features", search.tell, lease, state="second", value=1.0, features=[1.0, 2.0, 3.0])
        self.refused("1e+200", search.tell, lease, state="second", value=1e200)
        self.assertEqual(search.pending, 1)
        self.refused("node 2 has no state", search.state, 2, error=aisci.NotFound)
        self.assertTrue(search.tell(lease, state="third", value=1.0, features=[3.0, 4.0]))
        self.assertEqual(search.state(2), "third")


class Threads(unittest.TestCase):
    def test_FromThreads_NothingIsLostAndInFlightReturnsToZero(self):
        search = Search(budget=400, seed=1)
        seen, lock = [], threading.Lock()

        def worker():
            while lease := search.ask():
                outcome = work(lease)
                if lease.seed % 17 == 0:
                    search.abandon(lease)
                    continue
                search.tell(lease, **outcome)
                with lock:
                    seen.append(lease.id)

        threads = [threading.Thread(target=worker) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((search.pending, search.ended_by, len(seen), len(set(seen))), (0, "budget", 400, 400))
        self.assertEqual(int(search.tree()["in_flight"].sum()), 0)
        self.assertEqual(search.leases(), [])

    def test_AskWaitsForWhatIsPending_AndTellWakesIt(self):
        search = Search(budget=10, drafts=1, width=1, depth=5, policy="random")
        lease = search.ask()
        self.assertIsNone(search.ask(wait=False))
        self.assertIsNone(search.ask(timeout=0.01))
        self.assertEqual(search.ended_by, "")       # not over: only waiting
        got = []
        waiter = threading.Thread(target=lambda: got.append(search.ask()))
        waiter.start()
        time.sleep(0.05)
        self.assertEqual(got, [])
        search.tell(lease, state="a", value=1.0)
        waiter.join()
        self.assertEqual((got[0].kind, got[0].parent_state), ("improve", "a"))

    def test_StopWakesWhoWaits(self):
        search = Search(budget=10, drafts=1, width=1, policy="random")
        search.ask()
        got = []
        waiter = threading.Thread(target=lambda: got.append(search.ask()))
        waiter.start()
        search.stop()
        waiter.join()
        self.assertEqual((got, search.ended_by), ([None], "stopped"))


class Asyncio(unittest.TestCase):
    def test_FromTasks_MoreThanThereAreThreads(self):
        search = Search(budget=300, seed=1, drafts=2, width=2, depth=10)

        async def worker():
            count = 0
            while lease := await search.ask_async():
                await asyncio.sleep(0)
                await search.tell_async(lease, **work(lease))
                count += 1
            return count

        async def main():
            return await asyncio.gather(*(worker() for _ in range(50)))

        counts = asyncio.run(main())
        self.assertEqual((sum(counts), search.pending), (300 - search.evaluations_left, 0))
        self.assertTrue(search.over)
        self.assertEqual(asyncio.run(search.best_async()).id, search.best().id)

    def test_ToldByAThread_TheTaskWakes(self):
        search = Search(budget=10, drafts=1, width=1, policy="random")
        first = search.ask()

        async def main():
            waiting = asyncio.create_task(search.ask_async())
            await asyncio.sleep(0.02)
            self.assertFalse(waiting.done())
            threading.Thread(target=lambda: search.tell(first, state=1, value=1.0)).start()
            return await asyncio.wait_for(waiting, 30)

        self.assertEqual(asyncio.run(main()).parent_state, 1)

    def test_ACancelledTask_TakesNoLease(self):
        search = Search(budget=10, drafts=1, width=1, policy="random")
        first = search.ask()

        async def main():
            waiting = asyncio.create_task(search.ask_async())
            await asyncio.sleep(0.01)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            await search.abandon_async(first)

        asyncio.run(main())
        self.assertEqual(search.pending, 0)


class Saved(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.file = pathlib.Path(holder.name) / "a.search"

    def test_ASavedSearch_GoesOnAsIfNothingHadBeen(self):
        search = Search(seed=9)
        for _ in range(20):
            lease = search.ask()
            search.tell(lease, **work(lease))
        search.save(self.file)
        loaded = Search.load(self.file)
        self.assertIsInstance(loaded, Search)
        self.assertEqual(loaded.best().state, search.best().state)
        self.assertEqual(run(loaded), run(search))

    def test_LeasesThatWereOut_CanBeToldAfterwards(self):
        search = Search(seed=9)
        search.tell(search.ask(), state=1, value=1.0)
        search.ask()
        search.save(self.file)
        loaded = Search.load(self.file)
        lease, = loaded.leases()
        self.assertEqual((loaded.pending, lease.id), (1, 2))
        self.assertTrue(loaded.tell(lease, state=2, value=0.5))
        self.assertEqual(loaded.pending, 0)

    def test_TheUsersCodecMakesTheStates(self):
        search = Search()
        search.tell(search.ask(), state={1, 2}, value=1.0)
        with self.assertRaisesRegex(aisci.InvalidArgument, "state of node 1 cannot be saved: .*set.*pickle.dumps"):
            search.save(self.file)                  # a set is no JSON, and nothing is left behind
        self.assertEqual(list(self.file.parent.iterdir()), [])
        search.save(self.file, encode=pickle.dumps)
        self.assertEqual(Search.load(self.file, decode=pickle.loads).state(1), {1, 2})

    def test_WhatACodecWouldNotGiveBack_IsRefused(self):
        for state in ((1, 2), [(1,)], {2: "a"}, {"a": {True: 1}}, float("nan"), object()):
            search = Search()
            search.tell(search.ask(), state=[1, None, {"a": 0.1}], value=1.0)
            search.tell(search.ask(), state=state, value=1.0)
            with self.assertRaisesRegex(aisci.InvalidArgument, "state of node 2 cannot be saved: .*decode", msg=state):
                search.save(self.file)
        with self.assertRaisesRegex(aisci.InvalidArgument, r"node 1 .* encode\(\) gave str"):
            search.save(self.file, encode=str)

    def test_Damage_IsNoticedAnywhere(self):
        search = Search(seed=9)
        run(search)
        search.save(self.file)
        whole = self.file.read_bytes()
        for place in range(0, len(whole), 101):
            data = bytearray(whole)
            data[place] ^= 0x15
            self.file.write_bytes(data)
            with self.assertRaises(aisci.DataLoss, msg=place):
                Search.load(self.file)
        self.file.write_bytes(whole[:-1])
        self.assertRaises(aisci.DataLoss, Search.load, self.file)


class Cycles(unittest.TestCase):
    def test_ASearchInItsOwnState_IsCollected(self):
        class State:
            pass

        state = State()
        state.search = Search(budget=3)
        state.search.tell(state.search.ask(), state=state, value=1.0)
        state.lease = state.search.ask()
        gone = weakref.ref(state)
        del state
        gc.collect()
        self.assertIsNone(gone())

    def test_CollectingWhileSearchesAreMade_IsSafe(self):
        self.addCleanup(gc.set_threshold, *gc.get_threshold())
        gc.set_threshold(1)
        for seed in range(20):
            search = Search(budget=5, seed=seed)
            while lease := search.ask():
                search.tell(lease, state=[lease], value=1.0)


if __name__ == "__main__":
    unittest.main()
