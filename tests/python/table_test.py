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
sys.path[:0] = [str(TABULAR), str(programs.TEMPLATES / "shared")]
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
        self.assertEqual(found.notes, ["of the 102 rows of the file, 1 is left out: it has no value of price"])

    def test_reads_semicolons_decimal_commas_quotes_and_other_encodings(self):
        body = "".join(f'{i},5;"gr\u00fcn; hell";{i}\n' for i in range(90))
        found = self.read(("a;b;price\n" + body).encode("cp1252").replace(b"hell\"", b"hell\"", 1) + b"1,5;x;2\n")
        self.assertEqual(found.columns["a"].values[1], 1.5)
        self.assertEqual(self.read(b"\xef\xbb\xbf" + (HEADER + rows()).encode()).columns["size"].values[0], 0.0)

    def test_the_sign_of_decimals_is_that_of_the_whole_column(self):
        def semicolons(*fields):
            return "a;b;price\n" + "".join(f"{fields[i % len(fields)]};{i};{i}\n" for i in range(90))
        for fields, values in ((("1.724,2", "2.782", "1.380", "216"), [1724.2, 2782.0, 1380.0, 216.0]),
                               (("0,5", "1.234.567", "12,"), [0.5, 1234567.0, 12.0]),
                               (("1,724.2", "2,782", "0.5"), [1724.2, 2782.0, 0.5]),
                               (("2.782", "0.5", "-1.5e3"), [2.782, 0.5, -1500.0]), (("2.782", "0.782"), [2.782, 0.782])):
            found = self.read(semicolons(*fields))
            self.assertEqual((found.columns["a"].values[:len(values)], found.notes), (values, []))
        found = self.read(semicolons("2.782", "436"))
        self.assertEqual(found.columns["a"].values[:2], [2.782, 436.0])
        self.assertEqual(found.notes, ["the point in values of the column a such as 2.782 is read as a decimal point, and "
                                       "not as one that divides thousands"])
        self.refused(semicolons("2.782", "436").replace("9;9\n", "9,5;9\n"), "'a'", "'2.782'", "other columns have decimal commas",
                     "without a sign for thousands", "with decimal commas")
        beside = "\n".join(f"1,234;{i}.5;{i}" for i in range(90))
        self.refused(f"a;b;price\n{beside}\n", "'a'", "'1,234'", "other columns have decimal points")
        found = self.read("a;b;price\n" + "".join(f"{(436, 2.782)[i % 2]};1,724.{i};{i}\n" for i in range(1, 90)))
        self.assertEqual((found.columns["a"].values[0], found.columns["b"].values[0]), (2.782, 1724.1))
        self.refused(semicolons("1,5", "2,5", "3,5", "4,5", "5,5", "1.5"), "'a'", "but for '1.5'", "correct it")

    def test_numbers_are_what_tables_call_so_and_not_all_that_python_reads(self):
        for field, value in (("1", 1.0), ("-1.5", -1.5), ("+.5", 0.5), ("2.", 2.0), ("1e3", 1000.0), ("1.5E-2", 0.015), (" 7 ", 7.0)):
            self.assertEqual(table.number(field), value, field)
        for field in ("1_2", "1_000.5", "\u0663", "\uff13", "1e\u0663", "nan", "inf", "-Infinity", "1e999", "", ".", "e5", "1,5", "0x1", "1 2"):
            self.assertIsNone(table.number(field), field)
        for field in ("1_234,5", "\u0661,5", "1.\u0662\u0663\u0664,5"):
            self.assertIsNone(table.number(field, ","), field)
        body = "".join(f"{1 + i % 3}_{i % 2},{i}\n" for i in range(90))
        found = self.read("batch,price\n" + body)
        self.assertFalse(found.columns["batch"].numeric)
        self.assertEqual(found.columns["batch"].values[0], "1_0")

    def test_few_values_are_classes(self):
        found = self.read(HEADER + rows(), "colour")
        self.assertEqual((found.kind, found.classes), ("classification", ["blue", "red"]))

    def test_notes_say_of_all_that_is_left_out_how_much_it_is(self):
        self.addCleanup(setattr, table, "MOST_ROWS", table.MOST_ROWS)
        table.MOST_ROWS = 90
        body = "".join(f"{line},x,,5\n" for line in rows().splitlines())
        found = self.read("size,colour,price,kind,none,all\n" + body + "1,red,,x,,5\n2,red,NA,x,,5\n")
        self.assertEqual(len(found), 90)
        self.assertEqual(found.notes, [
            "of the 102 rows of the file, 2 are left out: they have no value of price",
            "of the 100 others, 90 are used, the most that a study takes, chosen by a hash of their content",
            "the columns kind, none and all are left out: they have no two different values in the rows that are used"])
        self.assertEqual(self.read(HEADER + rows()).notes[0].split(",")[:2], ["of the 100 rows of the file", " 90 are used"])

    def test_names_that_could_be_taken_for_several_are_quoted_in_lists(self):
        self.assertEqual(table.listed(["id", "size, cm", 'a "b"', "salt and pepper", "colour"]),
                         "id, \u201csize, cm\u201d, \u201ca \"b\"\u201d, \u201csalt and pepper\u201d and colour")
        self.assertEqual(table.listed([f"c{i}" for i in range(13)]), ", ".join(f"c{i}" for i in range(12)) + " and c12")
        self.assertEqual(table.listed([f"c{i}" for i in range(14)]), ", ".join(f"c{i}" for i in range(12)) + " and 2 more")
        self.refused('"size, cm",colour,price\n' + rows(), "columns are \u201csize, cm\u201d, colour, price", target="pryce")
        found = self.read('size,"a, b",price\n' + rows().replace(",red,", ",1,").replace(",blue,", ",1,"))
        self.assertEqual(found.notes[0].split(":")[0], "the column \u201ca, b\u201d is left out")

    def test_refuses_by_name_and_says_what_to_do(self):
        self.refused(HEADER + rows(), "no column 'prise'", "did you mean 'price'", "size, colour, price", target="prise")
        self.refused(HEADER + rows(), "--target", target="")
        self.refused(HEADER + rows(10), "10 rows", "needs 80", "add rows")
        self.refused(HEADER, "no rows", "needs 80")
        self.refused(HEADER + rows() + "abc,red,1\n", "'size'", "'abc'", "line 102", "correct it")
        self.refused(HEADER + rows() + "x" * 999 + ",red,1\n", "'" + "x" * 59 + "\u2026'")
        self.refused(HEADER + rows() + "1,2\n", "line 102 has 2 fields, the first line 3", "holds a comma in quotation marks")
        self.refused("size,size,price\n" + rows(), "two columns are called 'size'", "rename one")
        self.refused("1,2,3\n" + rows(), "must name the columns", "put such a line before it")
        self.refused("size,,price\n" + rows(), "column 2 has no name", "name it")
        self.refused("".join(f"{i}\n" for i in range(99)), "no comma", "with one of these between them")
        self.refused("n,price\n" + "".join(f"name{i},{i}\n" for i in range(99)), "'n'", "99 different values", "leave it out")
        self.refused(HEADER + rows() + "1,green,2\n", "'green'", "1 row;", "leave those rows out", target="colour")
        self.refused("a,price\n" + "5,1\n6,1\n" * 50, "'price'", "one value only", "--target")
        self.refused("a,price\n" + "".join(f"{i},p{i % 13}\n" for i in range(99)), "13 values", "group its values")
        self.refused(",".join(f"c{i}" for i in range(201)) + "\n" + "1," * 200 + "1\n", "201 columns", "leave those out")
        self.refused(b"PK\x03\x04\0\0,\0", "not a workbook", "save the table as CSV")
        self.refused(b"\xff\xfea", "no comma")
        self.refused("", "it is empty", "whose first line names the columns")
        self.refused(" \n\n", "it is empty")
        self.refused("a,price\n" + "5,1\n" * 50 + "5,2.5\n" * 50, "no column is left", "give a table")

    def test_a_quotation_mark_that_is_not_closed_is_named_with_its_line(self):
        for body in ('7,"red,1\n' + rows(), rows() + '7,"red,1\n', '7,"red,1\n' + "x" * 200000 + "\n"):
            line = body.split('"')[0].count("\n") + 2
            self.refused(HEADER + body, f"a quotation mark is opened in line {line} and never closed", "close it")
        self.refused('size,"colour,price\n' + rows(), "opened in line 1 and")
        self.refused(HEADER + '"7\n7","red,1\n' + rows(), "opened in line 3 and")
        self.refused(HEADER + '7,"red,1\n8,red,1\n9,red,"1"\n' + rows(),
                     "from line 2 to line 4 has 2 fields", "a quotation mark in line 2", "close it")
        found = self.read(HEADER + '7,"r\ned",1\n' + rows())
        self.assertEqual((found.columns["colour"].values[0], len(found)), ("r\ned", 101))
        self.refused(HEADER + '7,"r\ned",1\n' + rows() + "7,red\n", "line 104 has 2 fields")

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
            environment = {"AISCI_RESULTS": str(cls.folder / name), "PYTHONDONTWRITEBYTECODE": "1",
                           "PYTHONPATH": str(programs.TEMPLATES / "shared")}
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

    def test_SplitsHoldTheRowsThatAreStated(self):
        for name in SHIPPED:
            self.assertEqual(json.loads((self.folder / name / "splits.json").read_text())["counts"],
                             variant(name)["dataset"]["splits"], name)

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

    def describe(self, text, target):
        """The patch and the notes on another table than the example."""
        (self.folder / "data/data.csv").write_text(text, encoding="utf-8")
        (self.folder / "request.json").write_text(json.dumps({"file": "data.csv", "name": "own.csv", "target": target}))
        self.run_program("describe.py")
        return json.loads((self.folder / "results/description.json").read_text())

    def run_program(self, name, *words):
        environment = {"AISCI_JOB": str(self.folder), "AISCI_DATA": str(self.folder / "data"),
                       "AISCI_RESULTS": str(self.folder / "results"), "PYTHONDONTWRITEBYTECODE": "1",
                       "PYTHONPATH": str(programs.TEMPLATES / "shared")}
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

    def test_columns_are_called_by_their_letters_in_any_script(self):
        names = ["\u8eab\u9ad8", "\u0412\u0435\u0441", "prix \u20ac", "L\u00e4nge", "\u20ac", "\u20ac/$", "x_1"]
        body = "".join(",".join(str((i * (k + 3)) % 11) for k in range(len(names))) + f",{i}.5\n" for i in range(120))
        factor = self.describe(",".join(names) + ",y\n" + body, "y")["patch"]["factors"]["columns"]
        words = [set(factor["level_words"][f"c{i}"]) for i in range(1, 8)]
        self.assertLessEqual({"column \u8eab\u9ad8", "without \u8eab\u9ad8", "\u8eab\u9ad8"}, words[0])
        self.assertLessEqual({"column \u0432\u0435\u0441", "column \u0412\u0435\u0441", "leaving out \u0432\u0435\u0441"}, words[1])
        self.assertLessEqual({"column prix", "column prix \u20ac", "prix column", "prix"}, words[2])
        self.assertLessEqual({"column l\u00e4nge", "l\u00e4nge"}, words[3])
        self.assertLessEqual({"column \u20ac", "without \u20ac"}, words[4])
        self.assertIn("column \u20ac/$", words[5])
        self.assertLessEqual({"column x 1", "column x_1"}, words[6])
        for one in words:
            self.assertFalse([word for word in one if word != word.strip() or word in ("column", "without", "no")])

    def test_the_splits_that_are_told_are_those_that_equal_rows_leave(self):
        body = "".join(f"{i % 6},{'red' if i % 5 else 'blue'},{i % 7 % 2}\n" for i in range(400))
        description = self.describe("a,b,y\n" + body, "y")
        told = description["patch"]["dataset"]["splits"]
        self.assertNotEqual(told, {"train": 200, "validation": 100, "confirmation": 100})
        self.assertEqual(sum(told.values()), 400)
        note = (f"rows that are equal in all columns are not parted, so the 400 rows are divided into {told['train']} to learn "
                f"from, {told['validation']} for validation and {told['confirmation']} for confirmation")
        self.assertEqual(description["notes"], [note])
        self.assertIn(note[1:], description["patch"]["facts"]["about"]["value"])
        self.assertEqual(description["patch"]["factors"]["train_size"]["levels"][-1], int(told["train"] * 0.8))
        self.run_program("prepare.py", *description["patch"]["prepare"][2:])
        self.assertEqual(json.loads((self.folder / "results/splits.json").read_text())["counts"], told)
        for split in ("validation", "confirmation"):
            labels = json.loads((self.folder / f"results/labels/{split}.json").read_text())["labels"]
            self.assertEqual(len(labels), told[split])

    def test_a_table_whose_equal_rows_leave_no_split_is_refused(self):
        refused = self.describe("a,b,y\n" + "1,2,3.5\n" * 170 + "".join(f"{i},1,{i}.5\n" for i in range(20)), "y")["refused"]
        self.assertIn("of its 190 rows only 21 are different", refused)
        self.assertIn("leave repeated rows out", refused)
        refused = self.describe("a,b,y\n" + "".join(f"{i % 2},{i % 3},{i % 7 % 2}\n" for i in range(400)), "y")["refused"]
        self.assertIn("of its 400 rows only 12 are different", refused)
        self.assertIn("16 rows, 4 of them different", refused)

    def test_whole_numbers_are_classes_told_as_the_file_has_them(self):
        body = "".join(f"{i % 7 + i % 2},{i},{i % 2}\n" for i in range(120))
        for text in ("a,b,y\n" + body, "a,b,y\n" + re.sub(r",(\d)\n", r",\1.0\n", body)):
            patch = self.describe(text, "y")["patch"]
            self.assertEqual((patch["metric"], patch["dataset"]["classes"]), ("accuracy", 2))
            self.assertEqual(patch["facts"]["about"]["value"],
                             "The classes are 0 and 1; nothing was said of where the rows come from")
            self.run_program("prepare.py", *patch["prepare"][2:])
            labels = json.loads((self.folder / "results/labels/validation.json").read_text())["labels"]
            self.assertEqual(set(labels), {0, 1})
        refused = self.describe("a,b,y\n" + body + "1,1,7\n", "y")["refused"]
        self.assertIn("the value '7' of 'y' stands in 1 row;", refused)

    def test_the_paper_is_told_what_of_the_file_is_left_out(self):
        quoted = '"two, or more"'
        lines = "".join(f'{i},{i % 5},3,{"one" if i % 2 else quoted}\n' for i in range(110))
        description = self.describe('"size, cm",b,fixed,y\n' + lines + "1,2,3,\n" * 20, "y")
        facts = {name: fact["value"] for name, fact in description["patch"]["facts"].items()}
        self.assertEqual(facts["about"], (
            "The classes are one and \u201ctwo, or more\u201d; nothing was said of where the rows come from. Of the 130 rows "
            "of the file, 20 are left out: they have no value of y. The column fixed is left out: it has no two different "
            "values in the rows that are used"))
        self.assertEqual((facts["columns"], facts["column_names"]), (2, "\u201csize, cm\u201d and b"))
        self.assertEqual(description["patch"]["dataset"]["examples"], 110)
        self.assertEqual(len(description["notes"]), 2)
        self.assertIn("all columns but \u201csize, cm\u201d", description["patch"]["factors"]["columns"]["labels"].values())

    def test_a_column_whose_texts_are_all_missing_in_the_training_rows_stays_a_column(self):
        column = table.Column("soil", [None, None, "clay", "sand"], False)
        prepare = programs.load("tabular", "prepare")
        self.assertEqual(prepare.indicators(column, [0, 1]), [[0.0, 0.0, 0.0, 0.0]])
        self.assertEqual(prepare.indicators(column, [0, 2]), [[0.0, 0.0, 1.0, 0.0]])

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
        missing = sum(field in ("", "NA") for line in lines for field in line.split(","))
        self.assertIn(f"{missing} of the numbers are missing, and a missing number becomes the column's median on the rows that a trial learns from",
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
