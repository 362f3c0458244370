"""The search tree as an indented list: a row for each node, so that labels never meet, however large the tree. A label
takes the lines that it needs, three at most, all in one size."""

import matplotlib.pyplot as plt
from matplotlib.lines import Line2D

import style
from shapes import FigureError, member, objects, optional_number

ROW = 0.185         # inches of a row of one line
LINE = 0.125        # of each line more
MOST_LINES = 3
INDENT = 0.2
TEXT_RIGHT = 4.85   # where labels end and the bars of the scores begin
BAR = 0.95          # inches of a score of one


def _in_order(data):
    """(node, depth) in depth-first order, children in the order of the document."""
    nodes, children = {}, {}
    for place, node in objects(data, "nodes"):
        identity = member(node, place, "id", str)
        if identity in nodes:
            raise FigureError(f"{place}.id {identity} is there twice")
        verdict, score = node.get("verdict") or "", optional_number(node, place, "score")
        if verdict not in style.VERDICTS:
            raise FigureError(f"{place}.verdict {verdict!r} is unknown")
        parent = node.get("parent") or ""
        nodes[identity] = {"id": identity, "label": member(node, place, "label", str), "parent": parent,
                           "verdict": verdict, "score": score, "stage": node.get("stage") or "",
                           "state": node.get("state") or "done"}
        children.setdefault(parent, []).append(identity)
    for node in nodes.values():
        if node["parent"] and node["parent"] not in nodes:
            raise FigureError(f"the parent {node['parent']} of {node['id']} is no node")

    order, waiting = [], [(identity, 1) for identity in reversed(children.get("", []))]
    while waiting:
        identity, depth = waiting.pop()
        order.append((nodes[identity], depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(identity, []))]
    if len(order) != len(nodes):
        raise FigureError("data.nodes: parents form a circle")
    return order


def _lines(axes, words, width, **font):
    """A text on as few lines as it needs in `width` inches; what goes beyond MOST_LINES ends after a word, with an
    ellipsis. A word that is longer than a line is cut."""
    probe = axes.text(0, 0, "", **font)

    def fits(text):
        probe.set_text(text)
        return probe.get_window_extent(axes.figure.canvas.get_renderer()).width / axes.figure.dpi <= width

    def cut(text):
        while len(text) > 1 and not fits(text + "…"):
            text = text[:-1].rstrip()
        return text + "…"

    lines, waiting = [""], words.split()
    while waiting:
        longer = f"{lines[-1]} {waiting[0]}".strip()
        if fits(longer):
            lines[-1] = longer
            waiting.pop(0)
        elif not lines[-1]:
            lines[-1] = cut(waiting.pop(0))
        elif len(lines) < MOST_LINES:
            lines.append("")
        else:
            kept = lines[-1]
            while " " in kept and not fits(kept + " …"):
                kept = kept.rsplit(" ", 1)[0]
            lines[-1], waiting = kept + " …", []
    probe.remove()
    return "\n".join(lines)


def _mark(axes, node, x, y):
    if node["state"] == "failed":
        axes.plot(x, y, "x", color="black", ms=5, mew=1.2)
        return
    colour, marker = style.VERDICTS[node["verdict"]]
    axes.plot(x, y, marker, mfc=colour, mec="black" if not node["verdict"] else colour, mew=0.7, ms=6, zorder=3)


def tree(data):
    order = _in_order(data)
    story = set(data.get("storyline") or [])
    figure = plt.figure(figsize=(style.PAGE, 1))
    axes = figure.add_axes([0, 0, 1, 1])
    axes.axis("off")
    weights = ["bold" if node["id"] in story else "normal" for node, _ in order]
    texts = [_lines(axes, data.get("question") or "question", TEXT_RIGHT - 0.22, style="italic", fontsize=8)]
    texts += [_lines(axes, f"{node['id']}: {node['label']}", TEXT_RIGHT - 0.4 - INDENT * depth, weight=weight, fontsize=7)
              for (node, depth), weight in zip(order, weights)]
    heights = [ROW + LINE * text.count("\n") for text in texts]
    places = [ROW / 2 + sum(heights[:i]) + height / 2 for i, height in enumerate(heights)]  # the middle of each row
    height = sum(heights) + ROW + 0.25
    figure.set_size_inches(style.PAGE, height)
    axes.set(xlim=(0, style.PAGE), ylim=(height, 0))  # data units are inches

    axes.text(0.12, places[0], texts[0], va="center", style="italic", fontsize=8)
    axes.text(TEXT_RIGHT, places[0], "value", va="center", color=style.GREY)
    where, rows, header = {"": (0.2, places[0] + heights[0] / 2 - 0.1)}, [], ["id", "parent", "stage", "state", "verdict", "score", "label"]
    for (node, depth), y, text, weight in zip(order, places[1:], texts[1:], weights):
        x = 0.2 + INDENT * depth
        from_x, from_y = where[node["parent"]]
        told = node["id"] in story
        axes.plot([from_x, from_x, x], [from_y + 0.07, y, y], color="black" if told else "#AAAAAA",
                  lw=1.4 if told else 0.7, zorder=2 if told else 1, solid_joinstyle="miter")
        _mark(axes, node, x, y)
        where[node["id"]] = (x, y)
        axes.text(x + 0.1, y, text, va="center", weight=weight, fontsize=7, linespacing=1.2)
        if node["score"] is not None:
            axes.barh(y, BAR * node["score"], left=TEXT_RIGHT, height=0.1, color="#8C8C8C", lw=0)
            axes.text(TEXT_RIGHT + BAR * node["score"] + 0.05, y, f"{node['score']:.2f}", va="center", fontsize=7)
        rows.append([node[name] for name in header])
    _legend(axes, order, height)
    return figure, header, rows


def _legend(axes, order, height):
    handles = []
    for verdict, (colour, marker) in style.VERDICTS.items():
        if any(node["verdict"] == verdict and node["state"] != "failed" for node, _ in order):
            handles.append(Line2D([], [], ls="", marker=marker, mfc=colour, mec=colour if verdict else "black", mew=0.7,
                                  ms=6, label=verdict or "explored only"))
    if any(node["state"] == "failed" for node, _ in order):
        handles.append(Line2D([], [], ls="", marker="x", color="black", ms=5, mew=1.2, label="failed"))
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.12, height - 0.12),
                bbox_transform=axes.transData, ncols=len(handles), borderaxespad=0, borderpad=0, handletextpad=0.2,
                columnspacing=1.4)
