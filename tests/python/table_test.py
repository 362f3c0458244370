"""The template tabular: tables that are read, tables that are refused and why, and one whole trial."""

import contextlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import programs
from template_description_test import patched

TABULAR = programs.ROOT / "plugins/agents/design/templates/tabular"
sys.path.insert(0, str(TABULAR))
import table  # noqa: E402

HEADER = "size,colour,price\n"


def rows(count=100):
    return "".join(f"{i},{'red' if i % 3 else 'blue'},{i * 1.5 + i % 7}\n" for i in range(count))


class Tables(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.folder = pathlib.Path(home.name)

    def read(self, text, target="price"):
        path = self.folder / "data.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return table.read(path, target)

    def refused(self, text, *words, target="price"):
        with self.assertRaises(table.Refused) as caught:
            self.read(text, target)
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_reads_numbers_text_and_missing_values(self):
        found = self.read(HEADER + rows() + "NA,,7\n?,blue,\n")
        self.assertEqual((found.kind, len(found)), ("regression", 101))
        self.assertTrue(found.columns["size"].numeric)
        self.assertIsNone(found.columns["size"].values[-1])
        self.assertIsNone(found.columns["colour"].values[-1])
        self.assertEqual(found.notes, ["1 rows are left out: they have no value of price"])

    def test_reads_semicolons_decimal_commas_quotes_and_other_encodings(self):
        body = "".join(f'{i},5;"gr\u00fcn; hell";{i}\n' for i in range(90))
        found = self.read(("a;b;price\n" + body).encode("cp1252").replace(b"hell\"", b"hell\"", 1) + b"1,5;x;2\n")
        self.assertEqual(found.columns["a"].values[1], 1.5)
        self.assertEqual(self.read(b"\xef\xbb\xbf" + (HEADER + rows()).encode()).columns["size"].values[0], 0.0)

    def test_few_values_are_classes(self):
        found = self.read(HEADER + rows(), "colour")
        self.assertEqual((found.kind, found.classes), ("classification", ["blue", "red"]))

    def test_refuses_by_name_and_says_what_to_do(self):
        self.refused(HEADER + rows(), "no column 'prise'", "did you mean 'price'", "size, colour, price", target="prise")
        self.refused(HEADER + rows(), "--target", target="")
        self.refused(HEADER + rows(10), "10 rows", "needs 80")
        self.refused(HEADER + rows() + "abc,red,1\n", "'size'", "'abc'", "line 102")
        self.refused(HEADER + rows() + "1,2\n", "line 102 has 2 fields")
        self.refused("size,size,price\n" + rows(), "two columns are called 'size'")
        self.refused("1,2,3\n" + rows(), "must name the columns")
        self.refused("size,,price\n" + rows(), "column 2 has no name")
        self.refused("".join(f"{i}\n" for i in range(99)), "no comma")
        self.refused("n,price\n" + "".join(f"name{i},{i}\n" for i in range(99)), "'n'", "99 different values")
        self.refused(HEADER + rows() + "1,green,2\n", "'green'", "1 rows", target="colour")
        self.refused(b"PK\x03\x04\0\0,\0", "not a workbook")
        self.refused("a,price\n" + "5,1\n" * 50 + "5,2.5\n" * 50, "no column is left")

    def test_equal_rows_have_equal_hashes_and_others_not(self):
        found = self.read(HEADER + rows() + "0,blue,0.0\n")
        self.assertEqual(found.row_hash(0), found.row_hash(100))
        self.assertNotEqual(found.row_hash(0), found.row_hash(1))


SHIPPED = ("breast_cancer", "wine", "diabetes")
# What the programs set otherwise than scikit-learn does, and the words by which the paper says so.
CHANGED = {"LogisticRegression": {"C": "the inverse of its constant C", "max_iter": "two thousand iterations"},
           "Ridge": {"alpha": "its penalty alpha"},
           "SVC": {"C": "its constant C is the inverse"}, "SVR": {"C": "its constant C is the inverse"},
           "KNeighborsClassifier": {}, "KNeighborsRegressor": {},
           "RandomForestClassifier": {"n_estimators": "each of its trees", "max_depth": "the tree depth that the arm sets",
                                      "random_state": "drawn at random", "n_jobs": ""},
           "RandomForestRegressor": {"n_estimators": "each of its trees", "max_depth": "the tree depth that the arm sets",
                                     "random_state": "a bootstrap sample", "n_jobs": ""},
           "GradientBoostingClassifier": {"n_estimators": "the number of trees", "max_depth": "", "random_state": ""},
           "GradientBoostingRegressor": {"n_estimators": "adds trees", "max_depth": "", "random_state": ""}}


def variant(name):
    """A variant's description, with what it takes from the template."""
    return patched(programs.description("tabular"), programs.description("tabular")["variants"][name])


class Shipped(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        home = tempfile.TemporaryDirectory()
        cls.addClassCleanup(home.cleanup)
        cls.folder = pathlib.Path(home.name)
        for name in SHIPPED:
            environment = {"AISCI_RESULTS": str(cls.folder / name), "PYTHONDONTWRITEBYTECODE": "1"}
            (cls.folder / name).mkdir()
            subprocess.run([sys.executable, str(TABULAR / "prepare.py"), name], env=environment, check=True)

    def all_of(self, name):
        """Features and labels of all rows."""
        import numpy
        features, labels = [], []
        for split, file in (("train", "public/train"), ("validation", "public/validation"),
                            ("confirmation", "confirmation/confirmation")):
            with numpy.load(self.folder / name / f"{file}.npz") as stored:
                features.append(stored["features"])
                labels += stored["labels"].tolist() if split == "train" else json.loads(
                    (self.folder / name / f"labels/{split}.json").read_text())["labels"]
        return numpy.concatenate(features), labels

    def test_ColumnsAreAsTheyWereMeasured(self):
        for name in SHIPPED:
            features, _ = self.all_of(name)
            self.assertTrue((features >= 0).all(), f"{name}: centred")
            spread = features.std(axis=0)
            self.assertGreater(spread.max() / spread.min(), 50, f"{name}: brought to one scale")
        self.assertEqual(set(self.all_of("diabetes")[0][:, 1]), {1, 2}, "sex, as it is said to be coded")

    def test_ChanceAndClassesAreThoseOfAllRows(self):
        for name in SHIPPED:
            described, (features, labels) = variant(name), self.all_of(name)
            self.assertEqual((len(labels), features.shape[1]),
                             (described["dataset"]["examples"], described["facts"]["columns"]["value"]))
            about, metrics = described["facts"]["about"]["value"], described["metrics"]
            if "accuracy" in metrics:
                counts = [labels.count(label) for label in sorted(set(labels))]
                self.assertAlmostEqual(metrics["accuracy"]["chance"], max(counts) / len(labels), places=4)
                self.assertEqual([int(word) for word in re.findall(r"\d+", about)], counts)
            else:
                self.assertIn(f"from {min(labels):.0f} to {max(labels):.0f}", about)
                mean = sum(labels) / len(labels)
                spread = (sum((label - mean) ** 2 for label in labels) / len(labels)) ** 0.5
                self.assertAlmostEqual(metrics["rmse"]["chance"], spread, places=1)

    def test_EverySettingThatTheProgramsChangeIsSaid(self):
        models, details = programs.load("tabular", "models"), programs.description("tabular")["details"]
        config = {"regularisation": 10, "depth": 2, "trees": 20}
        for build in (models.classifier, models.regressor):
            for name in ("linear", "forest", "boosting", "knn", "svm"):
                made = build({**config, "model": name}, 1)
                kind, usual = type(made).__name__, type(made)().get_params()
                changed = {key for key, value in made.get_params().items() if value != usual[key]}
                self.assertEqual(changed, set(CHANGED[kind]), kind)
                said = [detail["text"] for detail in details if f"({kind})" in detail["text"]]
                self.assertEqual(len(said), 1, kind)
                for words in CHANGED[kind].values():
                    self.assertIn(words, said[0], kind)

    def test_FeatureNoiseIsMeasuredOnTheRowsThatATrialLearnsFrom(self):
        import numpy
        folder = self.folder / "noise"
        folder.mkdir()
        features = numpy.zeros((40, 2))
        features[0, 0] = 1e6  # a row that not every seed draws
        features[:, 1] = numpy.nan
        numpy.savez(folder / "train.npz", features=features, labels=numpy.arange(40.0))
        numpy.savez(folder / "validation.npz", features=features[1:9])
        (folder / "columns.json").write_text(json.dumps(
            {"kind": "regression", "columns": ["a", "b"], "origins": ["a", "b"]}))
        config = {"model": "knn", "regularisation": 1, "depth": 4, "trees": 5, "scaling": "none", "feature_noise": 2,
                  "label_noise": 0, "train_size": 12, "columns": "all"}
        trials = [programs.trial(f"t{seed}", "noisy", seed=seed, **config) for seed in range(6)]
        ran = programs.run(folder, TABULAR / "experiment.py", trials, folder)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        means = [programs.result(folder, one["id"])["curves"]["training_mean"][0][1] for one in trials]
        self.assertEqual({mean == 0 for mean in means}, {True, False}, means)
        self.assertGreaterEqual(sum(mean == 0 for mean in means), 2, "without the row the column never varies")


class OwnTable(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.folder = pathlib.Path(home.name)
        (self.folder / "data").mkdir()
        (self.folder / "results").mkdir()
        example = programs.ROOT / "examples/questions/plots.csv"
        (self.folder / "data/data.csv").write_bytes(example.read_bytes())
        (self.folder / "request.json").write_text(json.dumps({"file": "data.csv", "name": "plots.csv",
                                                              "target": "yield_t"}))

    def run_program(self, name, *words):
        environment = {"AISCI_JOB": str(self.folder), "AISCI_DATA": str(self.folder / "data"),
                       "AISCI_RESULTS": str(self.folder / "results"), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run([sys.executable, str(TABULAR / name), *words], env=environment, capture_output=True,
                              text=True, check=True)

    def test_is_described_prepared_and_fitted(self):
        self.run_program("describe.py")
        patch = json.loads((self.folder / "results/description.json").read_text())["patch"]
        self.assertEqual((patch["metric"], patch["dataset"]["examples"]), ("r2", 240))
        self.assertEqual(patch["factors"]["columns"]["role"], "input")
        self.assertIn("all columns but soil", patch["factors"]["columns"]["labels"].values())
        self.assertIn("dropping soil", patch["factors"]["columns"]["level_words"]["c3"])
        shipped = programs.description("tabular")["variants"]["diabetes"]["factors"]["model"]
        self.assertEqual(patch["factors"]["model"], shipped, "a quantity is studied alike, whosever it is")
        facts = {name: fact["value"] for name, fact in patch["facts"].items()}
        self.assertEqual((facts["columns"], facts["column_names"]),
                         (5, "rain_mm, nitrogen_kg, soil, temperature_c and plot_code"))
        self.assertEqual(facts["about"], "What is predicted is a number, in the table's own unit; nothing was said of where the rows come from")
        self.assertIn("4 are columns of numbers and soil is of text, which becomes an indicator", facts["column_kinds"])
        self.run_program("prepare.py", *patch["prepare"][2:])
        labels = json.loads((self.folder / "results/labels/validation.json").read_text())["labels"]
        self.assertEqual(len(labels), patch["dataset"]["splits"]["validation"])
        config = {"model": "forest", "regularisation": 1, "depth": 4, "trees": 5, "scaling": "standard",
                  "feature_noise": 0, "label_noise": 0, "train_size": 48, "columns": "all"}
        less = {**config, "columns": "c1"}
        data = self.folder / "results/public"
        ran = programs.run(self.folder, TABULAR / "experiment.py",
                           [programs.trial("t001", "all", **config), programs.trial("t002", "c1", **less),
                            programs.trial("t003", "all", seed=8, **config)], data)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        found = [programs.result(self.folder, name)["predictions"]["values"] for name in ("t001", "t002", "t003")]
        self.assertEqual([len(values) for values in found], [60, 60, 60])
        self.assertNotEqual(found[0], found[1])
        self.assertNotEqual(found[0], found[2])
        with contextlib.suppress(FileNotFoundError):
            self.assertFalse(any("labels" in path.name for path in data.iterdir()))


    def test_a_missing_number_becomes_the_median_of_the_rows_that_a_model_is_fitted_to(self):
        from numpy import array, nan
        models = programs.load("tabular", "models")
        config = {"model": "forest", "regularisation": 1, "depth": 4, "trees": 5, "scaling": "standard"}
        features = array([[1.0, nan], [2.0, nan], [nan, nan], [3.0, nan], [9.0, nan], [30.0, nan]])
        for kind, labels in (("regression", array([1.0, 2, 3, 4, 5, 6])), ("classification", array([0, 0, 1, 1, 1, 0]))):
            for name in ("linear", "forest", "boosting", "knn", "svm"):
                fitted = models.build(kind, {**config, "model": name}, 1).fit(features, labels)
                missing, median, other = fitted.predict(array([[nan, 5.0], [3.0, 5.0], [40.0, 5.0]]))
                self.assertEqual(missing, median, f"{kind}, {name}")
                self.assertTrue(kind == "classification" or missing != other, f"{kind}, {name}")

    def test_prepared_tables_leave_numbers_missing_so_that_trials_learn_what_stands_for_them(self):
        import numpy
        lines = (self.folder / "data/data.csv").read_text().splitlines()
        place = lines[0].split(",").index("nitrogen_kg")
        for i in range(1, len(lines), 7):
            fields = lines[i].split(",")
            lines[i] = ",".join(fields[:place] + ["NA"] + fields[place + 1:])
        (self.folder / "data/data.csv").write_text("\n".join(lines) + "\n")
        self.run_program("describe.py")
        patch = json.loads((self.folder / "results/description.json").read_text())["patch"]
        self.assertIn("a missing number becomes the column's median on the rows that a trial learns from",
                      patch["facts"]["column_kinds"]["value"])
        self.run_program("prepare.py", *patch["prepare"][2:])
        data = self.folder / "results/public"
        with numpy.load(data / "train.npz") as file:
            features = file["features"]
        self.assertTrue(numpy.isnan(features).any())
        config = {"model": "knn", "regularisation": 1, "depth": 4, "trees": 5, "scaling": "none", "feature_noise": 0.3,
                  "label_noise": 0, "train_size": 48, "columns": "all"}
        ran = programs.run(self.folder, TABULAR / "experiment.py", [programs.trial("t001", "all", **config)], data)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(len(programs.result(self.folder, "t001")["predictions"]["values"]), 60)


if __name__ == "__main__":
    unittest.main()
