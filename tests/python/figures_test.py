"""Figures: every kind is drawn, its table holds the data's numbers, and wrong data are named."""

import copy
import csv
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

from programs import FIGURES


def interval(mean, half):
    return {"mean": mean, "lower": mean - half, "upper": mean + half}


VALUES = {"gelu": [0.84, 0.86, 0.83, 0.87, 0.85], "relu": [0.82, 0.85, 0.81, 0.83, 0.84]}
DIFFERENCES = [0.02, 0.01, 0.02, 0.04, 0.01]
ARMS = {"axis": "accuracy", "unit": "fraction",
        "arms": [{"id": name, "label": name.upper(), "values": values, **interval(0.84, 0.02)}
                 for name, values in VALUES.items()]}
TESTED = {**ARMS, "scale": "logit", "smallest_effect": 0.125,
          "difference": {"label": "interaction", "under": "at 100 less at 400", "values": [0.1, -0.2, 0.05, 0.3, 0.0], **interval(0.05, 0.2)}}
PAIRED = {"axis": "accuracy", "unit": "fraction", "scale": "linear", "smallest_effect": 0.02,
          "baseline": {"label": "ReLU", "values": VALUES["relu"]},
          "treatment": {"label": "GELU", "values": VALUES["gelu"]},
          "difference": {"values": DIFFERENCES, **interval(0.02, 0.015)}}
FOREST = {"axis": "difference in accuracy", "unit": "fraction", "scale": "linear", "smallest_effect": 0.02,
          "rows": [{"id": "n1", "label": "n1: GELU − ReLU", "n": 5, "verdict": "", **interval(0.013, 0.03)},
                   {"id": "c1", "label": "c1: GELU − ReLU", "n": 14, "verdict": "refuted", **interval(0.003, 0.01)}]}
CURVES = {"axis": "training loss", "unit": "nats", "logarithmic": True,
          "arms": [{"id": "gelu", "label": "GELU", "points": [[10, 2.0, 1.9, 2.1], [20, 1.0, 0.9, 1.1]]},
                   {"id": "relu", "label": "ReLU",
                    "blocks": [[[10, 2.0], [20, 1.0]], [[10, 2.2], [20, 1.4]], [[10, 2.4], [20, 1.2]]]}]}
SIZES = {"axis": "accuracy", "unit": "fraction", "factor": "number of training images",
         "arms": [{"id": name, "label": name,
                   "levels": [{"level": level, **interval(0.6 + level / 4000, 0.03)} for level in (100, 200, 400)]}
                  for name in ("gelu", "relu")]}
TREE = {"question": "Does GELU beat ReLU?", "storyline": ["n1", "n3"],
        "nodes": [{"id": "n1", "parent": "", "label": "GELU is better", "stage": "research", "state": "done",
                   "score": 0.6, "verdict": "refuted"},
                  {"id": "n2", "parent": "", "label": "dropout helps", "stage": "research", "state": "failed",
                   "score": None, "verdict": ""},
                  {"id": "n3", "parent": "n1", "label": "$ at 100 images " * 9, "stage": "research", "state": "done",
                   "score": 0.25, "verdict": ""}]}
DOSE = {"axis": "accuracy", "unit": "fraction", "factor": "dropout rate", "reference": 0, "smallest_effect": 0.02,
        "levels": [{"level": level, "values": [0.8, 0.83, 0.86], **interval(0.83 - level / 4, 0.02)}
                   for level in (0, 0.1, 0.2, 0.4)]}
HEAT = {"axis": "accuracy", "unit": "fraction", "row_factor": "activation function", "column_factor": "architecture",
        "rows": ["GELU", "ReLU", "tanh"], "columns": ["ViT", "CNN"],
        "cells": [[interval(0.84, 0.02), interval(0.9, 0.01)], [interval(0.82, 0.02), None],
                  [interval(0.6, 0.04), interval(0.88, 0.02)]]}
DISTRIBUTIONS = {"axis": "accuracy", "unit": "fraction",
                 "arms": [{"id": name, "label": name.upper(), **interval(centre, 0.01),
                           "values": [centre + 0.03 * ((7 * i) % 20 - 9.5) / 10 for i in range(20)]}
                          for name, centre in (("gelu", 0.85), ("relu", 0.83))]}
ALL = {"dose": DOSE, "heat": HEAT, "distributions": DISTRIBUTIONS, "arms": ARMS, "paired": PAIRED, "forest": FOREST, "curves": CURVES, "sizes": SIZES, "tree": TREE}


class FiguresTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def draw(self, figures, name="results"):
        results = self.folder / name
        results.mkdir(exist_ok=True)
        source = self.folder / "figures.json"
        entries = [{"id": i, "kind": kind, "title": "", "data": data} for i, kind, data in figures]
        source.write_text(json.dumps({"figures": entries}))
        command = [sys.executable, str(FIGURES / "plot.py"), str(source), str(results)]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        return results, subprocess.run(command, capture_output=True, text=True, env=environment)

    def draw_all(self, name="results"):
        results, ended = self.draw([(kind, kind, data) for kind, data in ALL.items()], name)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        return results

    def table(self, results, kind):
        with open(results / f"{kind}.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def words(self, results, name):
        text = subprocess.run(["pdftotext", str(results / f"{name}.pdf"), "-"], capture_output=True, text=True, check=True)
        return " ".join(text.stdout.split())


class Files(FiguresTest):
    def test_NothingIsLeftInTheTemporaryFolder(self):
        temporary = self.folder / "temporary"
        temporary.mkdir()
        source = self.folder / "figures.json"
        source.write_text(json.dumps({"figures": [{"id": "f", "kind": "arms", "title": "", "data": ARMS}]}))
        results = self.folder / "results"
        results.mkdir()
        environment = {k: v for k, v in os.environ.items() if k != "MPLCONFIGDIR"}
        subprocess.run([sys.executable, str(FIGURES / "plot.py"), str(source), str(results)], check=True, capture_output=True,
                       env={**environment, "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"})
        self.assertTrue(list(results.iterdir()))
        self.assertEqual(list(temporary.iterdir()), [])

    def test_EveryKind_GivesVectorPictureAndTable(self):
        results = self.draw_all()
        for kind in ALL:
            pdf, png = (results / f"{kind}.pdf").read_bytes(), (results / f"{kind}.png").read_bytes()
            self.assertTrue(pdf.startswith(b"%PDF"), kind)
            self.assertIn(b"/FontFile2", pdf, kind)       # TrueType, embedded
            self.assertNotIn(b"/Subtype /Type3", pdf, kind)
            self.assertNotIn(b"/CreationDate", pdf, kind)
            self.assertNotIn(b"/Subtype /Image", pdf, kind)  # vector
            width, _ = struct.unpack(">II", png[16:24])
            self.assertIn(width, (660, 1240), kind)       # 3.3 and 6.2 inches at 200 dpi
        self.assertEqual(len(list(results.iterdir())), 3 * len(ALL))

    def test_LongLabels_AreWrittenOut(self):
        forest = copy.deepcopy(FOREST)
        forest["rows"][0]["label"] = "a comparison in one setting after another " * 6 + "to the very end"
        results, ended = self.draw([("forest", "forest", forest)])
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertIn("to the very end", self.words(results, "forest"))

    def test_LongLabelsOfAForest_BreakBeforeTheSetting(self):
        forest = copy.deepcopy(FOREST)
        forest["rows"][0]["label"] = "n1: gradient boosting model − linear model, 5 trees"
        results, ended = self.draw([("f1", "forest", forest)])
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        text = subprocess.run(["pdftotext", "-layout", str(results / "f1.pdf"), "-"], capture_output=True, text=True, check=True)
        self.assertNotRegex(text.stdout, "linear model, 5")
        self.assertIn("5 trees", text.stdout)

    def test_LongLabelsOfAForest_LeaveNoWordAloneOnItsLine(self):
        sys.path.insert(0, str(FIGURES))
        from kinds import forest
        data = copy.deepcopy(FOREST)
        data["rows"][0]["label"] = "n3: all three together − batch normalisation alone"
        labels = [label.get_text() for label in forest(data)[0].axes[0].get_yticklabels()]
        self.assertIn(data["rows"][0]["label"], labels)

    def test_LongLabelsOfATree_GoOnInFullAndEndAfterAWord(self):
        tree = copy.deepcopy(TREE)
        tree["question"] = "Does one thing help when it is asked at some length whether it helps? " * 2
        tree["nodes"][1]["label"] = "a comparison in one setting after another " * 3 + "to the very end"
        tree["nodes"][2]["label"] = "immeasurable comparisons " * 30
        results, ended = self.draw([("f1", "tree", tree)])
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        words = self.words(results, "f1")
        self.assertIn("to the very end", words)
        self.assertEqual(words.count("whether it helps?"), 2)
        self.assertRegex(words, "(immeasurable|comparisons) …")

    def colours(self, results, name):
        """The colours that a figure's PDF sets, as #RRGGBB."""
        found = set()
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", (results / f"{name}.pdf").read_bytes(), re.DOTALL):
            try:
                drawn = zlib.decompress(stream).decode("latin-1")
            except zlib.error:
                continue
            for colour in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", drawn):
                found.add("#" + "".join(f"{round(255 * float(part)):02X}" for part in colour))
        return found

    def test_AnArm_HasOneColourInEveryFigure(self):
        sys.path.insert(0, str(FIGURES))
        from style import COLOURS
        figures = [(kind, kind, copy.deepcopy(ALL[kind])) for kind in ("arms", "distributions", "curves", "sizes", "paired")]
        for kind, _, data in figures:
            sides = [data["baseline"], data["treatment"]] if kind == "paired" else data["arms"]
            sides[0]["look"], sides[1]["look"], sides[1]["variant"] = 4, 2, 1
        results, ended = self.draw(figures)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        for kind, _, _ in figures:
            used = self.colours(results, kind) & set(COLOURS)
            self.assertIn(COLOURS[4], used, kind)
            self.assertFalse(used & {COLOURS[0], COLOURS[1]}, kind)

    def test_Legends_StandAboveWhatIsDrawn(self):
        for kind in ("curves", "sizes"):
            results, _ = self.draw([("f1", kind, ALL[kind])])
            boxes = subprocess.run(["pdftotext", "-bbox", str(results / "f1.pdf"), "-"], capture_output=True, text=True,
                                   check=True).stdout
            tops = {word: float(top) for top, word in re.findall(r'yMin="([\d.]+)"[^>]*>([^<]+)</word>', boxes)}
            for label in [arm["label"] for arm in ALL[kind]["arms"]]:
                self.assertLess(tops[label], min(top for word, top in tops.items() if word[0].isdigit()), kind)

    def test_SameData_SameBytes(self):
        first, second = self.draw_all("first"), self.draw_all("second")
        for path in first.iterdir():
            self.assertEqual(path.read_bytes(), (second / path.name).read_bytes(), path.name)


class Tables(FiguresTest):
    def setUp(self):
        super().setUp()
        self.results = self.draw_all()

    def assert_interval(self, row, expected, mean="mean"):
        self.assertEqual([float(row[name]) for name in (mean, "lower", "upper")],
                         [expected[name] for name in ("mean", "lower", "upper")])

    def test_Arms(self):
        rows = self.table(self.results, "arms")
        for arm in ARMS["arms"]:
            own = [row for row in rows if row["arm"] == arm["id"]]
            self.assert_interval(own[0], arm, "value")
            self.assertEqual([float(row["value"]) for row in own[1:]], arm["values"])

    def test_ArmsWithWhatIsTestedOfThem(self):
        results, ended = self.draw([("tested", "arms", TESTED)], "tested")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        own = [row for row in self.table(results, "tested") if row["label"] == "interaction"]
        self.assert_interval(own[0], TESTED["difference"], "value")
        self.assertEqual([float(row["value"]) for row in own[1:-1]], TESTED["difference"]["values"])
        self.assertEqual((own[-1]["row"], float(own[-1]["value"])), ("smallest_effect", 0.125))
        self.assertIn("Interaction (log odds)", self.words(results, "tested"))
        self.assertIn("at 100 less at 400", self.words(results, "tested"))
        without = {**TESTED, "difference": {"label": "interaction", **interval(0.05, 0.2)}}
        _, ended = self.draw([("tested", "arms", without)], "without")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("data.difference", ended.stderr)

    def test_BlocksOfArmsUnderOneCondition_AreJoined(self):
        sys.path.insert(0, str(FIGURES))
        from kinds import arms
        four = {**copy.deepcopy(TESTED), "arms": [{**arm, "id": f"{arm['id']} {size}"} for size in (100, 400) for arm in ARMS["arms"]]}
        drawing, _, _ = arms(four)
        thin = [line.get_xydata() for line in drawing.axes[0].lines if line.get_linewidth() == 0.4]
        self.assertEqual([list(line[:, 1]) for line in thin[:5]],
                         [[100 * one, 100 * other] for one, other in zip(VALUES["gelu"], VALUES["relu"])])
        self.assertEqual(len(thin), 10)
        for line in thin:  # between the arms of a pair, never from one pair to the next
            self.assertIn((round(line[0, 0]), round(line[1, 0])), ((0, 1), (2, 3)))

    def test_Paired(self):
        rows = self.table(self.results, "paired")
        for name, values in (("baseline", VALUES["relu"]), ("treatment", VALUES["gelu"]), ("difference", DIFFERENCES)):
            self.assertEqual([float(row[name]) for row in rows[:5]], values)
        self.assertEqual({row["block"]: float(row["difference"]) for row in rows[5:]},
                         {"smallest_effect": 0.02,
                          **{name: PAIRED["difference"][name] for name in ("mean", "lower", "upper")}})

    def test_Forest(self):
        for row, expected in zip(self.table(self.results, "forest"), FOREST["rows"], strict=True):
            self.assert_interval(row, expected)
            self.assertEqual((row["id"], row["label"], row["verdict"], row["n"]),
                             (expected["id"], expected["label"], expected["verdict"], str(expected["n"])))

    def test_Curves_GivenPointsAndPointsFromBlocks(self):
        names = ("step", "mean", "lower", "upper")
        rows = [[float(row[name]) for name in names] for row in self.table(self.results, "curves")]
        self.assertEqual(rows[:2], CURVES["arms"][0]["points"])
        # 2.0, 2.2, 2.4: mean 2.2, sd 0.2; t(0.975, 2) = 4.302653; half width 4.302653 * 0.2 / sqrt(3)
        for found, expected in zip(rows[2], [10, 2.2, 2.2 - 0.496828, 2.2 + 0.496828]):
            self.assertAlmostEqual(found, expected, places=5)

    def test_Sizes(self):
        rows = iter(self.table(self.results, "sizes"))
        for arm in SIZES["arms"]:
            for cell in arm["levels"]:
                row = next(rows)
                self.assertEqual((row["arm"], float(row["level"])), (arm["id"], cell["level"]))
                self.assert_interval(row, cell)

    def test_Dose(self):
        rows = self.table(self.results, "dose")
        for cell in DOSE["levels"]:
            own = [row for row in rows if float(row["level"]) == cell["level"]]
            self.assert_interval(own[0], cell, "value")
            self.assertEqual([float(row["value"]) for row in own[1:]], cell["values"])

    def test_DoseOfContrasts_DrawsTheLevelHeldAgainstAtZero(self):
        data = {**copy.deepcopy(DOSE), "contrast": True, "axis": "difference in accuracy", "reference": 0.1}
        data["levels"] = [cell for cell in data["levels"] if cell["level"] != 0.1]
        results, ended = self.draw([("f1", "dose", data)])
        self.assertEqual(ended.returncode, 0, ended.stderr)
        rows = self.table(results, "f1")
        self.assertEqual([float(row["level"]) for row in rows if row["row"] == "mean"], [0, 0.2, 0.4])
        words = self.words(results, "f1")
        self.assertIn("Difference in accuracy (percentage points)", words)
        for level in ("0", "0.1", "0.2", "0.4"):  # the level held against has its place on the axis
            self.assertIn(level, words.split())

    def test_LongLabelsOfAxes_StandInsideTheFigure(self):
        sys.path.insert(0, str(FIGURES))
        from kinds import sizes
        from responses import dose, heat
        long = "number of warm-up steps at the beginning of a training run that goes on for longer than that"
        two_rows = {**copy.deepcopy(HEAT), "rows": HEAT["rows"][:2], "cells": HEAT["cells"][:2],
                    "row_factor": "number of warm-up steps", "column_factor": long}
        for kind, data in ((heat, two_rows), (dose, {**copy.deepcopy(DOSE), "factor": long}),
                           (sizes, {**copy.deepcopy(SIZES), "factor": long})):
            drawing, _, _ = kind(data)
            drawing.canvas.draw()
            for label in (drawing.axes[0].xaxis.label, drawing.axes[0].yaxis.label):
                box, page = label.get_window_extent(), drawing.bbox
                self.assertTrue(page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1,
                                f"{kind.__name__}: {label.get_text()!r} at {box} of {page}")

    def forest_axis(self, limit, intervals, ends=None):
        """Ends of a drawn forest's axis, the arrows at them, and whether its legend speaks of a cut."""
        sys.path.insert(0, str(FIGURES))
        from kinds import forest
        data = {**copy.deepcopy(FOREST), "unit": "decades", "smallest_effect": limit, "range": ends}
        data["rows"] = [{"id": "n1", "label": "n1", "n": 5, "verdict": "", **dict(zip(("mean", "lower", "upper"), one))}
                        for one in intervals]
        drawing, _, _ = forest(data)
        arrows = "".join(sorted(line.get_marker() for line in drawing.axes[0].lines if line.get_marker() in "<>"))
        legend = "".join(text.get_text() for text in drawing.legends[0].get_texts())
        return *drawing.axes[0].get_xlim(), arrows, "goes on" in legend

    def test_TheAxisOfAForest_HoldsEveryIntervalAndTheWholeBand(self):
        for limit, least, most in ((2, -2, 2), (0.1, -1, 0.9)):
            low, high, arrows, told = self.forest_axis(limit, [(0.1, 0.0, 0.2), (0.0, -1.0, 0.9)])
            self.assertLess(low, least)
            self.assertGreater(high, most)
            self.assertEqual((arrows, told), ("", False))

    def test_TheAxisOfAForest_EndsWhereTheDataSayWithAnArrowWhereAnIntervalGoesOn(self):
        intervals = [(0.1, 0.0, 0.2), (0.0, -50.0, 50.0), (-0.3, -0.9, -0.2)]
        self.assertEqual(self.forest_axis(0.1, intervals, [-0.5, 0.4]), (-0.5, 0.4, "<<>", True))
        self.assertEqual(self.forest_axis(0.1, intervals[:1], [-0.5, 0.4]), (-0.5, 0.4, "", False))

    def test_AForest_PrintsWhatTheTablesPrint(self):
        data = copy.deepcopy(FOREST)
        data["rows"][0].update(interval(-0.0775, 0.05), printed=["-7.7", "-12.8", "+0.02"])
        results, ended = self.draw([("f1", "forest", data)])
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("−7.7 [−12.8, +0.02]", self.words(results, "f1"))

    def test_BlocksOfADose_StandBesideTheirInterval(self):
        sys.path.insert(0, str(FIGURES))
        from responses import dose
        for levels in ((0, 0.1, 0.2, 0.4), (1, 2, 4, 16)):
            data = copy.deepcopy(DOSE)
            data["reference"] = levels[0]
            for cell, level in zip(data["levels"], levels):
                cell["level"] = level
            axes = dose(data)[0].axes[0]
            self.assertEqual(axes.get_xscale(), "linear" if levels[0] == 0 else "log")
            places = [list(line.get_xdata()) for line in axes.lines]
            ticks = places[0]  # of the line through the means
            points = [at[0] for at in places if len(at) == len(DOSE["levels"][0]["values"]) and len(set(at)) == 1]
            self.assertEqual(len(points), len(levels))
            for i, (point, tick) in enumerate(zip(points, ticks)):
                self.assertLess(point, tick)
                self.assertTrue(i == 0 or point > ticks[i - 1])

    def test_AnAxisIsLogarithmic_WhereTheDataSaySo(self):
        sys.path.insert(0, str(FIGURES))
        from kinds import sizes
        for told, scale in ((None, "log"), (True, "log"), (False, "linear")):
            data = copy.deepcopy(SIZES) if told is None else {**copy.deepcopy(SIZES), "logarithmic": told}
            self.assertEqual(sizes(data)[0].axes[0].get_xscale(), scale)

    def test_Numbers_HaveATrueMinusAndZeroNoSign(self):
        data = copy.deepcopy(FOREST)
        data["rows"][0].update(interval(-0.0001, 0.0301))
        results, ended = self.draw([("f1", "forest", data)])
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("0.0 [−3.0, +3.0]", self.words(results, "f1"))
        self.assertNotIn("−0.0", self.words(results, "f1"))
        data = {**copy.deepcopy(HEAT), "unit": "decades"}
        data["cells"][0][0] = interval(-0.84, 0.02)
        results, ended = self.draw([("f1", "heat", data)])
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("−0.84", self.words(results, "f1"))
        self.assertIn("Accuracy (decades)", self.words(results, "f1"))
        self.assertNotIn("-0.84", self.words(results, "f1"))

    def test_Heat_LeavesOutCellsWithoutTrials(self):
        rows = self.table(self.results, "heat")
        self.assertEqual([(row["row"], row["column"]) for row in rows],
                         [("GELU", "ViT"), ("GELU", "CNN"), ("ReLU", "ViT"), ("tanh", "ViT"), ("tanh", "CNN")])
        self.assert_interval(rows[3], HEAT["cells"][2][0])

    def test_Distributions_HaveEveryBlock(self):
        rows = [row for row in self.table(self.results, "distributions") if row["arm"] == "gelu"]
        values = DISTRIBUTIONS["arms"][0]["values"]
        self.assertEqual([float(row["value"]) for row in rows if row["row"].startswith("block")], values)
        self.assertEqual(len(rows), len(values) + 1, "and the mean: what is not in the data cannot be checked against them")

    def test_Tree_IsInDepthFirstOrder(self):
        rows = self.table(self.results, "tree")
        self.assertEqual([row["id"] for row in rows], ["n1", "n3", "n2"])
        self.assertEqual([row["score"] for row in rows], ["0.6", "0.25", ""])
        self.assertEqual([row["verdict"] for row in rows], ["refuted", "", ""])


class WrongData(FiguresTest):
    def test_FigureThatCannotBeDrawn_IsNamedAndTheOthersAreDrawn(self):
        results, ended = self.draw([("f1", "pie", {}), ("f2", "arms", ARMS), ("f3", "sizes", {"arms": [1]})])
        self.assertEqual(ended.returncode, 1)
        self.assertIn("figure f1 (pie): kind 'pie' is unknown", ended.stderr)
        self.assertIn("figure f3 (sizes): data.arms[0] must be an object", ended.stderr)
        self.assertEqual(sorted(path.name for path in results.iterdir()), ["f2.csv", "f2.pdf", "f2.png"])

    def assert_refused(self, kind, words, change):
        data = copy.deepcopy(ALL[kind])
        change(data)
        results, ended = self.draw([("f1", kind, data)])
        self.assertEqual(ended.returncode, 1)
        self.assertIn(words, ended.stderr)
        self.assertEqual(list(results.iterdir()), [])

    def test_WrongMembers_AreNamed(self):
        self.assert_refused("arms", "data.arms[1].mean must be a finite number", lambda d: d["arms"][1].pop("mean"))
        self.assert_refused("arms", "lower <= mean <= upper", lambda d: d["arms"][0].update(lower=0.9))
        self.assert_refused("paired", "a value for each block", lambda d: d["baseline"]["values"].pop())
        self.assert_refused("forest", "verdict 'proved' is unknown", lambda d: d["rows"][0].update(verdict="proved"))
        self.assert_refused("forest", "data.rows[0].printed must be three texts", lambda d: d["rows"][0].update(printed=["1"]))
        self.assert_refused("forest", "data.rows is empty", lambda d: d.update(rows=[]))
        self.assert_refused("forest", "data.range must be two numbers in order", lambda d: d.update(range=[1, 0]))
        self.assert_refused("forest", "data.range must be two numbers in order", lambda d: d.update(range=[1]))
        self.assert_refused("curves", "no step in common",
                            lambda d: d["arms"][1].update(blocks=[[[1, 2.0]], [[2, 2.0]]]))
        self.assert_refused("sizes", "data.factor must be text", lambda d: d.pop("factor"))
        self.assert_refused("dose", "data.reference is none of the levels", lambda d: d.update(reference=0.3))
        self.assert_refused("dose", "a level is there twice", lambda d: d["levels"][1].update(level=0))
        self.assert_refused("dose", "one of the levels that are held against it", lambda d: d.update(contrast=True))
        self.assert_refused("heat", "a cell for each of columns", lambda d: d["cells"][0].pop())
        self.assert_refused("distributions", "needs four blocks", lambda d: d["arms"][0].update(values=[0.8]))
        self.assert_refused("tree", "parent n9 of n3 is no node", lambda d: d["nodes"][2].update(parent="n9"))
        self.assert_refused("arms", "data.arms[0].look must be a whole number", lambda d: d["arms"][0].update(look="blue"))
        self.assert_refused("tree", "circle", lambda d: d["nodes"][0].update(parent="n3"))

    def test_AnIdIsNeverAPath(self):
        _, ended = self.draw([("../f1", "arms", ARMS)])
        self.assertEqual(ended.returncode, 1)
        self.assertFalse((self.folder / "f1.csv").exists())


if __name__ == "__main__":
    unittest.main()
