"""How often a question that names a country and a year in prose is answered by the report that is meant.

    benches/named.py [--tipsearch PROGRAM] [--questions N]

Indexes the reports in `reports/child-labor`, puts questions of a few forms about topics that the report of a country and
year has, and prints the share of first hits that are of that country, of that report, and have the topic too, and the mean
reciprocal rank of the first passage of the report that has it. The same questions at every run. `NAMED_PLACE` and
`NAMED_YEAR` in `src/rank/mod.rs` were chosen by it. TIPSEARCH_SHARED names the folder; default: ../shared.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# A question, and what a passage has that answers it.
TOPICS = [
    ("How many labor inspectors did {country} have in {year}?", "labor inspectors"),
    ("child labor in cocoa in {country} in {year}", "cocoa"),
    ("forced begging in {country}, {year}", "begging"),
    ("Do children in {country} work in brick kilns ({year} report)?", "brick"),
    ("what is the minimum age for work in {country} in {year}", "minimum age"),
    ("COVID-19 school closures in {country} {year}", "covid|pandemic"),
    ("convictions for trafficking in {country} in {year}", "convict"),
    ("{country} {year} gold mining by children", r"\bgold\b|mining"),
    ("birth registration in {country} {year}", "birth regist"),
    ("Which hotline can report child labor in {country} ({year})?", "hotline"),
    ("cash transfers for poor families in {country} in {year}", "cash transfer"),
    ("Did {country} recruit child soldiers in {year}?", "soldier|armed (group|conflict)"),
    ("compulsory education age in {country} in {year}", "compulsory"),
    ("domestic work by girls in {country} in {year}", "domestic work"),
    ("fishing by children in {country} in {year}", r"fishing|\bfish\b"),
    ("commercial sexual exploitation of children in {country} {year}", "commercial sexual exploitation"),
    ("unannounced inspections in {country} in {year}", "unannounced"),
    ("list of hazardous work for children in {country} {year}", "hazardous"),
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tipsearch", default=ROOT / "target/release/tipsearch", type=Path)
    parser.add_argument("--questions", default=600, type=int)
    arguments = parser.parse_args()
    shared = Path(os.environ.get("TIPSEARCH_SHARED", ROOT / "../shared"))
    shelf = shared / "reports/child-labor"
    if not shelf.is_dir():
        sys.exit(f"skipped: there is no `{shelf}`; set TIPSEARCH_SHARED to the folder that holds it")
    questions = made(shelf)[: arguments.questions]
    with tempfile.TemporaryDirectory() as index:
        run([arguments.tipsearch, "index", shelf, "--index", index, "--quiet"])
        ask = lambda text: json.loads(run([arguments.tipsearch, "--json", "--index", index, text]))["hits"]
        ranked = [(question, ask(question["text"])) for question in questions]
    share = lambda is_right: sum(map(is_right, ranked)) / len(ranked)
    print(f"{len(ranked)} questions; of first hits are")
    print(f"  of the country             {share(lambda it: first(it, is_of_country)):.3f}")
    print(f"  of the report              {share(lambda it: first(it, is_of_report)):.3f}")
    print(f"  of it, and have the topic  {share(lambda it: first(it, answers)):.3f}")
    print(f"mean reciprocal rank         {sum(map(reciprocal, ranked)) / len(ranked):.3f}")


def made(shelf):
    """The questions about all reports, shuffled."""
    questions = []
    for path in sorted(shelf.glob("*/*.md")):
        text = path.read_text(encoding="utf-8")
        country = re.search(r"(?m)^Country: (.+)$", text)
        # `Moldova, Republic of` is not what somebody asks.
        if not country or "," in country[1]:
            continue
        body = text.split("REFERENCES")[0]
        for form, topic in TOPICS:
            if re.search(topic, body, re.I):
                asked = form.format(country=country[1], year=path.parent.name)
                doc_id = path.relative_to(shelf).as_posix()
                questions.append({"text": asked, "topic": topic, "doc_id": doc_id})
    random.Random(5).shuffle(questions)
    return questions


def country_of(doc_id):
    return doc_id.split("/")[1].rsplit("_", 1)[0]


def is_of_country(question, hit):
    return country_of(hit["doc_id"]) == country_of(question["doc_id"])


def is_of_report(question, hit):
    return question["doc_id"] in [hit["doc_id"], *(copy["doc_id"] for copy in hit.get("copies", []))]


def answers(question, hit):
    return is_of_report(question, hit) and re.search(question["topic"], hit["text"], re.I) is not None


def first(asked, is_right):
    question, hits = asked
    return bool(hits) and is_right(question, hits[0])


def reciprocal(asked):
    question, hits = asked
    return next((1 / (rank + 1) for rank, hit in enumerate(hits) if answers(question, hit)), 0)


def run(command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode > 1:
        sys.exit(f"`{command[0]}` ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    main()
