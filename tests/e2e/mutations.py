#!/usr/bin/python3
"""Random mutations of a finished study, each of which `aisci verify` must find; untouched copies must hold.

    mutations.py AISCI STUDY [--count 1000] [--seed 1] [--folder /dev/shm]

numbers     a digit in what is printed or recorded: paper, references, summary, tree, reviews, figures' data, plans, scores,
            predictions, evidence and verdicts in the ledger
directions  a word of direction or a verdict, in the text, its model, the summary or the ledger
citations   a key, an author, a year, a supporting statement
artefacts   bytes of a figure, a PDF, a program, a list of trials, data or labels; a file that is gone
Every other mutation is by a forger who computes all hashes anew that it breaks: of files, of documents and of the chain.
What re-hashing leaves no trace of is not asked of a forger who re-hashes: pictures are drawn from what is checked, and only their bytes'
hash ties them to it; of a PDF, it is its words that are held against the paper; predictions are
changed from right to wrong or back.
Prints a table; exit status 1 when one mutation is missed or one untouched copy does not hold.
"""
import argparse
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from forge import Ledger, digest  # noqa: E402

DIRECTIONS = {"above": "below", "below": "above", "higher": "lower", "lower": "higher", "gained": "lost", "lost": "gained", "supported": "refuted",
              "refuted": "supported", "equivalent": "supported", "inconclusive": "supported", "positive": "negative", "negative": "positive",
              "in favour of": "to the cost of", "to the cost of": "in favour of", "leads": "trails", "smaller": "larger", "larger": "smaller"}


class Copy:
    """A working copy that is put back file by file."""

    def __init__(self, study, folder):
        self.original = study
        self.path = pathlib.Path(folder) / "study"
        shutil.copytree(study, self.path, symlinks=True)
        self.touched = set()

    def files(self, pattern):
        return sorted(p.relative_to(self.path) for p in self.path.glob(pattern) if p.is_file())

    def text(self, name):
        return (self.path / name).read_text()

    def write(self, name, data):
        self.touched.add(pathlib.Path(name))
        (self.path / name).write_bytes(data.encode() if isinstance(data, str) else data)

    def remove(self, name):
        self.touched.add(pathlib.Path(name))
        (self.path / name).unlink()

    def ledger(self):
        self.touched.add(pathlib.Path("study.db"))
        return Ledger(self.path / "study.db")

    def restore(self):
        for name in self.touched | {pathlib.Path("study.db")}:
            shutil.copy2(self.original / name, self.path / name)
        for extra in ("study.db-wal", "study.db-shm"):
            (self.path / extra).unlink(missing_ok=True)
        self.touched = set()


def settle(copy, old, new, rehash):
    """The forger's part: hashes of what changed, and the chain."""
    if not rehash:
        return
    ledger = copy.ledger()
    if old is not None:
        ledger.replace(digest(old), digest(new))
    ledger.chain()
    ledger.db.commit()
    ledger.db.close()


def change_text(copy, name, before, after, rehash):
    copy.write(name, after)
    settle(copy, before, after, rehash)


def another(digit, rng):
    return rng.choice([d for d in "0123456789" if d != digit])


def digit_in(copy, rng, name, rehash, pattern=r"\d"):
    text = copy.text(name)
    places = [m.start() for m in re.finditer(pattern, text)]
    if not places:
        return None
    at = rng.choice(places)
    if at + 1 < len(text) and text[at - 1:at + 2].startswith("-") and text[at] == "0" and not text[at + 1].isdigit() and text[at + 1] != ".":
        return None
    change_text(copy, name, text, text[:at] + another(text[at], rng) + text[at + 1:], rehash)
    return f"{name} at {at}"


# Digits that say nothing: hashes of another writer are none of the text's.
def number_in_file(copy, rng, rehash):
    choices = ["config.toml", "paper/paper.tex", "paper/references.bib", "summary.json", "tree.html"] + [str(f) for f in copy.files("reviews/*.json")]
    choices += [str(f) for f in copy.files("reviews/rebuttal.tex")] + [str(f) for f in copy.files("figures/*.csv")]
    choices += [str(f) for f in copy.files("code/*/config.json")] + [str(f) for f in copy.files("experiments/*/plan.json")]
    name = rng.choice(choices)
    return digit_in(copy, rng, name, rehash)


def number_in_model(copy, rng, rehash):
    """A reference of the paper's model to another value of the same kind."""
    text = copy.text("paper/paper.json")
    places = list(re.finditer(r"\{\{(?:value:)?([nc]\d+)\.contrast\.(mean|lower|upper)", text))
    if not places:
        return None
    m = rng.choice(places)
    other = rng.choice([n for n in ("mean", "lower", "upper") if n != m[2]])
    changed = text[:m.start(2)] + other + text[m.end(2):]
    copy.write("paper/paper.json", changed)
    if rehash:
        ledger = copy.ledger()
        ledger.change_documents(lambda t: t.replace(m[0], m[0].replace(m[2], other)))
        ledger.chain()
        ledger.db.commit()
        ledger.db.close()
    return f"paper.json {m[0]} -> {other}"


def edit_event(copy, rng, rehash, kinds, pattern, change):
    ledger = copy.ledger()
    bodies = [(kind, *row) for kind in kinds for row in ledger.bodies(kind)]
    rng.shuffle(bodies)
    for kind, sequence, body in bodies:
        places = list(re.finditer(pattern, body))
        if not places:
            continue
        m = rng.choice(places)
        changed = change(body, m)
        if changed == body:
            continue
        ledger.set_body(sequence, changed)
        if rehash:
            ledger.chain()
        ledger.db.commit()
        ledger.db.close()
        return f"event {kind} {sequence}: {m[0][:40]}"
    ledger.db.close()
    return None


def number_in_event(copy, rng, rehash):
    def change(body, m):
        at = m.start(1)
        return body[:at] + another(body[at], rng) + body[at + 1:]
    return edit_event(copy, rng, rehash, ["node.evaluated", "claim.decided", "claims.locked", "experiment.completed", "review.made", "study.completed"],
                      r'"(?:mean|sd|lower|upper|p|d|alpha|power|score|overall|effect|smallest_effect|value)":-?\d\.(?:0*)(\d)', change)


def prediction(copy, rng, rehash):
    """A prediction from right to wrong, or back, or off by a little, in a trial; the forger changes its score as well."""
    split = rng.choice(["validation", "confirmation"])
    truth = json.loads(copy.text(f"data/labels/{split}.json"))["labels"]
    prefix = "n" if split == "validation" else "c"
    trials = [f for f in copy.files("experiments/*/trials/*/metrics.json") if f.parts[1].startswith(prefix)]
    name = rng.choice(trials)
    before = copy.text(name)
    trial = json.loads(before)
    given = trial["predictions"]
    at = rng.randrange(len(truth))
    if "labels" in given:
        labels, metric = given["labels"], "accuracy"
        labels[at] = (truth[at] + 1) % 10 if labels[at] == truth[at] else truth[at]
        score = sum(a == b for a, b in zip(labels, truth)) / len(truth)
    else:
        values, metric, mean = given["values"], "r2", sum(truth) / len(truth)
        values[at] += rng.choice([-1, 1]) * 0.01
        score = 1 - sum((a - b) ** 2 for a, b in zip(values, truth)) / sum((b - mean) ** 2 for b in truth)
    after = json.dumps(trial)
    copy.write(name, after)
    if rehash:
        told_name = name.parent / "score.json"
        told = json.loads(copy.text(told_name))
        told[metric] = score
        copy.write(told_name, json.dumps(told))
        ledger = copy.ledger()
        ledger.replace(digest(before), digest(after))
        for sequence, body in ledger.bodies("experiment.completed"):
            document = json.loads(body)
            for one in document["trials"]:
                if one.get("sha256") == digest(after):
                    one["score"] = score
                    ledger.set_body(sequence, json.dumps(document, separators=(",", ":")))
                    break
        ledger.chain()
        ledger.db.commit()
        ledger.db.close()
    return f"{name}, prediction {at}"


def direction_in_file(copy, rng, rehash):
    name = rng.choice(["paper/paper.tex", "paper/paper.json", "summary.json", "tree.html"] + [str(f) for f in copy.files("reviews/*.json")])
    text = copy.text(name)
    places = [m for m in re.finditer(r"\b(" + "|".join(DIRECTIONS) + r")\b", text)]
    if not places:
        return None
    m = rng.choice(places)
    change_text(copy, name, text, text[:m.start()] + DIRECTIONS[m[1]] + text[m.end():], rehash)
    return f"{name}: {m[1]} at {m.start()}"


def direction_in_model(copy, rng, rehash):
    text = copy.text("paper/paper.json")
    places = list(re.finditer(r"\{\{direction:([^|}]+)\|([^|}]+)\|([^|}]+)\}\}", text))
    if not places:
        return None
    m = rng.choice(places)
    swapped = f"{{{{direction:{m[1]}|{m[3]}|{m[2]}}}}}"
    copy.write("paper/paper.json", text.replace(m[0], swapped))
    if rehash:
        ledger = copy.ledger()
        ledger.change_documents(lambda t: t.replace(m[0], swapped))
        ledger.chain()
        ledger.db.commit()
        ledger.db.close()
    return f"paper.json {m[0]}"


def word_in_print(copy, rng, rehash):
    """A PDF that another paper.tex was built to: one word of direction is turned in print alone."""
    text = copy.text("paper/paper.tex")
    places = [m for m in re.finditer(r"\b(" + "|".join(DIRECTIONS) + r")\b", text) if m.start() > text.index(r"\begin{document}")]
    if not places:
        return None
    m = rng.choice(places)
    before = (copy.path / "paper.pdf").read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(copy.path / "paper", folder, dirs_exist_ok=True)
        shutil.copytree(copy.path / "figures", pathlib.Path(folder, "figures"))
        pathlib.Path(folder, "paper.tex").write_text(text[:m.start()] + DIRECTIONS[m[1]] + text[m.end():])
        for program in (["pdflatex", "-interaction=nonstopmode", "paper.tex"], ["bibtex", "paper"]) + 2 * (["pdflatex", "-interaction=nonstopmode", "paper.tex"],):
            subprocess.run(program, cwd=folder, capture_output=True, timeout=120)
        after = pathlib.Path(folder, "paper.pdf").read_bytes()
    copy.write("paper.pdf", after)
    settle(copy, before, after, rehash)
    return f"paper.pdf: {m[1]} at {m.start()} of its source"


def verdict_in_event(copy, rng, rehash):
    return edit_event(copy, rng, rehash, ["claim.decided", "study.completed"], r'"verdict":"(\w+)"',
                      lambda body, m: body[:m.start(1)] + DIRECTIONS[m[1]] + body[m.end(1):])


def citation_in_model(copy, rng, rehash):
    text = copy.text("paper/paper.json")
    keys = sorted(set(re.findall(r'"key": ?"([^"]+)"', text)))
    places = list(re.finditer(r"\{\{cite:([^},|]+)", text))
    if len(keys) < 2 or not places:
        return None
    m = rng.choice(places)
    other = rng.choice([k for k in keys if k != m[1]] + ["nobody2024nothing"])
    changed = text[:m.start(1)] + other + text[m.end(1):]
    change_text(copy, "paper/paper.json", text, changed, rehash)
    return f"paper.json cites {other} for {m[1]}"


def support(copy, rng, rehash):
    text = copy.text("paper/paper.json")
    places = list(re.finditer(r'"support": ?"([^"]{20,})"', text))
    if not places:
        return None
    m = rng.choice(places)
    change_text(copy, "paper/paper.json", text, text[:m.start(1)] + "It is as we say" + text[m.start(1) + 15:], rehash)
    return "paper.json, a support"


def bibliography(copy, rng, rehash):
    text = copy.text("paper/references.bib")
    places = list(re.finditer(r"(author|title|journal|key) = \{+(\w)", text)) or list(re.finditer(r"@article\{(\w)(\w)", text))
    m = rng.choice(places)
    letter = "Q" if m[2] != "Q" else "X"
    change_text(copy, "paper/references.bib", text, text[:m.start(2)] + letter + text[m.end(2):], rehash)
    return f"references.bib at {m.start(2)}"


def record(copy, rng, rehash):
    """A cited record in the ledger's own document."""
    cited = sorted(set(re.findall(r"@article\{([^,]+),", copy.text("paper/references.bib"))))
    key = rng.choice(cited)
    ledger = copy.ledger()
    done = []

    def change(text):
        if '"statements"' not in text or not text.startswith("["):
            return text
        records = json.loads(text)
        for one in records:
            if isinstance(one, dict) and one.get("key") == key:
                one["title"] = "Another title"
                done.append(key)
        return json.dumps(records, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    if rehash:
        ledger.change_documents(change)
        ledger.chain()
    else:
        for name, content in ledger.db.execute("SELECT name, content FROM documents").fetchall():
            text = content.decode() if isinstance(content, bytes) else content
            if change(text) != text and done:
                ledger.db.execute("UPDATE documents SET content=? WHERE name=?", (change(text).encode(), name))
    ledger.db.commit()
    ledger.db.close()
    return f"record {key}" if done else None


def bytes_of(copy, rng, rehash):
    """A byte of a text artefact, or, without re-hashing, of any."""
    texts = [f for pattern in ("experiments/*/code/*.py", "code/*/*.py", "code/README.md", "reviews/*.json", "reviews/rebuttal.tex", "tree.html",
                               "question.txt", "config.toml", "paper/paper.tex", "data/labels/*.json", "figures/*.csv") for f in copy.files(pattern)]
    pictures = [f for pattern in ("figures/*.pdf", "figures/*.png", "paper.pdf", "reviews/rebuttal.pdf", "data/**/*") for f in copy.files(pattern)]
    name = rng.choice(texts if rehash else texts + pictures)
    before = (copy.path / name).read_bytes()
    if not before:
        return None
    at = rng.randrange(len(before))
    after = before[:at] + bytes([before[at] ^ 1 if chr(before[at]).isalnum() else ord("x")]) + before[at + 1:]
    if after == before:
        return None
    copy.write(name, after)
    settle(copy, before, after, rehash)
    return f"{name}, byte {at}"


def row_gone(copy, rng, rehash):
    """A row of a figure's table is left out, or stands twice in another's place."""
    name = rng.choice(copy.files("figures/*.csv"))
    before = copy.text(name)
    lines = before.splitlines(keepends=True)
    if len(lines) < 3 or '"' in before:  # a quoted cell may run over lines
        return None
    at, other = rng.sample(range(1, len(lines)), 2)
    lines[at:at + 1] = [] if rng.random() < 0.5 else [lines[other]]
    if "".join(lines) == before:
        return None
    change_text(copy, name, before, "".join(lines), rehash)
    return f"{name}, line {at + 1}"


def gone(copy, rng, rehash):
    names = [f for pattern in ("figures/*.pdf", "figures/*.csv", "paper.pdf", "paper/paper.tex", "reviews/*.json", "reviews/rebuttal.*", "summary.json", "tree.html", "question.txt", "config.toml",
                               "experiments/*/code/*.py", "experiments/*/trials/*/metrics.json", "experiments/*/trials/*/score.json", "data/labels/*.json",
                               "code/*/config.json") for f in copy.files(pattern)]
    name = rng.choice(names)
    copy.remove(name)
    settle(copy, None, None, rehash)
    return f"{name} is gone"


FAMILIES = {
    "numbers": [number_in_file, number_in_file, number_in_model, number_in_event, prediction],
    "directions": [direction_in_file, direction_in_file, direction_in_model, verdict_in_event, word_in_print],
    "citations": [citation_in_model, support, bibliography, record],
    "artefacts": [bytes_of, bytes_of, row_gone, gone],
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("aisci")
    parser.add_argument("study", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", default="/dev/shm" if pathlib.Path("/dev/shm").is_dir() else None)
    options = parser.parse_args()
    if options.folder:
        pathlib.Path(options.folder).mkdir(parents=True, exist_ok=True)
    rng = random.Random(options.seed)
    missed, table, untouched, wrong = [], {}, 0, 0
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        copy = Copy(options.study, folder)

        def verify():
            return subprocess.run([options.aisci, "verify", str(copy.path)], capture_output=True, text=True, errors="replace", timeout=300)

        done = 0
        while done < options.count:
            if done % 50 == 0:
                copy.restore()
                untouched += 1
                answer = verify()
                if answer.returncode != 0:
                    wrong += 1
                    print("an untouched copy does not hold:\n" + answer.stdout + answer.stderr)
                    break
            family = list(FAMILIES)[done % len(FAMILIES)]
            rehash = done // len(FAMILIES) % 2 == 1
            mutation = rng.choice(FAMILIES[family])
            what = mutation(copy, rng, rehash)
            if what is None:
                copy.restore()
                continue
            answer = verify()
            found = answer.returncode == 1
            key = (family, mutation.__name__, "re-hashed" if rehash else "as it is")
            tried, caught = table.get(key, (0, 0))
            table[key] = (tried + 1, caught + found)
            if not found:
                missed.append(f"{family} {mutation.__name__} {'re-hashed' if rehash else ''}: {what} (exit {answer.returncode})")
                print("missed: " + missed[-1], flush=True)
            copy.restore()
            done += 1
    for (family, name, how), (tried, caught) in sorted(table.items()):
        print(f"{family:12} {name:20} {how:10} {caught} of {tried}")
    tried = sum(t for t, _ in table.values())
    print(f"{tried - len(missed)} of {tried} mutations found; {untouched - wrong} of {untouched} untouched copies hold")
    sys.exit(1 if missed or wrong else 0)


main()
