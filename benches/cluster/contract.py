#!/usr/bin/env python3
"""tipsearch over a real cluster of three nodes: one line for each check, and 1 where one fails.

    benches/cluster/contract.py [--program PROGRAM] [--folder FOLDER] [--reports FOLDER] [--checks NAME ...] [--required]

The cases that both engines must answer alike are a part of the tests (tests/engines), which are run with the cluster's
address. Then reports are indexed while a node is ended with SIGKILL, and searched while another is. The nodes are started
in FOLDER (a temporary one by default) and ended. Where there is no JDK or no Maven it says that it skips, and ends with
0; with `--required` with 1.
"""

import argparse
import base64
import http.server
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from cluster import CLEAN, Cluster, Failure, Skip

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHARED = ROOT / os.environ.get("TIPSEARCH_SHARED", "../shared")
QUERIES = ["border guards complicity", "forced labor cotton", '"labor inspectors" funding', "children NEAR/3 mines", "traffick*",
           "hazardous work year:2014..2016", "police NOT guards", "child soldiers recruitment armed groups"]
CLIENTS = 4
CHECKS = ["local", "stopped", "write", "again", "search", "anew", "secure", "cases"]


def holds(condition, message):
    if not condition:
        raise Failure(message)


class Contract:
    """The checks, in the order in which they build on one another. Each returns what it has to tell."""

    def __init__(self, cluster, program, reports, folder):
        self.cluster, self.program, self.reports, self.folder = cluster, program, reports, folder

    def engine(self, name="reports"):
        return self.cluster.engine(name)

    def run(self, *arguments, engine=None, index=None, environment=(), may_fail=False):
        place = ["--engine", engine] if engine else ["--index", index]
        command = [self.program, *map(str, arguments), *map(str, place)]
        done = subprocess.run(command, capture_output=True, text=True, env={**CLEAN, **dict(environment)}, timeout=300)
        if done.returncode not in (0, 1) and not may_fail:
            raise Failure(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return done

    def any(self, method, path, body=None):
        node = next(node for node in self.cluster.nodes if node.is_alive(self.cluster.folder))
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(node.address + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def green(self):
        told = self.any("GET", "/_cluster/health?wait_for_status=green&timeout=100s")
        holds(not told["timed_out"], f"the cluster does not become whole again: {told['status']}")

    def cases(self):
        """The tests of the engines, with a cluster."""
        hosts = ",".join([self.cluster.nodes[0].address, *(node.address.removeprefix("http://") for node in self.cluster.nodes[1:])])
        environment = {**os.environ, "TIPSEARCH_OPENSEARCH": hosts}
        command = ["cargo", "test", "--locked", "--test", "main", "--", "engines::", "--test-threads", "1"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
        last = next((line for line in done.stdout.splitlines() if line.startswith("test result")), "no result")
        holds(done.returncode == 0, f"{last}\n{done.stdout[-6000:]}{done.stderr[-3000:]}")
        holds("skipped" not in done.stderr, "a test of the engines was skipped")
        return last

    def local(self):
        self.index = self.folder / "index"
        self.run("index", self.reports, index=self.index)
        self.expected = self.answers(index=self.index)
        self.passages = json.loads(self.run("status", "--json", index=self.index).stdout)["index"]["passages"]
        return f"{self.passages} passages of {self.reports.name} on this machine, to compare with"

    def answers(self, **place):
        def answer(query):
            told = json.loads(self.run("search", query, "--format", "json", "-n", "20", **place).stdout)
            return [hit["id"] for hit in told["hits"]]

        return {query: answer(query) for query in QUERIES}

    def whole(self, engine, name="reports"):
        """Every passage once, and the answers of the engine on this machine."""
        counted = self.any("POST", f"/{name}/_count", {"query": {"term": {"kind": "passage"}}})["count"]
        holds(counted == self.passages, f"the cluster has {counted} passages instead of {self.passages}")
        for query, ids in self.answers(engine=engine).items():
            holds(ids == self.expected[query], f"{query}: {ids} instead of {self.expected[query]}")

    def stopped(self):
        """Indexing is ended by SIGKILL, and run again."""
        engine = self.engine(name="stopped")
        command = [self.program, "index", self.reports, "--engine", engine]
        process = subprocess.Popen(command, env=CLEAN, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 120
        # Until something of it is noted.
        while not self.noted("stopped-1"):
            holds(process.poll() is None and time.monotonic() < end, "it ended before it could be ended")
            time.sleep(0.1)
        process.kill()
        process.wait()
        stranger = self.run("search", "police", engine=engine, may_fail=True)
        holds(stranger.returncode == 2 and "there is no index" in stranger.stderr, f"half an index is searched: {stranger}")
        done = self.run("index", self.reports, engine=engine)
        holds("from a run that was interrupted" in done.stdout, done.stdout)
        self.whole(engine, "stopped")
        self.any("DELETE", "/stopped-1")
        return f"ended by SIGKILL and run again: {done.stdout.strip().splitlines()[-1]}; each passage once"

    def noted(self, index):
        try:
            return self.any("GET", f"/{index}/_doc/note-1-0")["found"]
        except urllib.error.HTTPError:
            return False

    def write(self):
        """A node is lost while reports are indexed."""
        victim = self.cluster.nodes[2]
        engine = self.engine()
        begun = time.monotonic()
        killed = []

        def kill():
            while not self.noted("reports-1"):
                time.sleep(0.1)
            self.cluster.kill(victim)
            killed.append(time.monotonic() - begun)

        # The index is made, and passages are on their way.
        killing = threading.Thread(target=kill, daemon=True)
        killing.start()
        done = self.run("index", self.reports, "--shards", "3", engine=engine)
        took = time.monotonic() - begun
        holds(killed and killed[0] < took, "no node was lost meanwhile")
        self.whole(engine)
        self.cluster.launch(victim)
        self.cluster.meet()
        self.green()
        return f"{victim.name} ended by SIGKILL after {killed[0]:.1f} s of {took:.1f}: {done.stdout.strip().splitlines()[-1]}; each passage once"

    def again(self):
        done = self.run("index", self.reports, engine=self.engine())
        holds("unchanged" in done.stdout and "added" not in done.stdout, done.stdout)
        return f"a second run: {done.stdout.strip().splitlines()[-1]}"

    def search(self):
        """A node is lost while the index is searched."""
        victim, engine = self.cluster.nodes[1], self.engine()
        end, faults, asked, longest = time.monotonic() + 20, [], [0], [0.0]

        def client():
            while time.monotonic() < end and not faults:
                for query in QUERIES:
                    begun = time.monotonic()
                    try:
                        told = json.loads(self.run("search", query, "--format", "json", "-n", "20", engine=engine).stdout)
                        ids = [hit["id"] for hit in told["hits"]]
                        if ids != self.expected[query]:
                            faults.append(f"{query}: {ids}")
                    except Exception as failure:  # told below
                        faults.append(str(failure))
                    asked[0] += 1
                    longest[0] = max(longest[0], time.monotonic() - begun)

        clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for each in clients:
            each.start()
        time.sleep(5)
        before = asked[0]
        self.cluster.kill(victim)
        for each in clients:
            each.join()
        holds(not faults, faults[:1])
        holds(before > 0 and asked[0] > before, "nothing was asked")
        self.cluster.launch(victim)
        self.cluster.meet()
        self.green()
        return f"{victim.name} ended by SIGKILL: {asked[0]} searches by {CLIENTS} clients, all answered and alike, the longest in {longest[0]:.1f} s"

    def anew(self):
        """A new index beside the old one, and the name moved."""
        engine = self.engine()
        self.run("index", self.reports, "--force", "--keep-old", engine=engine)
        names = sorted(self.any("GET", "/reports-*/_mapping"))
        holds(len(names) == 2 and list(self.any("GET", "/reports/_mapping")) == names[1:], f"behind the name: {names}")
        self.whole(engine)
        return f"{names[1]} made beside {names[0]}, which is kept; the name moved to it"

    def signed(self):
        """The certificate of an authority of our own, and one for localhost that it has signed, with its key."""
        made = {name: self.folder / name for name in ["ca.pem", "ca.key", "door.pem", "door.key", "door.csr", "door.ext"]}
        made["door.ext"].write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
        new = ["openssl", "req", "-newkey", "rsa:2048", "-nodes"]
        for command in [
            [*new, "-x509", "-days", "2", "-subj", "/CN=authority", "-keyout", made["ca.key"], "-out", made["ca.pem"]],
            [*new, "-subj", "/CN=localhost", "-keyout", made["door.key"], "-out", made["door.csr"]],
            ["openssl", "x509", "-req", "-days", "2", "-in", made["door.csr"], "-CA", made["ca.pem"], "-CAkey", made["ca.key"],
             "-CAcreateserial", "-extfile", made["door.ext"], "-out", made["door.pem"]],
        ]:
            subprocess.run(command, check=True, capture_output=True)
        return made["ca.pem"], made["door.pem"], made["door.key"]

    def secure(self):
        """TLS and a password, by a door in front of a node."""
        if not shutil.which("openssl"):
            return "skipped: there is no openssl to make a certificate with"
        authority, certificate, key = self.signed()
        node = self.cluster.nodes[0]
        wanted = "Basic " + base64.b64encode(b"anna:secret").decode()

        class Door(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def any(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                if self.headers.get("authorization") != wanted:
                    return self.say(401, b"{}")
                request = urllib.request.Request(node.address + self.path, body or None,
                                                 {"Content-Type": self.headers.get("content-type") or "application/json"}, method=self.command)
                try:
                    with urllib.request.urlopen(request, timeout=60) as answer:
                        return self.say(answer.status, answer.read())
                except urllib.error.HTTPError as error:
                    return self.say(error.code, error.read())

            do_GET = do_POST = do_PUT = do_DELETE = any

            def say(self, status, body):
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        engine = f"opensearch+https://localhost:{server.server_port}/reports"
        known = {"TIPSEARCH_ENGINE_CA": str(authority), "TIPSEARCH_ENGINE_USER": "anna"}
        stranger = self.run("search", "police", engine=engine, may_fail=True)
        holds(stranger.returncode == 2 and "certificate" in stranger.stderr.lower(), f"an unknown certificate: {stranger.stderr}")
        wrong = self.run("search", "police", engine=engine, environment={**known, "TIPSEARCH_ENGINE_PASSWORD": "guess"}, may_fail=True)
        holds(wrong.returncode == 2 and "401" in wrong.stderr and "guess" not in wrong.stderr, f"a wrong password: {wrong.stderr}")
        right = {**known, "TIPSEARCH_ENGINE_PASSWORD": "secret"}
        told = json.loads(self.run("search", QUERIES[0], "--format", "json", "-n", "20", engine=engine, environment=right).stdout)
        holds([hit["id"] for hit in told["hits"]] == self.expected[QUERIES[0]], "it answers otherwise")
        server.shutdown()
        return "over TLS with a password it answers; an unknown certificate and a wrong password are refused and told"

    def all(self, names):
        for name in names:
            begun = time.monotonic()
            told = getattr(self, name)()
            print(f"ok   {name:8} {time.monotonic() - begun:6.1f} s  {told}", flush=True)


def reports():
    """What is indexed: a shelf where there is one, else the project's own report."""
    shelf = SHARED / "reports/child-labor"
    return shelf if shelf.exists() else ROOT / "corpus"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target/release/tipsearch")
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--reports", type=pathlib.Path, default=reports())
    parser.add_argument("--required", action="store_true")
    parser.add_argument("--checks", nargs="+", choices=CHECKS, default=CHECKS, help="some of them; they build on those before")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(arguments.folder or temporary)
        try:
            cluster = Cluster(folder / "nodes", 3)
            begun = time.monotonic()
            cluster.start()
            print(f"ok   start    {time.monotonic() - begun:6.1f} s  three nodes", flush=True)
            try:
                Contract(cluster, arguments.program.resolve(), arguments.reports.resolve(), folder).all(arguments.checks)
                most = sum(node.memory() for node in cluster.nodes)
                print(f"the nodes held at most {most:.0f} MB together")
            finally:
                cluster.stop()
        except Skip as reason:
            print(f"skipped: {reason}")
            return int(arguments.required)
        except Failure as failure:
            print(f"FAILED: {failure}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
