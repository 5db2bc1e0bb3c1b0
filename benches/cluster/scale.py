#!/usr/bin/env python3
"""What a cluster costs beside the engine on this machine: indexing, and searching by 1, 8 and 32 clients.

    benches/cluster/scale.py SHELF QUERIES.txt [--seconds 20] [--folder FOLDER]

The same shelf is indexed into a folder, into one node with one shard, and into three nodes with three; then each is
asked the same queries through `tipsearch serve`. All nodes are on this machine and share its processors with what asks
them, so that three nodes cannot be faster here: the ratios tell what the way over a cluster costs. It needs what
`cluster.py` needs, and `cargo build --release --package minimal --bin load` (`--load PROGRAM`).
"""

import argparse
import json
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

from cluster import CLEAN, Cluster, Failure, Skip

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLIENTS = [1, 8, 32]


def indexed(arguments, place, shards):
    """Seconds on the clock and of the processor, of tipsearch alone, and what it says at the end."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([arguments.program, "index", arguments.shelf, "--shards", str(shards), *place], env=CLEAN, capture_output=True, text=True)
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise Failure(done.stderr[-2000:])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, done.stdout.strip().splitlines()[-1]


def asked(arguments, place):
    """What `load` tells of each number of clients."""
    command = [arguments.program, "serve", "--listen", "127.0.0.1:0", *place]
    server = subprocess.Popen(command, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = server.stdout.readline().split("http://")[1].split("/")[0]
        load = [arguments.load, address, arguments.address, arguments.queries]

        def run(clients, seconds):
            command = [*load, str(clients), str(seconds)]
            return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

        run(1, arguments.seconds / 4)
        return {clients: run(clients, arguments.seconds) for clients in CLIENTS}
    finally:
        server.terminate()
        server.wait()


def tell(arguments, name, place, first, shards=1):
    wall, cpu, told = indexed(arguments, place, shards)
    size = float(told.split("read ")[1].split(" MB")[0])
    rows = asked(arguments, place)
    first = first or (wall, rows)
    line = f"| {name} | {size / wall:.1f} MB/s ({wall / first[0]:.1f}x the time), {cpu:.0f} s CPU "
    for clients, row in rows.items():
        ratio = row["p50_us"] / first[1][clients]["p50_us"]
        line += f"| {row['p50_us'] / 1000:.1f} / {row['p99_us'] / 1000:.1f} ms ({ratio:.1f}x), {row['a_second']:,.0f} a second "
        if row["failed"]:
            line += f"({row['failed']} of {row['answered'] + row['failed']} refused or too late) "
    print(f"{line}|", flush=True)
    return first


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shelf", type=pathlib.Path)
    parser.add_argument("queries", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=20, help="so long each number of clients asks")
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target/release/tipsearch")
    parser.add_argument("--load", type=pathlib.Path, default=ROOT / "target/release/load")
    parser.add_argument("--address", default="/v1/search?query=", help="what is asked")
    parser.add_argument("--heap", type=int, default=1024, help="of each node, MB")
    arguments = parser.parse_args()
    print("| engine | indexing | " + " | ".join(f"{clients} clients: median / p99" for clients in CLIENTS) + " |")
    print("|---|---|" + "---|" * len(CLIENTS))
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(arguments.folder or temporary)
        try:
            first = tell(arguments, "this machine", ["--index", folder / "index"], None)
            for nodes in [1, 3]:
                cluster = Cluster(folder / f"nodes-{nodes}", nodes, heap=arguments.heap)
                cluster.start()
                try:
                    place = ["--engine", cluster.engine("shelf")]
                    tell_of = "1 node" if nodes == 1 else f"{nodes} nodes, {nodes} shards"
                    tell(arguments, tell_of, place, first, nodes)
                finally:
                    cluster.stop()
                    shutil.rmtree(folder / f"nodes-{nodes}", ignore_errors=True)
        except Skip as reason:
            print(f"skipped: {reason}")
        except Failure as failure:
            print(f"FAILED: {failure}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
