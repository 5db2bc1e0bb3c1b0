#!/usr/bin/env python3
"""Writes src/pack/vocabulary.zst: the first 50,000 tokens of o200k_base in the order of their ranks, each as a
byte with its length and its bytes, by Zstandard (the program `zstd`).

    python3 benches/make_vocabulary.py o200k_base.tiktoken

The argument is the file of lines `base64 rank` that the crate `tiktoken-rs` and the package `tiktoken` read.
"""

import base64
import pathlib
import subprocess
import sys

TOKENS = 50_000
TARGET = pathlib.Path(__file__).parent.parent / "src/pack/vocabulary.zst"


def main() -> None:
    lines = pathlib.Path(sys.argv[1]).read_bytes().splitlines()
    tokens = [base64.b64decode(line.split()[0]) for line in lines]
    ranks = [int(line.split()[1]) for line in lines]
    assert ranks == list(range(len(ranks))), "the ranks are not in order"
    plain = b"".join(bytes([len(token)]) + token for token in tokens[:TOKENS])
    command = ["zstd", "--ultra", "-22", "--no-check", "-q", "-c"]
    TARGET.write_bytes(subprocess.run(command, input=plain, stdout=subprocess.PIPE, check=True).stdout)
    print(f"{TOKENS} tokens, {len(plain)} bytes, {TARGET.stat().st_size} compressed")


if __name__ == "__main__":
    main()
