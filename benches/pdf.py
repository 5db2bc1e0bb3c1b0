#!/usr/bin/env python3
"""The words of PDFs as tipsearch reads them beside those that pdftotext prints, and the CPU time of both.

  benches/pdf.py TIPSEARCH FILE.pdf...

Lines that stand on three pages or more are running headers and footers, which tipsearch leaves out: they
do not count. Needs pdftotext (poppler-utils).
"""
import collections
import json
import re
import resource
import subprocess
import sys
import unicodedata


def words(text):
    text = unicodedata.normalize("NFKC", text).lower().replace("\u00ad", "")
    return collections.Counter(re.findall(r"\w+", text))


def timed(command):
    """The output of a command and its CPU seconds, children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(command, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return output, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def ours(tipsearch, file):
    output, seconds = timed([tipsearch, "show", file, "--json"])
    found, path = collections.Counter(), None
    for passage in json.loads(output)["passages"]:
        found += words(passage["text"])
        if passage["section"]["path"] != path:
            path = passage["section"]["path"]
            found += words(path[-1])
    return found, seconds


def theirs(file):
    output, seconds = timed(["pdftotext", file, "-"])
    pages = [page.split("\n") for page in output.split("\f")]
    key = lambda line: re.sub(r"\d+", "#", line.strip())
    seen = collections.Counter(line for page in pages for line in {key(line) for line in page})
    body = [line for page in pages for line in page if seen[key(line)] < 3]
    return words("\n".join(body)), seconds, len(pages) - 1


def main():
    tipsearch, files = sys.argv[1], sys.argv[2:]
    total, common, pages, times = 0, 0, 0, [0.0, 0.0]
    for file in files:
        found, own_seconds = ours(tipsearch, file)
        expected, seconds, count = theirs(file)
        number, shared = sum(expected.values()), sum((expected & found).values())
        print(f"{file.rsplit('/', 1)[-1]:<40} {number:>7} words  {shared / max(number, 1):.4f}")
        total, common, pages = total + number, common + shared, pages + count
        times = [times[0] + own_seconds, times[1] + seconds]
    print(f"{'all':<40} {total:>7} words  {common / max(total, 1):.4f}")
    print(f"pages a CPU second: {pages / times[0]:.0f}, pdftotext {pages / times[1]:.0f}")


main()
