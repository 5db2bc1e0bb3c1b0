"""Times tipsearch beside bare tantivy and ripgrep and prints one table; `run.sh` calls it.

Both sides of a ratio are run in turn, round after round, and their medians compared: what else the
machine does falls on both alike. Over several queries a number is the geometric mean, so that the
ratio of two of them is the mean of the ratios.
"""

import argparse
import json
import os
import random
import re
import shlex
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

INDEX_ROUNDS = 5
PROCESS_ROUNDS = 5
PROCESS_RUNS = 15
SEARCH_ROUNDS = 5
SEARCHES = 200
THREADS = 2
# As in `WriterOptions`, bytes.
MEMORY = 96_000_000
# How far over its bound a number may be before `--check` fails: machines are noisy.
TOLERANCE = 1.25


# Words of a page, and its quotations: every fifth sentence or so.
DRAFT_PAGES, PAGE_WORDS, PAGE_QUOTATIONS = 300, 400, 3


@dataclass
class Row:
    """A line of the table. The bound is one on the ratio, or on our own number."""

    what: str
    unit: str
    ours: float
    other: float | None = None
    other_name: str = ""
    ratio_bound: float | None = None
    own_bound: float | None = None

    def excess(self):
        """How many times its bound the number is; `None` without a bound."""
        if self.ratio_bound is not None:
            return self.ours / self.other / self.ratio_bound
        return self.ours / self.own_bound if self.own_bound is not None else None

    def cells(self):
        other = f"{self.number(self.other)} {self.other_name}" if self.other else ""
        ratio = f"{self.ours / self.other:.2f}" if self.other else ""
        bound = f"{self.ratio_bound:.2f} x" if self.ratio_bound is not None else ""
        bound = self.number(self.own_bound) if self.own_bound is not None else bound
        excess = self.excess()
        verdict = "" if excess is None else "ok" if excess <= 1 else "OVER"
        return [self.what, self.number(self.ours), other, ratio, bound, verdict]

    def number(self, value):
        places = 0 if value >= 100 or value == int(value) else 2
        return f"{value:.{places}f} {self.unit}".strip()


@dataclass
class Cost:
    """What one run of a program took."""

    wall: float
    cpu: float
    peak_mb: float


def main():
    parser = argparse.ArgumentParser()
    for name in ["tipsearch", "bare", "in_process", "reading", "shelf", "report", "queries", "work"]:
        parser.add_argument("--" + name.replace("_", "-"), type=Path, required=True)
    parser.add_argument("--wikitext", type=Path, required=True)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    bench = Bench(arguments)
    rows = bench.reading() + bench.indexing() + bench.processes() + bench.evidence()
    rows += bench.in_process()
    rows.sort(key=lambda row: row.excess() is None)
    lines = [["what", "ours", "the other", "ratio", "bound", ""], *(row.cells() for row in rows)]
    print(*aligned(lines), "", *bench.notes, sep="\n", flush=True)
    over = [row.what for row in rows if (row.excess() or 0) > TOLERANCE]
    if arguments.check and over:
        sys.exit(f"over the bound by more than {TOLERANCE - 1:.0%}: {'; '.join(over)}")


class Bench:
    """The programs, the indexes they have made, and notes on where the time goes."""

    def __init__(self, arguments):
        self.tipsearch, self.bare = arguments.tipsearch, arguments.bare
        self.in_process_program = arguments.in_process
        self.reading_program, self.wikitext = arguments.reading, arguments.wikitext
        self.shelf, self.report, self.work = arguments.shelf, arguments.report, arguments.work
        self.query_file = arguments.queries
        self.queries = [line for line in arguments.queries.read_text().splitlines() if line]
        self.index, self.bare_index = self.work / "shelf", self.work / "bare"
        self.notes = []

    def reading(self):
        """Readers beside the libraries that parse for them, ms for a megabyte."""
        rounds = [
            json.loads(run([self.reading_program, self.shelf, self.wikitext])) for _ in range(3)
        ]
        ours, other = (
            {name: statistics.median(r[name][side] for r in rounds if len(r[name]) > side)
             for name in rounds[0] if len(rounds[0][name]) > side}
            for side in (0, 1)
        )
        beside = {"markdown": "pulldown-cmark", "odt": "quick-xml", "xlsx": "quick-xml"}
        # What office documents cost is for reading; only Markdown is bound.
        bounds = {"markdown": 2.0}
        rows = [
            Row(f"read: {name}", "ms/MB", ours[name], other[name], library, bounds.get(name))
            for name, library in beside.items()
        ]
        # 15 MB/s.
        if self.wikitext.is_dir():
            rows.append(Row("read: wikitext", "ms/MB", ours["wikitext"], own_bound=1000 / 15))
        return rows

    def indexing(self):
        passages = self.work / "passages.jsonl"
        ours = [self.tipsearch, "index", self.shelf, "--index", self.index, "--force", "--quiet"]
        ours += ["--threads", THREADS]
        bare = [self.bare, "index", passages, self.bare_index, THREADS, MEMORY]
        run(ours)
        exported = json.loads(run([self.in_process_program, "export", self.index, passages]))
        text = exported["text_bytes"] / 1e6
        ours_costs, bare_costs = [], []
        with two_cores():
            for _ in range(INDEX_ROUNDS):
                remove(self.index)
                ours_costs.append(self.cost(ours))
                remove(self.bare_index)
                bare_costs.append(self.cost(bare))
        ours, bare = middle(ours_costs), middle(bare_costs)
        status = json.loads(run([self.tipsearch, "status", "--index", self.index, "--json"]))
        sources = [path.stat().st_size for path in self.shelf.rglob("*") if path.is_file()]
        size, bare_size = folder_mb(self.index), folder_mb(self.bare_index)
        self.notes.append(
            f"shelf: {len(sources)} files, {sum(sources) / 1e6:.1f} MB, of it {text:.1f} MB text "
            f"in {exported['passages']} passages"
        )
        wall = f"index: wall, {THREADS} threads"
        return [
            Row("index: CPU", "s", ours.cpu, bare.cpu, "bare", ratio_bound=1.3),
            Row(wall, "s", ours.wall, bare.wall, "bare", ratio_bound=1.2),
            Row("index: peak memory", "MB", ours.peak_mb, bare.peak_mb, "bare", own_bound=300),
            Row("index: size over text", "MB", size, text, "text", ratio_bound=1.0),
            Row("index: size over bare's", "MB", size, bare_size, "bare"),
            Row("index: segments", "", status["segments"], own_bound=8),
        ]

    def processes(self):
        """Whole processes, as somebody at a terminal waits for them."""
        terms = run([self.in_process_program, "terms", self.index, self.query_file]).splitlines()
        report = self.work / "report"
        run([self.tipsearch, "index", self.report, "--index", report, "--quiet"])
        names = ["tipsearch", "rg", "bare"]
        all_times = {name: [] for name in names}
        self.notes.append("\nwhole process, ms:")
        lines = [["query", *names]]
        for query, query_terms in zip(self.queries, terms, strict=True):
            words = [part for word in query.replace('"', " ").split() for part in ("-e", word)]
            times = hyperfine(
                self.work,
                [
                    [self.tipsearch, "--index", self.index, query],
                    ["rg", "-il", *words, self.shelf],
                    [self.bare, "search", self.index, query_terms],
                ],
            )
            for name, value in zip(names, times):
                all_times[name].append(value)
            lines.append([query, *(f"{value:.2f}" for value in times)])
        self.notes += aligned(lines)
        first = self.queries[0]
        quiet = [self.tipsearch, "--index", self.index, "--quiet", first]
        parts = {
            "the report": [self.tipsearch, "--index", report, first],
            "the shelf, `--quiet`: nothing compared, nothing printed": quiet,
            "the floor, `--version`": [self.tipsearch, "--version"],
        }
        part_times = dict(zip(parts, hyperfine(self.work, list(parts.values()))))
        self.notes.append(f"\nwhole process of `{first}`, ms:")
        lines = [[name, f"{value:.2f}"] for name, value in part_times.items()]
        self.notes += aligned(lines)
        means = {name: statistics.geometric_mean(times) for name, times in all_times.items()}
        searches = [[self.tipsearch, "--index", self.index, query] for query in self.queries]
        peaks = [self.cost(search).peak_mb for search in searches]
        ours = means["tipsearch"]
        return [
            Row("process: query, beside rg", "ms", ours, means["rg"], "rg -il", ratio_bound=1 / 3),
            Row("process: query, beside bare", "ms", ours, means["bare"], "bare", ratio_bound=2.0),
            Row("process: query on the report", "ms", part_times["the report"], own_bound=10),
            Row("process: peak memory of a query", "MB", max(peaks), own_bound=60),
        ]

    def evidence(self):
        """Checking quotations, comparing and packing, beside one query each; whole processes."""
        texts = [path.read_text() for path in sorted(self.shelf.rglob("*.md"))]
        sentences = [s for text in texts[:: len(texts) // 60] for s in plain_sentences(text)]
        draft = self.work / "draft.md"
        draft.write_text(draft_of(sentences, DRAFT_PAGES))
        sentence = sentences[len(sentences) // 2]
        ours = [self.tipsearch, "--index", self.index]
        phrase, verify, query, compare = hyperfine(
            self.work,
            [
                [*ours, f'"{sentence}"'],
                [*ours, "verify", "--quote", sentence],
                [*ours, "police"],
                [*ours, "compare", "police", "--by", "country,year"],
            ],
        )
        pack = [*ours, "police inspectors", "--budget", "200000"]
        packs = [self.cost(pack).wall for _ in range(3)]
        whole = self.cost([*ours, "verify", draft]).wall
        quotations = self.cost([*ours, "verify", "--no-figures", draft]).wall
        self.notes.append(
            f"\ndraft of {DRAFT_PAGES} pages: {whole:.1f} s, its quotations alone {quotations:.1f} s"
        )
        return [
            Row("verify: a sentence", "ms", verify, phrase, "its phrase", ratio_bound=5.0),
            Row("compare: country and year", "ms", compare, query, "a query", ratio_bound=10.0),
            Row(f"verify: {DRAFT_PAGES} pages", "s", whole, own_bound=10),
            Row("pack: 200,000 tokens", "s", statistics.median(packs), own_bound=2),
        ]

    def in_process(self):
        """Searches of a process that goes on, as a server's are."""
        terms = self.work / "terms.txt"
        terms.write_text(run([self.in_process_program, "terms", self.index, self.query_file]))
        ours, bare = [], []
        for _ in range(SEARCH_ROUNDS):
            timed = [self.in_process_program, "time", self.index, self.query_file, SEARCHES]
            ours.append(json.loads(run(timed)))
            bare.append(json.loads(run([self.bare, "loop", self.index, terms, SEARCHES])))
        retrieve, search = medians(ours, "retrieve_us"), medians(ours, "search_us")
        other = medians(bare, "search_us")
        stages = [name for name, _ in ours[0]["stages_us"][0]]
        self.notes.append("\nin process, µs:")
        lines = [["query", "bare", "ids", "all", *stages]]
        for place, query in enumerate(self.queries):
            times = [other[place], retrieve[place], search[place]]
            for stage in range(len(stages)):
                rounds = [round_["stages_us"][place][stage][1] for round_ in ours]
                times.append(statistics.median(rounds))
            lines.append([query, *(f"{value:.0f}" for value in times)])
        self.notes += aligned(lines)
        once = {"open the index": "open_us", "look for changed files": "staleness_us"}
        for name, key in once.items():
            value = statistics.median(round_[key] for round_ in ours)
            self.notes.append(f"{name}: {value:.0f} µs")
        ids, everything, other = map(statistics.geometric_mean, [retrieve, search, other])
        return [
            Row("in process: ids of the top 10", "µs", ids, other, "bare", ratio_bound=1.25),
            Row("in process: marks and snippets", "µs", everything, other, "bare", ratio_bound=3.0),
        ]

    def cost(self, command):
        """Runs a command once. `time` tells the peak, as its own is far below any that matters."""
        peak = self.work / "peak"
        # A query may find nothing; then `time` adds a line before its number.
        timed = ["/usr/bin/time", "-f", "%M", "-o", peak, *map(str, command)]
        start = time.perf_counter()
        process = subprocess.Popen(timed, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode > 1:
            sys.exit(f"`{shlex.join(map(str, command))}` failed")
        kilobytes = int(peak.read_text().split()[-1])
        return Cost(wall, usage.ru_utime + usage.ru_stime, kilobytes * 1024 / 1e6)


def hyperfine(work, commands):
    """The median time of each command, ms; all are run in every round."""
    for command in commands:
        run(command)
    times = [[] for _ in commands]
    result = work / "hyperfine.json"
    for _ in range(PROCESS_ROUNDS):
        options = ["-N", "--output=pipe", "--style=none", "--warmup=3", f"--runs={PROCESS_RUNS}"]
        options += ["--export-json", result]
        run(["hyperfine", *options, *(shlex.join(map(str, command)) for command in commands)])
        for all_times, measured in zip(times, json.loads(result.read_text())["results"]):
            all_times += measured["times"]
    return [statistics.median(all_times) * 1e3 for all_times in times]


def run(command):
    """The standard output of a command that must find something."""
    command = list(map(str, command))
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"`{shlex.join(command)}` ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def plain_sentences(text):
    """The sentences of a report's paragraphs, of 8 to 40 words, without quotation marks."""
    paragraphs = [p for p in text.split("\n\n") if not p.startswith(("#", "|", "-", "*"))]
    pieces = [s.strip() for p in paragraphs if "\n" not in p for s in re.split(r"(?<=[.])\s+(?=[A-Z])", p)]
    return [s for s in pieces if 8 <= len(s.split()) <= 40 and not set(s) & set('“”"\'[]()<>*_')]


def draft_of(sentences, pages):
    """A draft that quotes and states sentences of reports in turn; the same at every run."""
    chosen, lines, place = random.Random(1), ["# A draft", ""], 0
    for page in range(pages):
        words, said = 0, []
        while words < PAGE_WORDS:
            sentence = chosen.choice(sentences)
            is_due = words >= place * PAGE_WORDS / PAGE_QUOTATIONS
            said.append(f"It says: “{sentence}”" if is_due else sentence)
            place += is_due
            words += len(sentence.split())
        place = 0
        lines += [f"## Page {page + 1}", "", " ".join(said), ""]
    return "\n".join(lines)


class two_cores:
    """Programs that ask how many cores there are hear of two, whatever the machine has."""

    def __enter__(self):
        self.cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, sorted(self.cores)[:THREADS])

    def __exit__(self, *_):
        os.sched_setaffinity(0, self.cores)


def middle(costs):
    columns = zip(*((cost.wall, cost.cpu, cost.peak_mb) for cost in costs))
    return Cost(*map(statistics.median, columns))


def medians(rounds, key):
    """The median over the rounds of each query's number."""
    return [statistics.median(values) for values in zip(*(round_[key] for round_ in rounds))]


def folder_mb(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def remove(folder):
    subprocess.run(["rm", "-rf", "--", folder], check=True)


def aligned(lines):
    """Columns of equal width: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*lines)]
    flush = [str.ljust] + [str.rjust] * (len(widths) - 1)
    rows = [[to(cell, width) for to, cell, width in zip(flush, line, widths)] for line in lines]
    return ["  ".join(row).rstrip() for row in rows]


if __name__ == "__main__":
    main()
