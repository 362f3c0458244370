"""What every template's description must hold, whatever it studies."""

import ast
import pathlib
import re
import sys
import unittest

import programs
from programs import TEMPLATES

NAMES = sorted(path.parent.name for path in TEMPLATES.glob("*/template.json"))
ROLES = {"model", "data", "tuning", "mechanism", "capacity", "component"}
HOST_RULES = {"accuracy", "error", "r2", "rmse", "mae", "log_loss", "perplexity"}


def patched(document, patch):
    """A JSON merge patch (RFC 7396) applied."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = patched(merged.get(name), value)
    return merged


def shown(level):
    return level if isinstance(level, str) else f"{level:g}" if abs(level) < 1e6 else str(level)


def each():
    """Every template and every variant of one: its name and its description."""
    for name in NAMES:
        document = programs.description(name)
        variants = document.get("variants") or {"": {}}
        for variant, patch in variants.items():
            yield f"{name}/{variant}".rstrip("/"), name, patched(document, patch)


class Descriptions(unittest.TestCase):
    def test_DefaultsAreLevels_AndOrderedLevelsIncrease(self):
        for place, _, document in each():
            for name, factor in document["factors"].items():
                where = f"{place}: {name}"
                self.assertIn(factor["default"], factor["levels"], where)
                self.assertIn(factor.get("reference", factor["levels"][0]), factor["levels"], where)
                self.assertEqual(len(set(factor["levels"])), len(factor["levels"]), where)
                if factor["kind"] == "ordered":
                    self.assertEqual(factor["levels"], sorted(factor["levels"]), where)
                else:
                    self.assertEqual(factor["kind"], "categorical", where)
                    self.assertEqual(set(factor["labels"]), set(factor["levels"]), where)

    def test_LabelsAndWordsBelongToLevels(self):
        for place, _, document in each():
            for name, factor in document["factors"].items():
                levels = {shown(level) for level in factor["levels"]}
                self.assertLessEqual(set(factor["labels"]), levels, f"{place}: {name}")
                self.assertLessEqual(set(factor["level_words"]), levels, f"{place}: {name}")

    def test_WordsAreLowerCaseAndNameOneThing(self):
        for place, _, document in each():
            owners = {}
            for name, factor in document["factors"].items():
                lists = {name: factor["words"],
                         **{f"{name}={level}": words for level, words in factor["level_words"].items()}}
                for owner, words in lists.items():
                    self.assertTrue(words, f"{place}: {owner}")
                    for word in words:
                        self.assertEqual(word, word.lower().strip(), f"{place}: {owner}")
                        self.assertEqual(owners.setdefault(word, owner), owner, f"{place}: {word} stands for two things")

    def test_NamesKnownElsewhere_AreNotOfferedHere(self):
        for place, _, document in each():
            for name, factor in document["factors"].items():
                own = {word for words in factor["level_words"].values() for word in words}
                self.assertFalse(own & set(factor.get("known_elsewhere", [])), f"{place}: {name}")

    def test_EachFactorCanBeNamedInEnglishAndChinese(self):
        for place, _, document in each():
            for name, factor in document["factors"].items():
                self.assertTrue(any(word.isascii() for word in factor["words"]), f"{place}: {name}")
                self.assertTrue(any(not word.isascii() for word in factor["words"]), f"{place}: {name}")

    def test_SettingsAndCostsSpeakOfLevelsThereAre(self):
        for place, _, document in each():
            factors = document["factors"]
            for setting in document["settings"]:
                self.assertLessEqual(set(setting["levels"]), set(factors[setting["factor"]]["levels"]),
                                     f"{place}: {setting['words'][0]}")
            for name, seconds in document["cost"].get("by_level", {}).items():
                self.assertLessEqual(set(seconds), {shown(level) for level in factors[name]["levels"]}, place)
                self.assertTrue(all(value > 0 for value in seconds.values()), place)

    def test_MetricsHaveWhatAPlanNeeds(self):
        for place, _, document in each():
            self.assertIn(document["metric"], document["metrics"], place)
            for name, metric in document["metrics"].items():
                where = f"{place}: {name}"
                self.assertIn(metric["direction"], ("higher", "lower"), where)
                self.assertIn(metric["scored_by"], ("host", "program"), where)
                self.assertGreater(metric["smallest_effect"], 0, where)
                self.assertGreater(len(metric["smallest_effect_reason"]), 25, where)
                if metric["scored_by"] == "host" or "chance" in metric:
                    self.assertIsInstance(metric["chance"], (int, float), where)
                if metric["scored_by"] == "host":
                    self.assertIn(metric.get("scoring", name), HOST_RULES, where)

    def test_EnvironmentsStateThePackagesThatProgramsImport(self):
        for place, name, document in each():
            files = [*document["files"], *document["prepare_files"], *document.get("own_data", {}).get("files", [])]
            own = {pathlib.PurePath(file).stem for file in files} | {"aisci_experiment"} | set(sys.stdlib_module_names)
            imported = set()
            for file in files:
                if file.endswith(".py"):
                    for node in ast.walk(ast.parse(programs.file_of(name, file).read_text())):
                        names = ([alias.name for alias in node.names] if isinstance(node, ast.Import) else
                                 [node.module] if isinstance(node, ast.ImportFrom) else [])
                        imported |= {module.split(".")[0] for module in names}
            packages = {{"sklearn": "scikit-learn"}.get(module, module) for module in imported - own}
            self.assertEqual(set(document["environment"]["packages"]), packages, place)

    def test_ExperimentsRunWhenTheyAreStarted_AndNotWhenTheyAreImported(self):
        for name in NAMES:
            self.assertTrue(callable(programs.load(name, "experiment").main), name)

    def test_FilesAreThere(self):
        for place, name, document in each():
            for file in document["files"] + document["prepare_files"]:
                self.assertTrue(programs.file_of(name, file).is_file(), f"{place}: {file}")
            for command, files in ((document["program"], document["files"]), (document["prepare"], document["prepare_files"])):
                self.assertIn(command[1].removeprefix("/job/"), files, place)

    def test_ReasonsHoldNoDigit_AndRolesAreKnownAndTakenOnce(self):
        for place, _, document in each():
            taken = [factor["role"] for factor in document["factors"].values() if factor.get("role", "component") != "component"]
            self.assertEqual(len(taken), len(set(taken)), place)
            for name, factor in document["factors"].items():
                self.assertIn(factor.get("role", "component"), ROLES, f"{place}: {name}")
                self.assertIn(factor.get("expects", "more"), ("more", "less", "moderate"), f"{place}: {name}")
                for reason in factor.get("reasons", {}).values():
                    self.assertNotRegex(reason, r"\d", f"{place}: {name}")
                    self.assertTrue(reason.endswith("."), f"{place}: {name}")
                for key in factor["records"]:
                    self.assertRegex(key, r"^[a-z]+\d{4}[a-z0-9]*$|^holm1979$", f"{place}: {name}")

    def test_FactsAndDetails_HoldUnderConditionsThatThereAre(self):
        for place, _, document in each():
            owners = [*document["facts"].items(), *((detail["text"][:40], detail) for detail in document["details"])]
            for name, owner in owners:
                conditions = owner.get("applies_to", [])
                for condition in conditions if isinstance(conditions, list) else [conditions]:
                    self.assertLessEqual(set(condition["levels"]), set(document["factors"][condition["factor"]]["levels"]),
                                         f"{place}: {name}")
            for name, fact in document["facts"].items():
                self.assertIn(fact["kind"], ("count", "number", "text"), f"{place}: {name}")
                self.assertIsInstance(fact["value"], str if fact["kind"] == "text" else (int, float), f"{place}: {name}")
                self.assertNotRegex(fact["title"], r"\d", f"{place}: {name}")
                self.assertNotRegex(fact["title"], r" (of|the|a|one|two|three|four|five)$", f"{place}: {name} is cut off")

    def test_TheCommonestClassIsWhatGuessingNames_WhereverAccuracyIsScored(self):
        for place, _, document in each():
            if "accuracy" not in document["metrics"]:
                continue
            told = [detail["text"] for detail in document["details"] if "accuracy" in detail.get("metrics", [])]
            self.assertTrue(any(text.startswith("The guess is the commonest") for text in told), place)
            classes = document["dataset"].get("classes")
            self.assertGreater(document["metrics"]["accuracy"]["chance"], 1 / classes, place)

    def test_DetailsAreSentencesWithoutDigits_ThatReferToFactsThereAre(self):
        for place, name, document in each():
            metrics = {metric for _, other, variant in each() if other == name for metric in variant["metrics"]}
            self.assertGreater(len(document["details"]), 8, place)
            said = [detail["text"] for detail in document["details"]]
            self.assertEqual(len(set(said)), len(said), place)
            for detail in document["details"]:
                literal, references = re.sub(r"{{.*?}}", "", detail["text"]), re.findall(r"{{(.*?)}}", detail["text"])
                self.assertNotRegex(literal, r"[\d{}]", place)
                self.assertTrue(detail["text"][0].isupper() or detail["text"].startswith("{{"), f"{place}: {detail['text']}")
                self.assertTrue(detail["text"].endswith("."), f"{place}: {detail['text']}")
                for reference in references:
                    kind, _, level = reference.partition(":")
                    if kind in ("level", "label"):
                        factor, _, value = level.partition(".")
                        self.assertIn(value, map(str, document["factors"][factor]["levels"]), f"{place}: {reference}")
                        continue
                    name = reference.removeprefix("text:").removeprefix("template.")
                    self.assertIn(name, document["facts"], place)
                    self.assertEqual(reference.startswith("text:"), document["facts"][name]["kind"] == "text", place)
                self.assertLessEqual(set(detail.get("metrics", [])), metrics, place)

    def test_PopulationHasNoDigitBeforeItsFirstComma(self):
        for place, _, document in each():
            self.assertFalse(re.search(r"\d", document["population"].split(",")[0]), place)


if __name__ == "__main__":
    unittest.main()
