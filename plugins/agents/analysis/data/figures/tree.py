"""The search tree as an indented list: a row for each node, so that labels never meet, however large the tree."""

import matplotlib.pyplot as plt
from matplotlib.lines import Line2D

import style
from shapes import FigureError, member, objects, optional_number

ROW = 0.21          # inches
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


def _reaches(axes, text, right):
    """Whether a text ends right of `right`, in inches."""
    return text.get_window_extent(axes.figure.canvas.get_renderer()).x1 / axes.figure.dpi > right


def _fit(axes, text, right):
    """Makes a text a little smaller, then cuts it with an ellipsis until it ends left of `right`, in inches."""
    whole = text.get_text()
    length = len(whole)
    if _reaches(axes, text, right):
        text.set_fontsize(0.85 * text.get_fontsize())
    while length > 4 and _reaches(axes, text, right):
        length -= 1
        text.set_text(whole[:length].rstrip() + "…")


def _mark(axes, node, x, y):
    if node["state"] == "failed":
        axes.plot(x, y, "x", color="black", ms=5, mew=1.2)
        return
    colour, marker = style.VERDICTS[node["verdict"]]
    axes.plot(x, y, marker, mfc=colour, mec="black" if not node["verdict"] else colour, mew=0.7, ms=6, zorder=3)


def tree(data):
    order = _in_order(data)
    story = set(data.get("storyline") or [])
    height = ROW * (len(order) + 2) + 0.25
    figure = plt.figure(figsize=(style.PAGE, height))
    axes = figure.add_axes([0, 0, 1, 1], xlim=(0, style.PAGE), ylim=(height, 0))  # data units are inches
    axes.axis("off")

    root = axes.text(0.12, ROW, _plain(data.get("question") or "question"), va="center", style="italic", fontsize=8)
    if _reaches(axes, root, TEXT_RIGHT - 0.1):  # the paper says it in full; half of it helps nobody
        root.set_text("the question of this study")
    axes.text(TEXT_RIGHT, ROW, "value", va="center", color=style.GREY)
    where, rows, header = {"": (0.2, ROW)}, [], ["id", "parent", "stage", "state", "verdict", "score", "label"]
    for i, (node, depth) in enumerate(order, start=2):
        x, y = 0.2 + INDENT * depth, ROW * i
        from_x, from_y = where[node["parent"]]
        told = node["id"] in story
        axes.plot([from_x, from_x, x], [from_y + 0.07, y, y], color="black" if told else "#AAAAAA",
                  lw=1.4 if told else 0.7, zorder=2 if told else 1, solid_joinstyle="miter")
        _mark(axes, node, x, y)
        where[node["id"]] = (x, y)
        text = axes.text(x + 0.1, y, f"{node['id']}  {_plain(node['label'])}", va="center",
                         weight="bold" if told else "normal")
        _fit(axes, text, TEXT_RIGHT - 0.1)
        if node["score"] is not None:
            axes.barh(y, BAR * node["score"], left=TEXT_RIGHT, height=0.1, color="#8C8C8C", lw=0)
            axes.text(TEXT_RIGHT + BAR * node["score"] + 0.05, y, f"{node['score']:.2f}", va="center", fontsize=7)
        rows.append([node[name] for name in header])
    _legend(axes, order, height)
    return figure, header, rows


def _plain(text):
    return " ".join(text.split())


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
