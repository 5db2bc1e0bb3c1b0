#!/usr/bin/env python3
"""An OpenSearch of several nodes on this machine, a process each: for `gate.py`, and to try things with.

    benches/cluster/cluster.py start FOLDER [--nodes 3]    starts, waits until all have met, prints the addresses
    benches/cluster/cluster.py status FOLDER               the nodes, their processes and their memory
    benches/cluster/cluster.py kill FOLDER NAME            ends a node with SIGKILL
    benches/cluster/cluster.py revive FOLDER NAME          starts it again on what it has
    benches/cluster/cluster.py stop FOLDER                 ends them all
    benches/cluster/cluster.py pin                         writes artifacts.sha256 anew after a change of pom.xml

It needs a JDK of at least 21 (TIPSEARCH_JAVA names one, else JAVA_HOME, PATH and the system's folders are looked
through) and Maven, which fetches what pom.xml names from wherever it is set up to: everything is compared with
artifacts.sha256 before it runs. Both are kept in TIPSEARCH_CLUSTER (by default target/cluster of this project).
The nodes listen on 127.0.0.1 only, on ports that were free.
"""

import argparse
import contextlib
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
KEPT = pathlib.Path(os.environ.get("TIPSEARCH_CLUSTER") or HERE.parent.parent / "target" / "cluster")
PINNED = HERE / "artifacts.sha256"
LEAST_JAVA = 21
# Artifacts are copied by this version of Maven's own plugin.
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
# A node starts in 7 s alone on two processors, and in 30 where three start at once and others work too.
STARTS_WITHIN = 240


# What the caller's environment says must not change what is tried.
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("TIPSEARCH_")}


class Skip(Exception):
    """This machine lacks what a cluster needs."""


class Failure(Exception):
    """The cluster is not as it should be."""


# What it runs on


def java_version(java):
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60)
    except OSError:
        return 0
    version = re.search(r'version "(\d+)', told.stderr)
    return int(version[1]) if version else 0


def java_home():
    """The folder of a JDK that is new enough."""
    named = os.environ.get("TIPSEARCH_JAVA")
    homes = [pathlib.Path(named)] if named else []
    if not named:
        homes += [pathlib.Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
        on_path = shutil.which("javac")
        homes += [pathlib.Path(on_path).resolve().parent.parent] if on_path else []
        for folder in ["/usr/lib/jvm", "/opt/java", "/Library/Java/JavaVirtualMachines"]:
            homes += sorted(pathlib.Path(folder).glob("*"), reverse=True)
    for home in homes:
        for home in (home, home / "Contents/Home"):
            if (home / "bin/javac").exists() and java_version(home / "bin/java") >= LEAST_JAVA:
                return home
    raise Skip(f"there is no JDK of at least {LEAST_JAVA}; TIPSEARCH_JAVA can name its folder")


def digests(folder):
    names = sorted(file.name for file in folder.glob("*.jar"))
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def pinned():
    lines = PINNED.read_text().splitlines()
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def fetch(home, folder):
    if not shutil.which("mvn"):
        raise Skip("there is no Maven to fetch the artifacts with")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = ["mvn", "-q", "-B", "-C", "-f", HERE / "pom.xml", COPY, f"-DoutputDirectory={folder}", "-DincludeScope=runtime"]
    told = subprocess.run(command, env={**os.environ, "JAVA_HOME": str(home)}, capture_output=True, text=True)
    if told.returncode:
        raise Failure("Maven could not fetch the artifacts:\n" + told.stdout[-4000:] + told.stderr[-1000:])


def differences(found, expected):
    for name in sorted(found.keys() | expected.keys()):
        if found.get(name) != expected.get(name):
            yield f"{name}: {found.get(name, 'missing')} instead of {expected.get(name, 'none')}"


def artifacts(home):
    """The folder of the artifacts, each of which has its digest."""
    folder = KEPT / "lib"
    expected = pinned()
    if digests(folder) != expected:
        fetch(home, folder)
        wrong = list(differences(digests(folder), expected))
        if wrong:
            raise Failure("these artifacts are not what artifacts.sha256 says:\n" + "\n".join(wrong))
    return folder


def classes(home, lib):
    """The folder of Node.class, compiled where its source has changed."""
    source = (HERE / "Node.java").read_bytes()
    folder = KEPT / ("classes-" + hashlib.sha256(source + str(home).encode()).hexdigest()[:12])
    if not (folder / "Node.class").exists():
        command = [home / "bin/javac", "-proc:none", "-nowarn", "-cp", f"{lib}/*", "-d", folder, HERE / "Node.java"]
        subprocess.run(command, check=True, capture_output=True)
    return folder


def pin():
    fetch(java_home(), KEPT / "lib")
    found = digests(KEPT / "lib")
    PINNED.write_text("".join(f"{digest}  {name}\n" for name, digest in found.items()))
    print(f"{len(found)} artifacts pinned")


# The nodes


def free_ports(number):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


class Node:
    """A node, in a process that this one started or an earlier one did."""

    def __init__(self, name, http, transport, pid=None):
        self.name, self.http, self.transport, self.pid = name, http, transport, pid
        self.process = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.http}"

    def is_alive(self, folder):
        """Whether its process runs; another process that has its number by now is not it."""
        if self.process is not None and self.process.poll() is not None:
            return False
        try:
            command = pathlib.Path(f"/proc/{self.pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return str(folder).encode() in command and self.name.encode() in command

    def memory(self):
        """The most that it has held, in MB."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


class Cluster:
    """So many nodes in a folder. What is known of them stands in cluster.json there."""

    def __init__(self, folder, nodes=None, heap=512):
        self.folder = pathlib.Path(folder).resolve()
        self.heap = heap
        listed = self.folder / "cluster.json"
        if nodes is None:
            if not listed.exists():
                raise Failure(f"there is no cluster in {self.folder}")
            told = json.loads(listed.read_text())
            self.heap = told["heap"]
            self.nodes = [Node(**node) for node in told["nodes"]]
        else:
            if listed.exists():
                raise Failure(f"there is a cluster in {self.folder} already")
            ports = free_ports(2 * nodes)
            self.nodes = [Node(f"n{i + 1}", ports[2 * i], ports[2 * i + 1]) for i in range(nodes)]
        self.home = java_home()
        self.lib = artifacts(self.home)
        self.classes = classes(self.home, self.lib)

    def engine(self, name):
        """The address of an index, as `--engine` takes it."""
        hosts = ",".join(node.address.removeprefix("http://") for node in self.nodes)
        return f"opensearch+http://{hosts}/{name}"

    def node(self, name):
        found = [node for node in self.nodes if node.name == name]
        if not found:
            raise Failure(f"there is no node {name}: {', '.join(node.name for node in self.nodes)}")
        return found[0]

    def write(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        nodes = [{key: getattr(node, key) for key in ("name", "http", "transport", "pid")} for node in self.nodes]
        (self.folder / "cluster.json").write_text(json.dumps({"heap": self.heap, "nodes": nodes}, indent=1) + "\n")

    def launch(self, node):
        seeds = ",".join(f"127.0.0.1:{each.transport}" for each in self.nodes)
        managers = ",".join(each.name for each in self.nodes)
        # The serial collector and one compiler: three processes share two processors.
        command = [self.home / "bin/java", "-Xms256m", f"-Xmx{self.heap}m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError",
                   "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-Dio.netty.noUnsafe=true",
                   "-Dlog4j2.disable.jmx=true", "-cp", f"{self.classes}:{self.lib}/*", "Node", self.folder, node.name,
                   str(node.http), str(node.transport), seeds, managers]
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / f"{node.name}.log", "ab") as log:
            # Of a session of its own, so that what is typed here does not end it.
            node.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        node.pid = node.process.pid
        self.write()

    def start(self):
        for node in self.nodes:
            self.launch(node)
        try:
            self.meet()
        except BaseException:
            self.stop()
            raise

    def meet(self):
        """Waits until every node answers and is in the same cluster."""
        end = time.monotonic() + STARTS_WITHIN
        for node in self.nodes:
            while not self.has_met(node):
                if not node.is_alive(self.folder):
                    raise Failure(f"node {node.name} has ended:\n{self.log(node)}")
                if time.monotonic() > end:
                    raise Failure(f"node {node.name} did not start in {STARTS_WITHIN} s:\n{self.log(node)}")
                time.sleep(0.3)

    def has_met(self, node):
        path = f"/_cluster/health?wait_for_nodes={len(self.nodes)}&wait_for_events=languid&timeout=2s"
        try:
            with urllib.request.urlopen(node.address + path, timeout=10) as answer:
                return not json.load(answer)["timed_out"]
        except (OSError, ValueError):
            return False

    def log(self, node):
        lines = (self.folder / f"{node.name}.log").read_text(errors="replace").splitlines()
        return "\n".join(lines[-40:])

    def kill(self, node, how=signal.SIGKILL):
        if node.is_alive(self.folder):
            os.kill(node.pid, how)
        if node.process is not None:
            node.process.wait()

    def stop(self):
        alive = [node for node in self.nodes if node.is_alive(self.folder)]
        for node in alive:
            os.kill(node.pid, signal.SIGTERM)
        end = time.monotonic() + 30
        while any(node.is_alive(self.folder) for node in alive) and time.monotonic() < end:
            time.sleep(0.1)
        for node in alive:
            self.kill(node)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["start", "status", "kill", "revive", "stop", "pin"])
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    parser.add_argument("name", nargs="?")
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--heap", type=int, default=512, help="MB for each node")
    arguments = parser.parse_args()
    if arguments.what == "pin":
        return pin()
    if arguments.folder is None or (arguments.what in ("kill", "revive") and not arguments.name):
        parser.error(f"`{arguments.what}` needs a folder, and for one node its name")
    if arguments.what == "start":
        cluster = Cluster(arguments.folder, arguments.nodes, arguments.heap)
        cluster.start()
        for node in cluster.nodes:
            print(node.address)
        return None
    cluster = Cluster(arguments.folder)
    if arguments.what == "status":
        for node in cluster.nodes:
            alive = node.is_alive(cluster.folder)
            print(node.name, node.address, f"process {node.pid}, at most {node.memory():.0f} MB" if alive else "not running")
    elif arguments.what == "kill":
        cluster.kill(cluster.node(arguments.name))
    elif arguments.what == "revive":
        node = cluster.node(arguments.name)
        if not node.is_alive(cluster.folder):
            cluster.launch(node)
        cluster.meet()
    else:
        cluster.stop()
    return None


if __name__ == "__main__":
    try:
        main()
    except Skip as reason:
        print(f"skipped: {reason}")
    except Failure as failure:
        sys.exit(f"error: {failure}")
