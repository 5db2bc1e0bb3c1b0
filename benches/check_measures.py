#!/usr/bin/env python3
"""Compares every measure of tipsearch with what others compute from the same judgments and runs.

  benches/check_measures.py TIPSEARCH [RUN...]

Each run is named as the collection it is of (`scifact.run`); besides, tipsearch's own run of every collection in
TIPSEARCH_SHARED (default: ../shared) is checked, both as it is made and as it is read again. The others are
trec_eval, by way of pytrec_eval, and ir_measures for what trec_eval lacks: MRR to a rank, and judged. (These two
take equal scores in an order of their own, so they get the run in trec_eval's order.) Every topic must agree to 1e-6,
every mean to four digits. `pip install ir-measures`.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import ir_measures
import numpy
from ir_measures import AP, P, R, RR, Judged, nDCG

MEASURES = {
    "nDCG@10": nDCG @ 10, "nDCG@3": nDCG @ 3, "nDCG": nDCG, "R@100": R @ 100, "R@5": R @ 5,
    "MRR@10": RR @ 10, "MRR": RR, "MAP": AP, "MAP@10": AP @ 10, "P@5": P @ 5, "P@20": P @ 20,
    "judged@10": Judged @ 10,
}
NOT_OF_TREC = {RR @ 10, Judged @ 10}
ROOT = Path(__file__).resolve().parent.parent
COLLECTIONS = Path(os.environ.get("TIPSEARCH_SHARED", ROOT.parent / "shared")) / "collections"


def judgments(collection):
    lines = (COLLECTIONS / collection / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines if line.strip()]
    return [ir_measures.Qrel(topic, document, int(grade)) for topic, document, grade in rows]


def ours(tipsearch, arguments):
    command = [tipsearch, "eval", *arguments, "--measures", ",".join(MEASURES), "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def in_order(run):
    """A run without equal scores, in the order of trec_eval: by score in 32 bits, then by decreasing id."""
    key = lambda found: (numpy.float32(found.score), found.doc_id.encode())
    for rank, found in enumerate(sorted(run, key=key)):
        yield found._replace(score=rank)


def differences(what, evaluation, collection, run):
    """Lines that tell where tipsearch and the others differ."""
    qrels, run = judgments(collection), list(ir_measures.read_trec_run(str(run)))
    names = {str(measure): name for name, measure in MEASURES.items()}
    of_trec = ir_measures.calc(set(MEASURES.values()) - NOT_OF_TREC, qrels, run)
    others = ir_measures.calc(NOT_OF_TREC, qrels, in_order(run))
    for measure, mean in (of_trec.aggregated | others.aggregated).items():
        name = names[str(measure)]
        if f"{mean:.4f}" != f"{evaluation['measures'][name]:.4f}":
            yield f"{what}: {name} is {mean:.6f}, here {evaluation['measures'][name]:.6f}"
    for metric in of_trec.per_query + others.per_query:
        value = evaluation["per_topic"][metric.query_id][names[str(metric.measure)]]
        if abs(value - metric.value) > 1e-6:
            yield f"{what}, {metric.query_id}: {metric.measure} is {metric.value:.6f}, here {value:.6f}"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tipsearch, runs = sys.argv[1], [Path(run) for run in sys.argv[2:]]
    wrong, checked = [], 0
    with tempfile.TemporaryDirectory() as work:
        for folder in sorted(COLLECTIONS.iterdir()):
            run, collection = Path(work) / f"{folder.name}.run", folder.name
            evaluation = ours(tipsearch, [str(folder), "--run", str(run)])
            wrong += differences(f"{collection}, searched", evaluation, collection, run)
            runs.append(run)
            checked += 1
        for run in runs:
            arguments = ["--qrels", str(COLLECTIONS / run.stem / "qrels.tsv"), "--run", str(run)]
            wrong += differences(f"{run.name}, read", ours(tipsearch, arguments), run.stem, run)
            checked += 1
    print("\n".join(wrong[:50]))
    print(f"{checked} runs, {len(MEASURES)} measures each: {len(wrong)} values differ")
    sys.exit(1 if wrong else 0)


main()
