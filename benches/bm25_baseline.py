#!/usr/bin/env python3
"""Writes a run of plain BM25 over a judged collection, to compare a ranking with.

  benches/bm25_baseline.py COLLECTION RUN
  tipsearch eval COLLECTION --compare RUN

BM25 as in Lucene, k1 0.9 and b 0.4, over title and text as one field; words of two characters or more in lower
case, stemmed for English (Snowball), without Lucene's 33 stop words; 100 documents a topic. Computed by bm25s,
which is not ours: `pip install bm25s PyStemmer`.
"""
import json
import sys
from pathlib import Path

import bm25s
import Stemmer

K1, B, DEPTH = 0.9, 0.4, 100


def lines(path):
    with open(path, encoding="utf-8-sig") as file:
        return [json.loads(line) for line in file if line.strip()]


def tokens(texts):
    stemmer = Stemmer.Stemmer("english")
    return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, run = Path(sys.argv[1]), Path(sys.argv[2])
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


main()
