#!/usr/bin/env python3
"""Plain BM25 over a judged collection, to compare a ranking with.

  benches/bm25_baseline.py COLLECTION RUN    writes a run, for `tipsearch eval COLLECTION --compare RUN`
  benches/bm25_baseline.py --table           compares the English collections and writes `bm25_baseline.tsv`

BM25 as in Lucene, k1 0.9 and b 0.4, over title and text as one field; words of two characters or more in lower
case, stemmed for English (Snowball), without Lucene's 33 stop words; 100 documents a topic. Computed by bm25s,
which is not ours: `pip install bm25s PyStemmer`. TIPSEARCH and TIPSEARCH_SHARED are as for `check_collections.py`.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import bm25s
import Stemmer

K1, B, DEPTH = 0.9, 0.4, 100
BENCHES = Path(__file__).resolve().parent
COLLECTIONS = Path(os.environ.get("TIPSEARCH_SHARED", BENCHES.parent.parent / "shared")) / "collections"
TIPSEARCH = os.environ.get("TIPSEARCH", str(BENCHES.parent / "target/release/tipsearch"))
ENGLISH = ["obliqa_dev", "doc2dial_val", "legalbenchrag_privacy_qa", "scifact", "cranfield", "squad11_dev"]
MEASURES = ["nDCG@10", "R@100"]


def lines(path):
    with open(path, encoding="utf-8-sig") as file:
        return [json.loads(line) for line in file if line.strip()]


def tokens(texts):
    stemmer = Stemmer.Stemmer("english")
    return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)


def write_run(folder, run):
    documents, topics = lines(folder / "corpus.jsonl"), lines(folder / "queries.jsonl")
    ids = [str(document["_id"]) for document in documents]
    texts = [f"{document.get('title') or ''} {document.get('text') or ''}" for document in documents]
    index = bm25s.BM25(method="lucene", k1=K1, b=B)
    index.index(tokens(texts), show_progress=False)
    with open(run, "w", encoding="utf-8") as file:
        for topic, words in zip(topics, tokens([topic["text"] for topic in topics])):
            scores = index.get_scores(words) if words else [0.0] * len(ids)
            # The sort is stable: equal scores stand in the order of the corpus.
            best = sorted(range(len(ids)), key=lambda place: -scores[place])[:DEPTH]
            found = [place for place in best if scores[place] > 0]
            for rank, place in enumerate(found, 1):
                file.write(f"{topic['_id']} Q0 {ids[place]} {rank} {scores[place]:.6f} bm25s\n")


def rows(collection, work):
    """Lines of the table: a measure each, of tipsearch beside the baseline."""
    folder, run = COLLECTIONS / collection, Path(work) / f"{collection}.run"
    write_run(folder, run)
    command = [TIPSEARCH, "eval", str(folder), "--compare", str(run), "--json"]
    command += ["--measures", ",".join(MEASURES)]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    for measure in MEASURES:
        row = found["comparison"]["measures"][measure]
        numbers = [f"{row['this']:.4f}", f"{row['other']:.4f}", f"{row['difference']:+.4f}", f"{row['p']:.5f}"]
        yield [collection, measure, *numbers, *(str(row[name]) for name in ["wins", "ties", "losses"])]


def write_table():
    header = ["collection", "measure", "tipsearch", "bm25", "difference", "p", "wins", "ties", "losses"]
    with tempfile.TemporaryDirectory() as work:
        table = [header, *(row for collection in ENGLISH for row in rows(collection, work))]
    text = "".join("\t".join(row) + "\n" for row in table)
    (BENCHES / "bm25_baseline.tsv").write_text(text, encoding="utf-8")
    print(text, end="")


def main():
    match sys.argv[1:]:
        case ["--table"]:
            write_table()
        case [folder, run]:
            write_run(Path(folder), Path(run))
        case _:
            sys.exit(__doc__)


main()
