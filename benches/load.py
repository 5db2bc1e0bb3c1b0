#!/usr/bin/env python3
"""The server of tipsearch under load, beside the least that axum and tantivy do over the same passages.

    benches/load.py INDEX QUERIES.txt [--seconds 60] [--slices 6] [--check]

Both servers run all the time; `load` asks them in turn, a slice each, so that what else the machine does falls on
both. `--check` exits with 1 where there is an error, where throughput is under 70 % of the minimal server's, where at 8
connections the 99th percentile is 10 times the median or more, or where memory grows. `--tipsearch PROGRAM` and
`--minimal FOLDER` name what has been built; by default `target/release`.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CONNECTIONS = [1, 8, 64]
LEAST_SHARE = 0.7
MOST_P99 = 10
# Memory after all of it against memory after the first tenth, which fills what is kept for each thread.
MOST_GROWTH = 1.1


class Server:
    def __init__(self, name, command, path):
        self.name, self.path = name, path
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        self.address = line.split("http://")[1].split("/")[0]

    def memory(self):
        """What it holds for itself, in MB: pages of the index, which the system may take back, are not counted."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait()


def load(arguments, server, connections, seconds):
    command = [arguments.minimal / "load", server.address, server.path, arguments.queries, str(connections), str(seconds)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure(arguments, servers, connections):
    slices = {server.name: [] for server in servers}
    memory = {}
    for server in servers:
        load(arguments, server, connections, arguments.seconds / 10)
        memory[server.name] = [server.memory()]
    for _ in range(arguments.slices):
        for server in servers:
            slices[server.name].append(load(arguments, server, connections, arguments.seconds / arguments.slices))
    rows = {}
    for server in servers:
        own = slices[server.name]
        median = {key: statistics.median(one[key] for one in own) for key in ("a_second", "p50_us", "p99_us", "bytes")}
        memory[server.name].append(server.memory())
        failed, answered = sum(one["failed"] for one in own), sum(one["answered"] for one in own)
        rows[server.name] = median | {"failed": failed, "answered": answered, "memory": memory[server.name]}
    return rows


def faults(connections, ours, minimal):
    share = ours["a_second"] / minimal["a_second"]
    before, after = ours["memory"]
    if ours["failed"]:
        yield f"{connections} connections: {ours['failed']} requests failed"
    if share < LEAST_SHARE:
        yield f"{connections} connections: {share:.0%} of the minimal server's throughput"
    if connections == 8 and ours["p99_us"] >= MOST_P99 * ours["p50_us"]:
        yield f"8 connections: the 99th percentile is {ours['p99_us'] / ours['p50_us']:.1f} times the median"
    if after > before * MOST_GROWTH + 4:
        yield f"{connections} connections: memory grows from {before:.0f} to {after:.0f} MB"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index")
    parser.add_argument("queries")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--slices", type=int, default=6)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--tipsearch", type=pathlib.Path, default=ROOT / "target/release/tipsearch")
    parser.add_argument("--minimal", type=pathlib.Path, default=ROOT / "target/release")
    parser.add_argument("--address", default="/v1/search?query=", help="what is asked of tipsearch")
    arguments = parser.parse_args()
    serve = [arguments.tipsearch, "serve", "--listen", "127.0.0.1:0", "--index", arguments.index]
    servers = [
        Server("tipsearch", serve, arguments.address),
        Server("minimal", [arguments.minimal / "minimal", arguments.index, "127.0.0.1:0"], "/search?query="),
    ]
    found = []
    print("| connections | server | a second | median | p99 | p99 / median | failed of | bytes | memory |")
    print("|---|---|---|---|---|---|---|---|---|")
    try:
        for connections in CONNECTIONS:
            rows = measure(arguments, servers, connections)
            for name, row in rows.items():
                share = row["a_second"] / rows["minimal"]["a_second"]
                before, after = row["memory"]
                print(
                    f"| {connections} | {name} | {row['a_second']:,.0f} ({share:.0%}) | {row['p50_us'] / 1000:.2f} ms "
                    f"| {row['p99_us'] / 1000:.2f} ms | {row['p99_us'] / row['p50_us']:.1f} | {row['failed']} of "
                    f"{row['answered']:,} | {row['bytes']:,.0f} | {before:.0f} to {after:.0f} MB |",
                    flush=True,
                )
            found += faults(connections, rows["tipsearch"], rows["minimal"])
    finally:
        for server in servers:
            server.stop()
    for fault in found:
        print(f"fault: {fault}", file=sys.stderr)
    return 1 if found and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
