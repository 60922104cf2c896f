"""ASReview's simulation, run inside an environment of its own by :mod:`bench.peers`.

Reads documents as records and, for each cell, which of them are relevant; writes the order in which
each simulation asks for records.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from asreview.learner import ActiveLearningCycle
from asreview.models.models import get_ai_config
from asreview.models.queriers import TopDown
from asreview.models.stoppers import IsFittable
from asreview.simulation.simulate import Simulate


def simulate(records: pd.DataFrame, relevant: list[int], prior: bool, seed: int) -> list[int]:
    """As ``asreview simulate`` does it, ``--n-prior-included 1 --n-prior-excluded 1`` with
    ``prior``: until all relevant records are found. What it had not asked for until then follows
    in the document's order."""
    labels = pd.Series(0, index=records.index)
    labels.iloc[relevant] = 1
    np.random.seed(seed)
    cycles = [
        ActiveLearningCycle(querier=TopDown(), stopper=IsFittable()),
        ActiveLearningCycle.from_meta(get_ai_config()["value"]),
    ]
    simulation = Simulate(records, labels, cycles, print_progress=False)
    if prior:
        for label in (1, 0):
            choice = np.random.RandomState(seed).choice(np.flatnonzero(labels == label), 1)
            simulation.label(choice)
    simulation.review()
    asked = [int(one) for one in simulation._results["record_id"]]
    seen = set(asked)
    return asked + [row for row in range(len(records)) if row not in seen]


def main() -> None:
    """From one file to another."""
    request, answer = map(Path, sys.argv[1:])
    asked = json.loads(request.read_text("utf-8"))
    documents = {
        key: pd.DataFrame(records, columns=["title", "abstract"])
        for key, records in asked["documents"].items()
    }
    found = [
        simulate(documents[key], relevant, asked["prior"], asked["seed"])
        for key, relevant in asked["cells"]
    ]
    answer.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
