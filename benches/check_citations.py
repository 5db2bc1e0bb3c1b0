#!/usr/bin/env python3
"""Whether the citations of `tipsearch cite` are what other programs read: CSL-JSON against the schema of CSL, and a
document with twenty citations rendered by Pandoc's citeproc from the CSL-JSON and from the BibTeX.

    python3 benches/check_citations.py PROGRAM INDEX [--schema csl-data.json] [--query WORDS]

PROGRAM is a built tipsearch, INDEX an index with at least twenty reports. Pandoc comes with the PyPI package
`pypandoc-binary`; the schema is `schemas/input/csl-data.json` of github.com/citation-style-language/schema and is checked with
the package `jsonschema`. What is absent is said and skipped.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

CITATIONS = 20


def run(program: str, index: str, *arguments: str) -> str:
    command = [program, *arguments, "--index", index]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def check_schema(items: list, schema: str) -> None:
    try:
        import jsonschema
    except ImportError:
        return print("skipped: there is no `jsonschema`")
    loaded = json.loads(pathlib.Path(schema).read_text())
    jsonschema.Draft7Validator(loaded).validate(items)
    print(f"{len(items)} items are valid by the schema")


def rendered(pandoc: str, folder: pathlib.Path, bibliography: str, keys: list[str]) -> str:
    text = "\n\n".join(f"Cited once [@{{{key}}}, p. {number}]." for number, key in enumerate(keys, 1))
    (folder / "text.md").write_text(text + "\n\n# References\n")
    command = [pandoc, "text.md", "--citeproc", "--bibliography", bibliography, "-t", "plain", "--wrap=none"]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
    if done.stderr:
        sys.exit(f"{bibliography}: {done.stderr.decode()}")
    return done.stdout.decode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("index")
    parser.add_argument("--schema")
    parser.add_argument("--query", default="police")
    given = parser.parse_args()
    hits = json.loads(run(given.program, given.index, given.query, "--json", "--per-document", "1", "-n", str(CITATIONS)))
    ids = [hit["id"] for hit in hits["hits"]]
    if len(ids) < CITATIONS:
        sys.exit(f"{len(ids)} reports found; name others with --query")
    cite = lambda style: [run(given.program, given.index, "cite", passage, "--style", style) for passage in ids]
    items = [json.loads(text)[0] for text in cite("csl-json")]
    listed = json.loads(run(given.program, given.index, given.query, "-f", "csl-json", "-n", "1000"))
    if given.schema:
        check_schema(items + listed, given.schema)
    else:
        print("skipped: no --schema")
    try:
        import pypandoc
    except ImportError:
        return print("skipped: there is no Pandoc (PyPI `pypandoc-binary`)")
    pandoc = pypandoc.get_pandoc_path()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "items.json").write_text(json.dumps(items))
        (folder / "entries.bib").write_text("\n".join(cite("bibtex")))
        keys = [item["id"] for item in items]
        for bibliography in ("items.json", "entries.bib"):
            text = rendered(pandoc, folder, bibliography, keys)
            body, references = text.split("References", 1)
            if "???" in body or body.count("Cited once") != CITATIONS:
                sys.exit(f"{bibliography}: a citation was not found\n{body}")
            plain = " ".join(references.split())
            for item in items:
                # Pandoc has quotation marks its own way.
                bare = lambda text: re.sub(r"[\W_]+", " ", text).lower()
                if bare(item["title"]).strip() not in bare(plain):
                    sys.exit(f"{bibliography}: `{item['title']}` is not in the references\n{references}")
            print(f"{bibliography}: {CITATIONS} citations rendered; the first reference: {references.strip().splitlines()[0]}")


if __name__ == "__main__":
    main()
