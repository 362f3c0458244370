"""The one style of every figure: sizes, fonts, colours, and files that are the same byte for byte each time."""

import logging
import os
import tempfile

# Before matplotlib: a sandbox's home may be read-only, so its cache has a folder of its own, which goes when the program ends.
if "MPLCONFIGDIR" not in os.environ:
    _CACHE = tempfile.TemporaryDirectory(prefix="figures-")
    os.environ["MPLCONFIGDIR"] = _CACHE.name

import matplotlib

matplotlib.use("Agg")

import matplotlib.font_manager
import matplotlib.pyplot as plt

# Inches: the width of a text column, and of the text of the narrowest page that figures are printed on, so that none is
# made smaller and its type stays at 7 pt or more.
COLUMN, PAGE = 3.3, 6.2

# Okabe and Ito's palette without its yellow, which is too faint on white. The first ones are apart in grey as well
# (lightness 46, 71, 0), and none of the first three means a verdict. Arms also differ in marker and line, so that a
# figure can be read without colour.
COLOURS = ["#0072B2", "#E69F00", "#000000", "#56B4E9", "#CC79A7", "#009E73", "#D55E00"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]
LINES = ["-", "--", "-.", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2))]
VARIANT_LINES = [":", (0, (1, 3)), (0, (6, 4)), (0, (2, 2)), (0, (4, 1, 1, 4)), (0, (1, 5)), (0, (8, 6))]
GREY, FAINT = "#666666", "#D9D9D9"

VERDICTS = {"supported": ("#009E73", "o"), "refuted": ("#D55E00", "s"), "equivalent": ("#8A4F9E", "D"),
            "inconclusive": ("#6E6E6E", "^"), "": ("#FFFFFF", "o")}

_CJK_FONTS = ["Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Source Han Sans SC",
              "Droid Sans Fallback"]


def apply():
    """Sets matplotlib's parameters. Text in Chinese needs one of the fonts above; without it, boxes are drawn."""
    # A font for Chinese has one weight; matplotlib 3.11 says so of each bold label.
    logging.getLogger("matplotlib.font_manager").addFilter(lambda record: "font weight" not in record.getMessage())
    installed = {font.name for font in matplotlib.font_manager.fontManager.ttflist}
    plt.rcParams.update({
        "font.family": ["DejaVu Sans"] + [name for name in _CJK_FONTS if name in installed][:1],
        "font.size": 7.5, "axes.labelsize": 8, "axes.titlesize": 8, "xtick.labelsize": 7.5, "ytick.labelsize": 7.5,
        "legend.fontsize": 7.5, "axes.linewidth": 0.6, "xtick.major.width": 0.6, "ytick.major.width": 0.6,
        "xtick.minor.width": 0.4, "ytick.minor.width": 0.4,
        "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
        "lines.linewidth": 1.2, "lines.markersize": 4, "legend.frameon": False, "legend.handlelength": 2.4,
        "savefig.dpi": 200, "pdf.fonttype": 42, "ps.fonttype": 42,
        "axes.unicode_minus": True, "text.usetex": False, "text.parse_math": False,
        "axes.prop_cycle": matplotlib.cycler(color=COLOURS)})


class Look:
    """Colour, marker, line and fill of an arm. The paper says which place among the looks an arm has (`look`), the same
    in all its figures, and under which condition it ran (`variant`; from the second on hollow). Without, arms have the
    looks of their places in the figure. The lists are reused from their start."""

    def __init__(self, arm, place):
        at, variant = arm.get("look", place), arm.get("variant", 0)
        self.colour, self.marker = COLOURS[at % len(COLOURS)], MARKERS[at % len(MARKERS)]
        self.line = (VARIANT_LINES if variant else LINES)[at % len(LINES)]
        self.fill = "white" if variant else self.colour


def save(figure, stem):
    """Writes <stem>.pdf and <stem>.png without dates or versions of programs in them, and closes the figure."""
    figure.savefig(f"{stem}.pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None})
    figure.savefig(f"{stem}.png", metadata={"Software": None})
    plt.close(figure)
