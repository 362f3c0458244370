"""A recorded landscape as the programs beside search_bench read it: rows, their neighbours, and the regret of publishing one."""

import json

import numpy as np


class Landscape:
    """What lib/research/landscape.cpp computes, in the same order."""

    def __init__(self, path, precision=np.float32):
        document = json.loads(path.read_text())
        self.name = document["name"]
        config = np.array([row["config"] for row in document["rows"]])
        self.val = np.array([row["val"] for row in document["rows"]], dtype=precision)
        self.half = self.val.shape[1] // 2
        first, self.other = (part.astype(float).mean(1) for part in (self.val[:, : self.half], self.val[:, self.half :]))
        self.near = []
        for i in range(len(config)):
            distance = (config != config[i]).sum(1)
            distance[i] = 1000
            near = np.flatnonzero(distance <= 2)
            self.near.append(near if len(near) else np.flatnonzero(distance == distance.min()))
        order = np.lexsort((np.arange(len(first)), -first))
        self.top = self.other[order[: max(1, len(first) // 100)]].mean()
        self.median = np.sort(self.other)[len(first) // 2]

    def regret(self, row):  # or of several rows
        return (self.top - self.other[row]) / (self.top - self.median)
