"""The template nlp_language_modeling: its programs agree with its description and with the contract."""

import json
import math
import pathlib
import re
import tempfile
import unittest

import numpy
import torch

import programs
from programs import TEMPLATES, result, run, trial

NAME = "nlp_language_modeling"
DESCRIPTION = programs.description(NAME)
FACTORS = DESCRIPTION["factors"]
DEFAULTS = {name: factor["default"] for name, factor in FACTORS.items()}
FAST = {**DEFAULTS, "width": 32, "steps": 50, "context": 16}


def setUpModule():
    global PREPARED, HOLDER
    HOLDER = tempfile.TemporaryDirectory()
    PREPARED = pathlib.Path(HOLDER.name)
    programs.prepare(NAME, PREPARED)


def tearDownModule():
    HOLDER.cleanup()


def contexts_of(path):
    with numpy.load(PREPARED / path) as file:
        return file["contexts"]


def labels_of(split):
    return json.loads((PREPARED / f"labels/{split}.json").read_text())["labels"]


class Preparation(unittest.TestCase):
    def test_TheTextIsSmallEnoughToShip_AndHasNoTraceOfMarkup(self):
        text = (TEMPLATES / NAME / "moby_dick.txt").read_text(encoding="utf-8")
        self.assertLess(len(text.encode()), 300_000)
        self.assertTrue(text.startswith("CHAPTER 1. Loomings."))
        self.assertNotIn("<", text)

    def test_CountsAreTheDescriptions(self):
        splits = json.loads((PREPARED / "splits.json").read_text())
        self.assertEqual(splits["counts"], DESCRIPTION["dataset"]["splits"])
        self.assertEqual(splits["classes"], DESCRIPTION["dataset"]["classes"])
        self.assertEqual((len(labels_of("validation")), len(contexts_of("public/validation.npz"))), (895, 895))
        self.assertLessEqual(set(labels_of("validation")) | set(labels_of("confirmation")), set(range(27)))
        self.assertGreaterEqual(len(set(labels_of("validation"))), 25)

    def test_NoContextHoldsTheAnswerOfAnother_AndNoPassageIsInTwoSplits(self):
        prepare = programs.load(NAME, "prepare")
        parts = prepare.split_by_content(prepare.passages(prepare.TEXT.read_text(encoding="utf-8")))
        seen = [set(texts) for texts in parts.values()]
        self.assertFalse(seen[0] & seen[1] or seen[0] & seen[2] or seen[1] & seen[2])
        self.assertTrue(all(re.fullmatch(r"[a-z ]+", text) for texts in seen for text in texts))
        # The windows of a passage lie side by side: context, answer, context, answer.
        contexts, following = prepare.windows([parts["validation"][0]])
        joined = numpy.concatenate([contexts, following[:, None]], axis=1).ravel()
        self.assertEqual("".join(prepare.ALPHABET[code] for code in joined), parts["validation"][0][:len(joined)])

    def test_TrialsSeeNoAnswer_AndNoTextTheyAreJudgedBy(self):
        with numpy.load(PREPARED / "public/train.npz") as file:
            train = "".join(map(chr, file["text"]))
        for path in ("public/validation.npz", "confirmation/confirmation.npz"):
            with numpy.load(PREPARED / path) as file:
                self.assertEqual(file.files, ["contexts"])
            found = sum("".join(map(chr, context)) in train for context in contexts_of(path))
            self.assertEqual(found, 0, path)
        public = {path.name for path in (PREPARED / "public").iterdir()}
        self.assertEqual(public, {"train.npz", "validation.npz"})


class Units(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.experiment = programs.load(NAME, "experiment")
        cls.units = cls.experiment.units

    def encode(self, text):
        return numpy.array([self.units.ALPHABET.index(letter) for letter in text], dtype=numpy.uint8)

    def test_BothUnits_GiveAProbabilityAboveZeroToEveryCharacterThatCanFollow(self):
        text = self.encode("the whale the ship the sea a whale saw the ship at sea " * 8)
        contexts = numpy.stack([self.encode("saw the ship at sea the whale the ship the s"[-32:]), self.encode("qzx " * 8)])
        for name, kind in self.units.UNITS.items():
            unit = kind(text, 32)
            symbols, places = unit.read(contexts)
            self.assertEqual((len(symbols), symbols.shape[1]), (2, unit.length))
            logits = torch.randn(2, unit.symbols, generator=torch.Generator().manual_seed(4))
            found = unit.next_character(logits, contexts)
            self.assertTrue(numpy.allclose(found.sum(axis=1), 1), name)
            possible = numpy.ones_like(found, dtype=bool)
            possible[1, self.units.SPACE] = name != "words"  # two spaces never follow each other, and words know it
            self.assertTrue((found[possible] > 0).all(), name)
            self.assertTrue(((places >= 0) & (places < unit.length)).all())

    def test_AModelOfWords_ForetellsByTheWordsThatAreStillPossible(self):
        unit = self.units.Words(self.encode("the whale the ship the sea " * 8), 32)
        contexts = self.encode("ship the whale the whale the sea the s"[-32:])[None]
        chance = torch.full((1, unit.symbols), 1e-6)
        for word, share in (("ship", 0.1), ("sea", 0.3), ("whale", 0.6)):
            chance[0, unit.index[word]] = share
        found = unit.next_character(chance.log(), contexts)[0]
        self.assertAlmostEqual(found[self.units.ALPHABET.index("e")], 0.75, places=3)  # sea, of ship and sea
        self.assertAlmostEqual(found[self.units.ALPHABET.index("h")], 0.25, places=3)
        ended = unit.next_character(chance.log(), self.encode("ship the whale the whale see sea the sea"[-32:])[None])[0]
        self.assertGreater(ended[self.units.SPACE], 0.99, "only the end of the word is left")

    def test_AModelOfWordsThatIsSureOfAWordThatCannotBe_ForetellsByHowWordsAreSpelled(self):
        unit = self.units.Words(self.encode("the whale the ship the sea " * 8), 32)
        logits = torch.zeros(1, unit.symbols)
        logits[0, unit.index["whale"]] = 5000.0  # which leaves the others a chance that is too small for a number
        found = unit.next_character(logits, self.encode("whale the ship the whale see sea q"[-32:])[None])
        self.assertTrue(numpy.isfinite(found).all() and abs(found.sum() - 1) < 1e-9, found)

    def test_AModelOfWords_NeverLooksBehindTheCut(self):
        unit = self.units.Words(self.encode("the whale the ship the sea " * 8), 32)
        symbols, places = unit.read(self.encode("ship the whale the whale the sea the s"[-32:])[None])
        self.assertEqual([unit.spelled[k].strip() for k in symbols[0, :places[0] + 1]][-2:], ["sea", "the"])

    def test_Probabilities_SumToOneInSixDecimals_AndHoldNoZero(self):
        rows = self.experiment.probabilities(numpy.array([[1.0, 0.0, 0.0], [0.2, 0.3, 0.5]]))
        self.assertTrue((rows > 0).all() and numpy.allclose(rows.sum(axis=1), 1, atol=1e-5))


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.models = programs.load(NAME, "models")

    def test_NoModelSeesTheFuture(self):
        symbols = torch.randint(27, (2, 16), generator=torch.Generator().manual_seed(1))
        later = symbols.clone()
        later[:, 10:] = (later[:, 10:] + 1) % 27
        for model in FACTORS["model"]["levels"]:
            built = self.models.build({**DEFAULTS, "model": model, "depth": 2}, 27).eval()
            self.assertTrue(torch.allclose(built(symbols)[:, :10], built(later)[:, :10], atol=1e-5), model)
            self.assertFalse(torch.allclose(built(symbols)[:, 10:], built(later)[:, 10:], atol=1e-3), model)

    def test_TheTransformerKnowsOrder(self):
        symbols = torch.tensor([[3, 4, 5, 6], [4, 3, 5, 6]])
        built = self.models.build({**DEFAULTS, "model": "transformer"}, 27).eval()
        first, second = built(symbols)[:, -1]
        self.assertFalse(torch.allclose(first, second, atol=1e-4))

    def test_Tying_SharesOneMatrix_AndDepthAndWidthAddParameters(self):
        def count(**config):
            return sum(value.numel() for value in self.models.build({**DEFAULTS, **config}, 1001).parameters())
        self.assertEqual(count() - count(tying="tied"), 1001 * 64)
        for model in self.models.ARCHITECTURES:
            self.assertLess(count(model=model), count(model=model, depth=2))
            self.assertLess(count(model=model), count(model=model, width=128))
        self.assertEqual(set(self.models.ARCHITECTURES), set(FACTORS["model"]["levels"]))


class Rates(unittest.TestCase):
    def test_AgreeWithTheProgram(self):
        experiment, facts = programs.load(NAME, "experiment"), DESCRIPTION["facts"]
        self.assertEqual(facts["characters_per_step"]["value"], experiment.CHARACTERS_PER_STEP)
        for unit, rates in experiment.RATE_OF.items():
            for model, rate in rates.items():
                fact = facts[f"rate_{unit}_{model}"]
                self.assertEqual((fact["value"], fact["applies_to"]),
                                 (rate, [{"factor": "unit", "levels": [unit]}, {"factor": "model", "levels": [model]}]))


class Training(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def train(self, trials, **options):
        ended = run(self.folder, TEMPLATES / NAME / "experiment.py", trials, **{"data": PREPARED / "public", **options})
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return [result(self.folder, entry["id"]) for entry in trials]

    def loss(self, document, split):
        labels = labels_of(split)
        rows = document["predictions"]["probabilities"]
        self.assertEqual((document["predictions"]["split"], len(rows)), (split, len(labels)))
        return -sum(math.log(row[label]) for row, label in zip(rows, labels)) / len(labels)

    def test_EveryModelAndUnit_LearnsMoreThanTheFrequencyOfLetters(self):
        arms = [(model, unit) for model in FACTORS["model"]["levels"] for unit in FACTORS["unit"]["levels"]]
        found = self.train([trial(f"t{i}", "a", 5, **{**FAST, "model": model, "unit": unit}) for i, (model, unit) in enumerate(arms)])
        for (model, unit), document in zip(arms, found):
            self.assertLess(self.loss(document, "validation"), 2.75, f"{model}, {unit}")  # letters alone: 2.83
            self.assertIn("train_loss", document["metrics"])

    def test_ARunThatWasMadeSmaller_EndsWithATrainingLoss(self):
        found = self.train([trial(f"t{steps}", "a", 5, **{**FAST, "steps": steps}) for steps in (1, 6, 12)])
        self.assertEqual([[step for step, _ in document["curves"]["train_loss"]] for document in found], [[1], [6], [10, 12]])
        for document in found:
            self.assertEqual(document["metrics"]["train_loss"], document["curves"]["train_loss"][-1][1])

    def test_EveryLevelOfClipping_IsAnotherTraining(self):
        levels = FACTORS["clipping"]["levels"]
        found = self.train([trial(f"t{i}", "a", 5, **{**FAST, "model": "transformer", "unit": "words", "clipping": level}) for i, level in enumerate(levels)])
        self.assertEqual(len({document["metrics"]["train_loss"] for document in found}), len(levels))

    def test_SameSeedSameOutput_OtherSeedOtherOutput_AlsoOnTheConfirmationContexts(self):
        first, again, other = self.train([trial("t1", "a", 5, **FAST), trial("t2", "a", 5, **FAST), trial("t3", "a", 6, **FAST)],
                                         data=PREPARED / "confirmation", evaluate="confirmation")
        self.assertEqual((first["metrics"], first["predictions"]), (again["metrics"], again["predictions"]))
        self.assertNotEqual(first["predictions"], other["predictions"])
        self.assertLess(self.loss(first, "confirmation"), 2.75)

    def test_TrainingText_IsNestedAndFollowsTheSeedAlone(self):
        experiment = programs.load(NAME, "experiment")
        text, lengths = experiment.load_text(PREPARED / "public/train.npz")
        settings = {"data": PREPARED / "public", "results": self.folder, "evaluate": "validation", "threads": 1}

        def chosen(seed=5, **config):
            run_of = experiment.aisci_experiment.Trial(trial("t1", "a", seed, **{**DEFAULTS, **config}), settings)
            return experiment.training_text(run_of, text, lengths).tolist()

        self.assertEqual(chosen(train_size=40000)[:10000], chosen(train_size=10000, model="gru"))
        self.assertNotEqual(chosen(train_size=10000), chosen(seed=6, train_size=10000))
        self.assertEqual(len(chosen(train_size=140000)), 140000)

    def test_CorruptText_IsNamedSo(self):
        (self.folder / "data").mkdir()
        numpy.savez(self.folder / "data/train.npz", text=numpy.array([99], dtype=numpy.uint8), lengths=numpy.array([1]))
        ended = run(self.folder, TEMPLATES / NAME / "experiment.py", [trial("t1", "a", 5, **FAST)], data=self.folder / "data")
        self.assertEqual(ended.returncode, 1)
        self.assertEqual(result(self.folder, "t1", "error.json")["class"], "corrupt_data")


class Facts(unittest.TestCase):
    def test_TheTextAndItsCommonestCharacter_AreAsTheyAreTold(self):
        prepare = programs.load(NAME, "prepare")
        text = prepare.TEXT.read_text(encoding="utf-8")
        chapters = len(re.findall(r"^CHAPTER \d+", text, flags=re.MULTILINE))
        self.assertTrue(DESCRIPTION["facts"]["about"]["value"].endswith(f"its first {chapters} chapters"))
        characters = "".join(passage + " " for passage in prepare.passages(text))
        share = {letter: characters.count(letter) / len(characters) for letter in prepare.ALPHABET}
        self.assertEqual(max(share, key=share.get), " ")
        self.assertAlmostEqual(DESCRIPTION["metrics"]["accuracy"]["chance"], share[" "], places=2)
        self.assertAlmostEqual(DESCRIPTION["metrics"]["log_loss"]["chance"], math.log(len(prepare.ALPHABET)), places=6)
        self.assertNotIn("chance", DESCRIPTION["metrics"]["train_loss"], "a symbol may be a word as well")

    def test_FactsAgreeWithThePrograms(self):
        experiment, prepare = programs.load(NAME, "experiment"), programs.load(NAME, "prepare")
        facts = {name: fact["value"] for name, fact in DESCRIPTION["facts"].items()}
        self.assertEqual((facts["characters_per_step"], facts["context_stored"]),
                         (experiment.CHARACTERS_PER_STEP, prepare.CONTEXT))
        self.assertEqual((facts["vocabulary"], facts["heads"]), (experiment.units.VOCABULARY, experiment.models.HEADS))
        self.assertEqual(set(FACTORS["schedule"]["levels"]), set(experiment.training.SCHEDULES))
        for table in experiment.RATE_OF.values():
            self.assertEqual(set(table), set(FACTORS["model"]["levels"]))


if __name__ == "__main__":
    unittest.main()
