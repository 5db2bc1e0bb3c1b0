#!/usr/bin/env python3
"""What tipsearch finds in the judged collections, pinned in `collections.tsv`: first how much was indexed, then
how well it ranks, to four digits.

  benches/check_collections.py            measures all collections and writes the table anew
  benches/check_collections.py --check    measures them and exits with 1 where a number is another, up or down
  benches/check_collections.py --check NAME...    only these

The collections are the folders in TIPSEARCH_SHARED/collections (default: ../shared). TIPSEARCH names the program;
default: target/release/tipsearch. A change of ranking is a changed table, in the commit that makes it.
"""
import csv
import json
import os
import subprocess
import sys
from pathlib import Path

BENCHES = Path(__file__).resolve().parent
ROOT = BENCHES.parent
TABLE = BENCHES / "collections.tsv"
BASELINE = BENCHES / "bm25_baseline.tsv"
COLLECTIONS = Path(os.environ.get("TIPSEARCH_SHARED", ROOT.parent / "shared")) / "collections"
TIPSEARCH = os.environ.get("TIPSEARCH", str(ROOT / "target/release/tipsearch"))
STATISTICS = ["documents", "passages", "terms", "topics"]
MEASURES = ["nDCG@10", "R@100", "MRR@10", "MAP@100", "P@5", "judged@10"]


def measured(folder):
    """A row of the table."""
    command = [TIPSEARCH, "eval", str(folder), "--measures", ",".join(MEASURES), "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{folder.name} could not be evaluated")
    found = json.loads(done.stdout)
    row = {"collection": folder.name, "topics": str(found["topics"])}
    row |= {name: str(number) for name, number in found["index"].items()}
    row |= {name: f"{value:.4f}" for name, value in found["measures"].items()}
    latency = found["latency_ms"]
    print(f"{folder.name:<26} " + "  ".join(f"{name} {row[name]}" for name in MEASURES[:2])
          + f"  p50 {latency['p50']:.2f} ms  p99 {latency['p99']:.2f} ms", flush=True)
    return row


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def differences(pinned, found):
    """What is another than pinned, statistics first: other documents or terms explain other measures."""
    for name in pinned.keys() - found.keys():
        yield f"{name} is pinned and not there"
    for name in found.keys() - pinned.keys():
        yield f"{name} is there and not pinned"
    for columns in [STATISTICS, MEASURES]:
        for name in sorted(pinned.keys() & found.keys()):
            for column in columns:
                was, now = pinned[name].get(column), found[name][column]
                if was != now:
                    yield f"{name}: {column} was {was}, is {now}"


def note_baseline(found):
    """Says where the comparison with plain BM25 was made with another ranking."""
    rows = read(BASELINE) if BASELINE.exists() else []
    old = {row["collection"] for row in rows if row["collection"] in found
           and row["tipsearch"] != found[row["collection"]][row["measure"]]}
    if old:
        print(f"note: `bm25_baseline.tsv` is of another ranking for {', '.join(sorted(old))}; "
              "`benches/bm25_baseline.py --table` makes it anew")


def main():
    names = [argument for argument in sys.argv[1:] if argument != "--check"]
    is_check = "--check" in sys.argv[1:]
    if any(name.startswith("-") for name in names) or (names and not is_check):
        sys.exit(__doc__)
    if not COLLECTIONS.is_dir():
        print(f"skipped: there is no `{COLLECTIONS}`; set TIPSEARCH_SHARED to the folder that holds it")
        return
    folders = [folder for folder in sorted(COLLECTIONS.iterdir()) if (folder / "corpus.jsonl").is_file()]
    found = {folder.name: measured(folder) for folder in folders if not names or folder.name in names}
    note_baseline(found)
    if not is_check:
        with open(TABLE, "w", encoding="utf-8", newline="") as file:
            columns = ["collection", *STATISTICS, *MEASURES]
            writer = csv.DictWriter(file, columns, delimiter="\t", lineterminator="\n")
            writer.writeheader()
            writer.writerows(found.values())
        return
    pinned = {row["collection"]: row for row in read(TABLE) if not names or row["collection"] in names}
    wrong = list(differences(pinned, found))
    print("\n".join(wrong) if wrong else f"{len(found)} collections are as pinned in `{TABLE.name}`")
    if wrong:
        sys.exit("where that is meant, `benches/check_collections.py` pins it")


main()
