"""Whole studies through `--llm openai` and `--llm anthropic`, by a scripted server that answers each model task from the
document in the messages it gets, as a strong model would, and fails on the way as real ones do.

    python3 model_study_test.py AISCI TASK_ANSWERS
"""
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from model_server import ModelServer  # noqa: E402
from model_study import KEY, bytes_below, environment, events, run_aisci  # noqa: E402

AISCI, ANSWERS = sys.argv[1:3]
QUESTION = ("How does the choice of activation function affect the generalization performance of Vision Transformers "
            "on small datasets?")
SMALL = ["--max-experiments", "1", "--keep", "1", "--confirm", "0.5", "--seed", "7", "--quiet"]


class Rules:
    """What answers: the task and the input document are all it gets, and both come out of the messages."""

    def __init__(self):
        self.process = subprocess.Popen([ANSWERS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.asked = []
        # Offline has no rules for these; without one here the model says something that fits no schema.
        self.judgements = {"value.impact": {"why": "A usual default would change.", "score": 4}}

    def __call__(self, task, document):
        self.asked.append(task)
        if task in self.judgements:
            return self.judgements[task]
        self.process.stdin.write(json.dumps({"task": task, "input": document}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def aisci(*arguments, env=None):
    return run_aisci(AISCI, *arguments, env=env)


def story(folder):
    """But for the nodes' values and what comes of them: impact is in them where a model judged it."""
    study = json.loads(aisci("show", folder, "--json").stdout)
    judged = ("score", "posterior", "judgements")
    nodes = [{name: value for name, value in node.items() if name not in judged} for node in study["nodes"]]
    return [study["state"], nodes, study["claims"]]


def scores(folder):
    return [body["score"] for body in events(folder, "node.evaluated") if body.get("score")]


class Studies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = pathlib.Path(tempfile.mkdtemp(prefix="aisci-model-study-"))
        cls.offline = cls.work / "offline"
        done = aisci("run", QUESTION, "-o", cls.offline, *SMALL)
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.work)

    def setUp(self):
        self.rules = Rules()
        self.server = ModelServer(self.rules)
        self.server.modes["key"] = KEY
        self.env = environment(self.server)

    def tearDown(self):
        self.server.__exit__()
        self.rules.close()

    def run_study(self, name, provider, *more):
        folder = self.work / name
        return folder, aisci("run", QUESTION, "-o", folder, *SMALL, "--llm", provider, "--model", "scripted-1", *more,
                             env=self.env)

    def check_faulty_study(self, provider):
        # Broken JSON in the first answer, then a refusal, then a 429, then a stream that breaks off.
        self.server.script.extend([
            {"text": 'Gladly! {"answerable": true, "template": '},
            {"fault": "refusal"},
            {},
            {"fault": "status", "status": 429, "headers": {"retry-after": "1"}},
            {"fault": "truncated"},
            {"fault": "status", "status": 529, "headers": {"retry-after": "0"}},
        ])
        folder, done = self.run_study(provider, provider)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.server.script, [], "every fault was met")
        verified = aisci("verify", folder)
        self.assertEqual(verified.returncode, 0, verified.stdout)
        self.assertEqual(story(folder), story(self.offline), "the same answers make the same study")

        # Each attempt is in the ledger, with what it cost.
        calls = events(folder, "model.call")
        self.assertEqual(len(calls), len(self.server.requests))
        self.assertEqual(sum(1 for call in calls if call.get("failure")), 3)
        self.assertEqual(events(folder, "model.answered")[0]["attempts"], 3)
        cost = json.loads(aisci("show", folder, "--json").stdout)["cost"]
        self.assertEqual(cost["input_tokens"], sum(call["input_tokens"] for call in calls))
        self.assertGreater(cost["output_tokens"], 1000)
        self.assertIsNone(cost["usd"], "a price that nobody said is unknown")

        # The key went to the server and nowhere else.
        for path, content in bytes_below(folder):
            self.assertNotIn(KEY.encode(), content, path)
        for request in self.server.requests:
            self.assertNotIn(KEY, json.dumps(request["body"]))
        self.assertNotIn(KEY, done.stdout + done.stderr)
        return folder

    def test_study_through_openai_with_faults_is_the_offline_study(self):
        self.check_faulty_study("openai")
        self.assertEqual(set(self.rules.asked), {
            "ideation.scope", "ideation.hypotheses", "design.plan", "analysis.findings", "writing.paper",
            "review.review", "review.meta", "writing.revise", "value.impact"})
        for score in scores(self.work / "openai"):
            self.assertEqual(score["parts"]["impact"], 0.75)
            self.assertEqual(score["not_assessed"], [])
        for request in self.server.requests:
            schema = request["body"]["response_format"]["json_schema"]["schema"]
            self.assertEqual(schema["type"], "object")

    def test_study_through_anthropic_with_faults_is_the_offline_study(self):
        self.check_faulty_study("anthropic")

    def test_value_function_reproducibility_judges_code(self):
        why = "The <b>learning rate</b> is\x1b[2J written\ninto the code."
        self.rules.judgements["value.code"] = {"why": why, "score": 3}
        folder, done = self.run_study("reproducibility", "openai", "--value-function", "reproducibility",
                                      "--value-weights", "code_quality=0.4,novelty=0.1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("value.impact", self.rules.asked)
        for score in scores(folder):
            parts = score["parts"]
            self.assertEqual(sorted(parts), ["code_quality", "novelty", "reproducibility", "significance"])
            self.assertEqual(parts["code_quality"], 0.5)
            self.assertAlmostEqual(score["value"], 0.1 * parts["novelty"] + 0.3 * parts["significance"] +
                                   0.2 * parts["reproducibility"] + 0.4 * 0.5, places=9)
        before = len(self.server.requests)
        self.assertEqual(aisci("verify", folder).returncode, 0)
        self.assertEqual(len(self.server.requests), before)

        # Why it judged so can be read beside the node, by people, programs and in the page.
        plain = "The <b>learning rate</b> is[2J written into the code."
        self.assertIn("value.code 3: " + plain, aisci("show", folder).stdout)
        nodes = json.loads(aisci("show", folder, "--json").stdout)["nodes"]
        self.assertEqual(nodes[0]["judgements"], [{"task": "value.code", "score": 3, "why": plain}])
        page = (folder / "tree.html").read_text()
        self.assertIn("value.code, 3: The &lt;b&gt;learning rate&lt;/b&gt; is[2J written into the code.", page)

    def test_judgement_that_is_never_given_ends_nothing(self):
        self.rules.judgements["value.impact"] = {"why": "Who knows.", "score": 9}
        folder, done = self.run_study("unjudged", "openai")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.rules.asked.count("value.impact"), 3 * len(events(folder, "model.unanswered")))
        for score in scores(folder):
            self.assertEqual(score["not_assessed"], ["impact"])
        self.assertEqual(scores(folder), scores(self.offline))
        verified = aisci("verify", folder)
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def test_killed_study_pays_no_call_again(self):
        folder = self.work / "killed"
        process = subprocess.Popen(
            [AISCI, "run", QUESTION, "-o", str(folder), *SMALL, "--llm", "openai", "--model", "scripted-1"],
            env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and len(self.server.requests) < 3:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        before = len(self.server.requests)
        self.assertGreaterEqual(before, 3)
        done = aisci("resume", folder, "--quiet", env=self.env)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(story(folder), story(self.offline))
        said = [json.dumps(request["body"], sort_keys=True) for request in self.server.requests]
        # At most the call that was under way when the process was killed is made once more.
        self.assertLessEqual(len(said) - len(set(said)), 1)
        open_calls = len(events(folder, "model.call.started")) - len(events(folder, "model.call"))
        self.assertEqual(len(said) - len(set(said)), min(1, open_calls))

    def test_cap_on_tokens_is_kept_and_the_study_still_ends_with_a_paper(self):
        folder, done = self.run_study("capped", "openai", "--budget-tokens", "90000")
        self.assertEqual(done.returncode, 3, done.stderr)
        calls = events(folder, "model.call")
        self.assertLessEqual(sum(call["input_tokens"] + call["output_tokens"] for call in calls), 90000)
        self.assertTrue((folder / "paper.pdf").exists())
        self.assertRegex(done.stdout, r"Degraded: budget_tokens was reached: \d+ model tasks")
        self.assertEqual(aisci("verify", folder).returncode, 0)

    def test_caps_are_kept_whatever_a_server_counts(self):
        self.server.script.append({"usage": {"prompt_tokens": 1e30, "completion_tokens": 1}})
        folder, done = self.run_study("miscounted", "openai", "--budget-tokens", "90000", "--llm-price", "1,2")
        self.assertEqual(done.returncode, 3, done.stderr)
        calls, reserved = events(folder, "model.call"), events(folder, "model.call.started")
        self.assertEqual(calls[0]["input_tokens"], reserved[0]["reserved_input_tokens"])
        self.assertTrue(calls[0]["estimated"])
        self.assertGreater(calls[0]["cost_usd"], 0)
        used = [call["input_tokens"] + call["output_tokens"] for call in calls]
        self.assertGreater(min(used), 0)
        self.assertLessEqual(sum(used), 90000)
        self.assertIn(f" {len(calls)} model calls,", aisci("show", folder).stdout, "rules answered the rest")

    def test_price_that_is_given_counts_where_a_gateway_says_nothing_was_paid(self):
        self.server.script.extend([{"usage": {"cost": 0}}] * 60)
        folder, done = self.run_study("gateway", "openai", "--budget-usd", "0.2", "--llm-price", "2,8")
        self.assertEqual(done.returncode, 3, done.stderr)
        calls = events(folder, "model.call")
        self.assertGreater(min(call["cost_usd"] for call in calls), 0)
        self.assertLessEqual(sum(call["cost_usd"] for call in calls), 0.2)

    def test_cap_on_money_is_kept(self):
        self.server.modes["models"] = [
            {"id": "scripted-1", "pricing": {"prompt": "0.000002", "completion": "0.000008"}}]
        folder, done = self.run_study("money", "openai", "--budget-usd", "0.2")
        self.assertEqual(done.returncode, 3, done.stderr)
        cost = json.loads(aisci("show", folder, "--json").stdout)["cost"]
        self.assertGreater(cost["usd"], 0)
        self.assertLessEqual(cost["usd"], 0.2)

    def test_cap_on_money_without_a_price_spends_nothing(self):
        folder, done = self.run_study("unpriced", "openai", "--budget-usd", "1")
        self.assertEqual(done.returncode, 5)
        self.assertIn("--llm-price", done.stderr)
        self.assertEqual(self.server.requests, [])

    def test_wrong_key_is_told_before_anything_is_made(self):
        self.env["OPENAI_API_KEY"] = "sk-wrong-0123456789"
        folder, done = self.run_study("wrong-key", "openai")
        self.assertEqual(done.returncode, 5)
        self.assertIn("OPENAI_API_KEY", done.stderr)
        self.assertNotIn("sk-wrong", done.stderr)
        self.assertFalse(folder.exists())

    def test_key_that_is_refused_under_way_ends_the_study_until_it_is_resumed(self):
        self.server.script.extend([{}, {}, {"fault": "status", "status": 401}])
        folder, done = self.run_study("refused-key", "openai")
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("OPENAI_API_KEY", done.stderr)
        for path, content in bytes_below(folder):
            self.assertNotIn(KEY.encode(), content, path)
        resumed = aisci("resume", folder, "--quiet", env=self.env)
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        self.assertEqual(story(folder), story(self.offline))

    def test_unknown_model_is_told_by_name_with_the_address(self):
        for provider in ("openai", "anthropic"):
            done = aisci("run", QUESTION, "-o", self.work / ("unknown-" + provider), *SMALL, "--llm", provider, "--model",
                         "nobody-1", env=self.env)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertIn("The model nobody-1 (--model)", done.stderr)
            self.assertIn(f"the address {self.server.url}", done.stderr)
            self.assertIn("aisci doctor", done.stderr)
            self.assertEqual(len(self.server.requests), 1, "nobody asks twice for what is not there")
            self.server.requests.clear()

    def test_model_that_is_gone_under_way_ends_the_study_and_costs_no_node(self):
        plan = 2  # the third request
        self.server.script.extend([*[{}] * plan, {"fault": "status", "status": 404}])
        folder, done = self.run_study("gone-model", "openai")
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("The model scripted-1 (--model)", done.stderr)
        self.assertEqual(self.rules.asked, ["ideation.scope", "ideation.hypotheses"])
        self.assertEqual(events(folder, "plan.refused"), [])
        resumed = aisci("resume", folder, "--quiet", env=self.env)
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        self.assertEqual(story(folder), story(self.offline))

    def test_doctor_says_whether_the_server_answers(self):
        done = aisci("doctor", "--llm", "openai", "--model", "scripted-1", env=self.env)
        self.assertRegex(done.stdout, r"ok +model openai +answers; scripted-1")
        done = aisci("doctor", "--llm", "openai", "--model", "other", env=self.env)
        self.assertRegex(done.stdout, r"degraded +model openai +.*other is none of them: scripted-1")
        env = {**self.env, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
        done = aisci("doctor", "--llm", "openai", "--model", "scripted-1", env=env)
        self.assertRegex(done.stdout, r"MISSING +model openai +cannot connect to 127.0.0.1:9")
        self.assertEqual(done.returncode, 5)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
