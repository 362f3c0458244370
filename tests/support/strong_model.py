"""A scripted strong model for model_server.py: drives a study that has no template, from a program of its own that fails
at first to a paper of its own.

    model = StrongModel()
    with ModelServer(model) as server: ...
    model.asked                      # the tasks, in order

What it is made to get wrong: its first program does not know a condition, the second ignores its seed, the third passes
its rehearsal and fails where two conditions meet; one hypothesis is false; its first paper holds a number by hand. Its
reviewer asks for an experiment. It reads of a document what a model would have to read, and computes no number.
"""
import itertools

QUESTION = "How does the choice of the pivot affect the number of comparisons that quicksort makes?"

PREPARE = '''"""Makes the arrays to be sorted: other ones for the search than for the confirmation."""
import json
import os
import pathlib

import numpy

RESULTS = pathlib.Path(os.environ.get("AISCI_RESULTS", "/results"))
for number, (folder, split) in enumerate((("public", "validation"), ("confirmation", "confirmation"))):
    random = numpy.random.default_rng(1000 + number)
    arrays = [random.permutation(800).tolist() for _ in range(60)]
    (RESULTS / folder).mkdir(parents=True, exist_ok=True)
    (RESULTS / folder / f"{split}.json").write_text(json.dumps(arrays))
'''

EXPERIMENT = '''"""Sorts twelve arrays with the pivot rule of the arm, and counts comparisons."""
import aisci_experiment
import json
import math
import random

from pivots import pivot_of


def sort(values, config, draw):
    """How many comparisons sorting takes; short stretches are sorted by insertion."""
    comparisons = 0
    stack = [list(values)]
    while stack:
        part = stack.pop()
        if len(part) <= max(1, config["cutoff"]):
            for i in range(1, len(part)):
                at = i
                while at > 0:
                    comparisons += 1
                    if part[at - 1] <= part[at]:
                        break
                    part[at - 1], part[at] = part[at], part[at - 1]
                    at -= 1
            continue
        pivot, spent = pivot_of(part, config, draw)
        comparisons += spent + len(part) - 1
        stack.append([value for value in part if value < pivot])
        stack.append([value for value in part if value > pivot])
    return comparisons


for trial in aisci_experiment.trials():
    arrays = json.loads((trial.data / f"{trial.evaluate}.json").read_text())
    choose = random.Random(@ARRAYS@)
    draw = random.Random(@PIVOTS@)
    spent = least = 0
    for number in range(12):
        values = [value for value in choose.choice(arrays) if value < trial.config["size"]]
        if trial.config["order"] == "nearly_sorted":
            values.sort()
            for _ in range(len(values) // 20):
                a, b = choose.randrange(len(values)), choose.randrange(len(values))
                values[a], values[b] = values[b], values[a]
        spent += sort(values, trial.config, draw)
        least += math.lgamma(len(values) + 1) / math.log(2)
        trial.log(number + 1, relative_comparisons=spent / least)
    trial.finish(metrics={"relative_comparisons": spent / least})
'''

PIVOTS = '''"""Pivot rules: the pivot of a part, and how many comparisons finding it took."""

SAMPLES = @SAMPLES@


def median(values):
    return sorted(values)[len(values) // 2]


def pivot_of(part, config, draw):
    rule = config["pivot"]
    if rule == "middle":
        return part[len(part) // 2], 0
    if rule == "random":
        return draw.choice(part), 0
    count = SAMPLES[@KEY@]
    if len(part) < count:
        return part[0], 0
    return median(draw.sample(part, count)), {3: 3, 9: 12}[count]
'''
BY_RULE = 'rule'
BY_BOTH = 'rule, config["order"]'
# The tables of sample sizes, by version: one condition is unknown; all are known alone; all are known together.
UNKNOWN = '{"median_of_three": 3}'
ALONE = ('{("median_of_three", "shuffled"): 3, ("ninther", "shuffled"): 9, ("random", "nearly_sorted"): 1}')
TOGETHER = '{"median_of_three": 3, "ninther": 9}'

TEMPLATE = {
    "title": "Comparisons made by quicksort",
    "population": "quicksort on arrays of several hundred distinct numbers",
    "terms": {"subject": "sort", "subjects": "sorts", "example": "array", "examples": "arrays", "trained": "sorted",
              "block": "which arrays are sorted and which elements are drawn"},
    "dataset": {"title": "random permutations made for this study",
                "split_rule": "the arrays of the search and of the confirmation are different permutations"},
    "metric": "relative_comparisons",
    "metrics": {"relative_comparisons": {
        "title": "relative comparisons", "direction": "lower", "unit": "",
        "smallest_effect": 0.05, "smallest_effect_reason": "a twentieth of the least number of comparisons",
        "scored_by": "program"}},
    "factors": {
        "pivot": {"title": "pivot rule", "kind": "categorical", "default": "random",
                  "levels": ["random", "middle", "median_of_three", "ninther"],
                  "labels": {"random": "a random pivot", "middle": "the middle element",
                             "median_of_three": "the median of three", "ninther": "the median of nine"}},
        "order": {"title": "order of the array", "kind": "categorical", "default": "shuffled",
                  "levels": ["shuffled", "nearly_sorted"],
                  "labels": {"shuffled": "shuffled arrays", "nearly_sorted": "nearly sorted arrays"}},
        "size": {"title": "size of the array", "kind": "ordered", "default": 400, "levels": [200, 400, 800]},
        "cutoff": {"title": "longest stretch that is sorted by insertion", "kind": "ordered", "default": 1,
                   "levels": [1, 8, 24], "labels": {"1": "no insertion", "8": "insertion up to 8 elements",
                                                    "24": "insertion up to 24 elements"}}},
    "cost": {"seconds_per_trial": 0.1, "seconds_per_process": 0.5},
    "limits": {"memory_mb": 512, "wall_seconds_per_trial": 20},
}


def program(samples, key, arrays='trial.seed_for("arrays")', pivots='trial.seed_for("pivots")'):
    return {"prepare.py": PREPARE, "experiment.py": EXPERIMENT.replace("@ARRAYS@", arrays).replace("@PIVOTS@", pivots),
            "pivots.py": PIVOTS.replace("@SAMPLES@", samples).replace("@KEY@", key)}


VERSIONS = [
    (program(UNKNOWN, BY_RULE), "Sorts arrays with the pivot rule of the arm and counts comparisons."),
    # Every seed draws the same.
    (program(TOGETHER, BY_RULE, "7", "8"), "The sample size of the ninther was missing and is there now."),
    (program(ALONE, BY_BOTH), "Arrays and pivots now come from the trial's seed."),
]


def hypothesis(statement, rationale, factor, treatment, baseline, direction="lower", context=None, moderator=None,
               relation="initial"):
    return {"statement": statement, "rationale": rationale, "experiment": "Both are counted on the same arrays.",
            "relation": relation, "kind": "interaction" if moderator else "difference", "template": "free",
            "metric": "relative_comparisons", "factor": factor, "treatment": treatment, "baseline": baseline,
            "context": context or {}, "moderator": moderator, "expected": {"direction": direction, "size": 0.1},
            "population": TEMPLATE["population"], "risks": ["the arrays are permutations without equal elements"],
            "citations": [], "novelty": 0.5}


FIRST = [
    hypothesis("Quicksort makes fewer comparisons with {{label:pivot.median_of_three}} than with {{label:pivot.random}}.",
               "A sample's median splits an array more evenly than one element does.",
               "pivot", "median_of_three", "random"),
    hypothesis("Sorting stretches of up to {{level:cutoff.24}} elements by insertion takes fewer comparisons than sorting "
               "all by quicksort.", "Short stretches leave little for a partition to gain.", "cutoff", 24, 1),
    hypothesis("On nearly sorted arrays quicksort makes fewer comparisons with {{label:pivot.middle}} than with "
               "{{label:pivot.random}}.", "The middle of a nearly sorted array is close to its median.",
               "pivot", "middle", "random", context={"order": "nearly_sorted"}),
]
NEXT = [hypothesis("Quicksort makes fewer comparisons with {{label:pivot.ninther}} than with "
                   "{{label:pivot.median_of_three}}.", "A larger sample's median is closer to the true one.",
                   "pivot", "ninther", "median_of_three", relation="dose")]
ANSWER = hypothesis("The advantage of {{label:pivot.median_of_three}} over {{label:pivot.random}} is another on "
                    "{{label:order.nearly_sorted}} than on {{label:order.shuffled}}.",
                    "A sample that is drawn at random does not see the order.", "pivot", "median_of_three", "random",
                    moderator={"factor": "order", "levels": ["nearly_sorted", "shuffled"]}, relation="interaction")


def contrast(owner, arms):
    """A sentence's end that names the arms, treatment first, and gives their difference with its interval."""
    return (f"{{{{arm:{owner}.{arms[0]}}}}} needed {{{{direction:{owner}.contrast.mean|more|fewer}}}} than "
            f"{{{{arm:{owner}.{arms[-1]}}}}}, by {{{{value:{owner}.contrast.mean|abs}}}} "
            f"({{{{{owner}.contrast.lower}}}} to {{{{{owner}.contrast.upper}}}})")


def arms_of(node):
    weights = node["plan"]["contrast"]["weights"]
    return sorted(weights, key=lambda arm: -weights[arm])


def node_row(node):
    owner = node["id"]
    if not node.get("evidence"):
        return [f"{{{{{owner}.name}}}}", node["hypothesis"]["statement"], "it failed"]
    arms = arms_of(node)
    if len(arms) > 2:
        hypothesis_ = node["hypothesis"]
        named = (f"{{{{label:{hypothesis_['factor']}.{hypothesis_['treatment']}}}}}, "
                 f"{{{{label:{hypothesis_['factor']}.{hypothesis_['baseline']}}}}}")
    else:
        named = f"{{{{arm:{owner}.{arms[0]}}}}}, {{{{arm:{owner}.{arms[-1]}}}}}"
    return [f"{{{{{owner}.name}}}}", named, f"{{{{{owner}.contrast.mean}}}}"]


class StrongModel:
    def __init__(self):
        self.asked = []
        self.inputs = []
        self.failures = []  # what it was told of its own programs

    def __call__(self, task, document):
        self.asked.append(task)
        self.inputs.append(document)
        return getattr(self, task.replace(".", "_"))(document)

    def times(self, task):
        return self.asked.count(task)

    # Ideation.
    def ideation_scope(self, document):
        free = [template for template in document["templates"] if template["name"] == "free"]
        if not free:
            if not document.get("free"):
                return {"answerable": False, "reason": "No template sorts anything.", "can_study": []}
            return {"answerable": True, "template": "free", "restated": "How does the pivot rule affect quicksort?"}
        assert free[0]["factors"].keys() == TEMPLATE["factors"].keys()
        return {"answerable": True, "template": "free", "factor": "pivot", "metric": "relative_comparisons",
                "arms": ["median_of_three", "random"], "context": {}, "moderator": None, "setting": "",
                "asks": {"treatment": None, "baseline": None, "negated": False, "interaction": False},
                "queries": ["quicksort pivot comparisons"], "language": "en", "left_out": [],
                "restated": "How does the pivot rule affect the comparisons that quicksort makes?"}

    def ideation_hypotheses(self, document):
        return {"hypotheses": FIRST[:document["count"]]}

    def ideation_refine(self, document):
        if document.get("point"):
            return {"hypotheses": [ANSWER]}
        return {"hypotheses": NEXT}  # the same again and again, as models do

    # Design.
    def design_write(self, document):
        number = 0
        if "previous" in document:
            self.failures.append(document["failure"])
            written = [code for code, _ in VERSIONS]
            number = written.index(document["previous"]["code"]) + 1
        code, told = VERSIONS[min(number, len(VERSIONS) - 1)]
        return {"template": TEMPLATE, "code": code, "told": told}

    def design_plan(self, document):
        return {"title": "Comparisons of two ways to sort", "question": "Which of the two makes fewer comparisons?",
                "blocks": document["blocks"], "divergence": "No trial can diverge: every sort ends.",
                "tuning": "Nothing is tuned in any arm."}

    def design_repair(self, document):
        self.failures.append(document["failure"])
        assert "KeyError" in document["failure"]
        assert document["code"]["pivots.py"] == VERSIONS[2][0]["pivots.py"]
        mended = program(TOGETHER, BY_RULE)["pivots.py"]
        return {"code": {"pivots.py": mended}, "told": "The table of sample sizes lacked rules on nearly sorted arrays."}

    # Judgements, findings, paper.
    def value_impact(self, _):
        return {"why": "Which pivot a library takes would follow from it.", "score": 4}

    def analysis_findings(self, document):
        findings = []
        for number, claim in enumerate(document["claims"]):
            findings.append({"id": f"k{number + 1}", "kind": "claim", "subject": claim["id"], "weight": 0.9 - number / 10,
                             "text": f"{{{{{claim['id']}.name}}}} was {{{{verdict:{claim['id']}}}}}: "
                                     + contrast(claim["id"], claim["arms"]) + "."})
        return {"findings": findings, "storyline": [document["claims"][0]["node"]],
                "next": ["Arrays with many equal elements, where partitions differ."]}

    def writing_paper(self, document):
        first = self.times("writing.paper") == 1
        paper = self.paper(document)
        if first:  # a number that nothing printed
            paper["sections"][0]["blocks"][0]["text"] += " About 39 percent more are usual."
        return paper

    def writing_revise(self, document):
        paper = document["paper"]
        answered = {answer["point"]: answer["node"] for answer in document["answers"]}
        responses = []
        for point in document["points"]:
            node = answered.get(point["id"])
            if node:
                responses.append({"point": point["id"], "action": "experiment", "node": node,
                                  "text": f"The experiment {{{{{node}.name}}}} was run for it and is in the table of all "
                                          "experiments."})
            else:
                responses.append({"point": point["id"], "action": "concession",
                                  "text": "The limitations say so now."})
                limits = next(s for s in paper["sections"] if s["id"] == "limitations")
                limits["blocks"].append({"type": "paragraph",
                                         "text": "Equal elements occur in no array of this study, and time was not taken."})
        return {"paper": paper, "responses": responses}

    def paper(self, document):
        claims, nodes = document["claims"], document["nodes"]
        told = [f"{{{{{claim['id']}.name}}}}, {claim['hypothesis']['statement'][:-1]}, was {{{{verdict:{claim['id']}}}}}: "
                + contrast(claim["id"], claim["arms"]) + "." for claim in claims]
        figures = [{"type": "figure", "id": figure["id"]} for figure in document["figures"]]
        named = " and ".join(f"{{{{figure:{figure['id']}}}}}" for figure in document["figures"])
        failed = ("Before the study its programs were rehearsed, and {{study.failed_rehearsals}} versions of them did not "
                  "pass. ")
        changes = [f"{{{{{node['id']}.name}}}} ran with a repaired program: {change['told']}"
                   for node in nodes for change in node.get("changes", [])]

        def section(name, title, *texts):
            blocks = [{"type": "paragraph", "text": text} if isinstance(text, str) else text for text in texts]
            return {"id": name, "title": title, "blocks": blocks}

        search = {"type": "table", "id": "t1", "caption": "All experiments of the search, exploratory: treatment, baseline "
                  "and their difference in relative comparisons.", "columns": ["Experiment", "Arms", "Difference"],
                  "rows": [node_row(node) for node in nodes]}
        confirmed = {"type": "table", "id": "t2", "caption": "Claims, each tested once on fresh arrays.",
                     "columns": ["Claim", "Arms", "Difference", "Interval", "Blocks", "Verdict"],
                     "rows": [[f"{{{{{c['id']}.name}}}}", f"{{{{arm:{c['id']}.{c['arms'][0]}}}}}, "
                               f"{{{{arm:{c['id']}.{c['arms'][-1]}}}}}", f"{{{{{c['id']}.contrast.mean}}}}",
                               f"{{{{{c['id']}.contrast.lower}}}} to {{{{{c['id']}.contrast.upper}}}}",
                               f"{{{{{c['id']}.n}}}}", f"{{{{verdict:{c['id']}}}}}"] for c in claims]}
        return {
            "$schema": "aisci/paper/1", "title": "Pivot rules of quicksort, counted",
            "abstract": "Quicksort splits an array around a pivot, and how evenly it splits decides how many comparisons it "
                        "makes. Which rule for the pivot is worth its own cost is often answered by habit. We ask it of "
                        "arrays of several hundred distinct numbers. A program written for this question sorts the same "
                        "arrays with every rule compared and counts comparisons against the least that any sort needs. "
                        "Hypotheses were explored first; {{study.claims}} claims were then fixed and tested once each on "
                        "arrays that had not been used. " + " ".join(told) + " Who writes a sort can take the rule that "
                        "was confirmed and need not take on trust what was refuted.",
            "sections": [
                section("introduction", "Introduction", "Sorting by partition stands or falls with its pivot. "
                        "The question of this study is: {{text:study.question}}",
                        {"type": "list", "items": ["a count of comparisons for every rule on the same arrays",
                                                   "claims that were fixed before their test"]}),
                section("related", "Related work", "The collection that was searched holds no record on the subject that "
                        "this text could rest on; {{study.records}} records were found and none is cited."),
                section("method", "Method", "Each trial sorts a dozen arrays and divides the comparisons it made by the "
                        "binary logarithm of the number of orders that an array can have, which no sort can stay below on "
                        "average. For arrays of {{math:n}} numbers on which a rule needs {{math:C_i}} comparisons each, "
                        "that makes",
                        {"type": "equation", "text": 'r = "mean over " i " of " C_i/(log (n!))'},
                        failed),
                section("protocol", "Protocol", "In every block all arms sort the same arrays. The difference of arms in a "
                        "block is the unit of every test."),
                section("results", "Results", "{{table:t1}} has the {{study.comparisons}} comparisons of the search"
                        + (f", {named} draw them" if named else "") + ".", search, *figures,
                        "{{table:t2}} has the claims.", confirmed, *told),
                section("discussion", "Discussion", "A pivot that is chosen with more care splits more evenly; what it costs "
                        "to choose it is counted too."),
                section("limitations", "Limitations", "Comparisons are counted and nothing else: moves, caches and time are "
                        "not. The count is the program's own."),
                section("conclusion", "Conclusion", "The claims were decided as {{table:t2}} says. Arrays with equal "
                        "elements come next."),
            ],
            "appendix": [section("reproducibility", "Reproducibility", "The study's seed is {{study.seed}}; the search made "
                                 "{{study.trials}} trials in {{study.experiments}} experiments, the confirmation "
                                 "{{study.confirmation_trials}}.", *changes)],
            "citations": [],
        }

    # Reviews.
    def review_review(self, document):
        revised = bool(document["responses"])
        demanding = document["reviewer"] == "demanding"
        weaknesses = []
        if demanding and not revised:
            about = next(node["id"] for node in document["nodes"] if node["hypothesis"]["treatment"] == "median_of_three")
            weaknesses = [{"text": "The median of three was tried on shuffled arrays alone; on nearly sorted ones its "
                                   "advantage may be another.", "entry": about, "kind": "experiment", "weight": "major"},
                          {"text": "Equal elements are never mentioned as a limit.", "entry": "", "kind": "wording",
                           "weight": "minor"}]
        return {"summary": "A count of comparisons, with claims that were fixed first.",
                "strengths": ["Every arm sorts the same arrays."], "weaknesses": weaknesses, "questions": [],
                "soundness": 3, "presentation": 3, "contribution": 2, "overall": 5 if weaknesses else 6, "confidence": 4,
                "decision": "reject" if weaknesses else "accept"}

    def review_meta(self, document):
        items = itertools.chain.from_iterable(review["weaknesses"] for review in document["reviews"])
        return {"summary": "One experiment is asked for.", "overall": 5, "decision": "reject",
                "points": [{**{name: item.get(name, "") for name in ("text", "kind", "entry", "weight")},
                            "id": f"p{number + 1}"} for number, item in enumerate(items)]}
