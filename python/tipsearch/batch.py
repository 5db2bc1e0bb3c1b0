"""Reads and cuts a shelf on the machines of a Ray cluster, a shard a task, and then indexes it here, where that is asked for.

    python -m tipsearch.batch reports/ --shards 64 --out parts/ --index index/

Each machine needs Ray, the program and the reports under the same path; this package is needed only where the command runs.
"""

from __future__ import annotations

import argparse
import hashlib
import heapq
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

try:
    import ray
    import ray.cloudpickle
    from ray.exceptions import RayError
except ImportError as error:
    raise ImportError("the batch over many machines needs Ray: pip install 'tipsearch[ray]'") from error

#: How the names of the files of a shard end: the manifest last, as it is written last.
DATA, ERRORS, MANIFEST = ENDINGS = (".jsonl.zst", ".errors.jsonl", ".manifest.json")
#: As many shards as `chunk` takes.
MOST_SHARDS = 100_000
#: So many lines of what a program says before it fails are told.
LAST_LINES = 5
#: The wait before the second try, doubled before each later one, and the longest; seconds.
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
#: So many tasks stand with Ray at once. Fewer where shards are brought back, which are then held in memory.
MOST_TASKS, MOST_COLLECTED = 1000, 16
#: Another machine may see a file in a shared folder some seconds after it is there.
VISIBLE_AFTER = 10.0

Say = Callable[[str], None]


class BatchError(Exception):
    """What kept the batch from being finished. Shards that are finished stay so for the next run."""


@dataclass(frozen=True)
class Manifest:
    """What stands in the manifest of a shard, and how it came about."""

    shard: int
    of: int
    files: int
    documents: int
    passages: int
    failed: int
    #: Size of the data.
    bytes: int
    sha256: str
    errors_sha256: str
    #: Digests of what all shards of one shelf must have in common: configuration and files.
    config: str
    digest: str
    #: Id and reason of each file that could not be read.
    errors: list[tuple[str, str]] = field(repr=False)
    #: Whether the shard was finished before.
    kept: bool
    #: The machine that cut it, how long it took there, and which try it was.
    node: str
    seconds: float
    tries: int

    @classmethod
    def of_answer(cls, answer: dict[str, Any], tries: int) -> Manifest:
        """Reads what a task gives."""
        value, files = json.loads(answer["files"][MANIFEST]), answer["files"]
        errors = [json.loads(line) for line in files[ERRORS].decode().splitlines()]
        return cls(
            **{name: value[name] for name in ("shard", "of", "bytes", "sha256", "errors_sha256", "config")},
            **{name: value["counts"][name] for name in ("files", "documents", "passages", "failed")},
            digest=value["whole"]["digest"],
            errors=[(line["doc_id"], line["error"]) for line in errors],
            kept=answer["kept"],
            node=answer["node"],
            seconds=answer["seconds"],
            tries=tries,
        )


def _cut(command: list[str], paths: list[str], name: str, out: str | None, before: dict[str, bytes]) -> dict[str, Any]:
    """Runs on some machine: cuts a shard. Takes and gives plain values, so that the machine does not need this package.

    Without `out` the shard is written to a temporary folder, into which `before` is put first, and is given back.
    """
    address = ray.util.get_node_ip_address()  # type: ignore[no-untyped-call]
    begun, node = time.monotonic(), f"{socket.gethostname()} ({address})"
    # The folder was made where the command runs: a machine that does not see it does not share it.
    lacks = [path for path in [*paths, *([out] if out else [])] if not os.path.exists(path)]
    lacks += [command[0]] if shutil.which(command[0]) is None else []
    if lacks:
        return {"node": node, "lacks": lacks}
    with ExitStack() as stack:
        folder = Path(out or stack.enter_context(tempfile.TemporaryDirectory(prefix="tipsearch-")))
        for ending, content in before.items():
            (folder / (name + ending)).write_bytes(content)
        output, said = stack.enter_context(tempfile.TemporaryFile()), stack.enter_context(tempfile.TemporaryFile())
        streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": said}
        process = subprocess.Popen([*command, "--output", str(folder / (name + DATA))], **streams)  # type: ignore[call-overload]
        try:
            # A task that is cancelled gets its KeyboardInterrupt only between steps of Python.
            while process.poll() is None:
                time.sleep(0.05)
        finally:
            process.kill()
            process.wait()
        output.seek(0)
        said.seek(0)
        if process.returncode != 0:
            last = said.read().decode(errors="replace").splitlines()[-LAST_LINES:]
            return {"node": node, "exit": process.returncode, "last": [line[:500] for line in last]}
        kept = bool(json.loads(output.read())["kept"])
        wanted = ENDINGS if out is None and not kept else (ERRORS, MANIFEST)
        files = {ending: (folder / (name + ending)).read_bytes() for ending in wanted}
        return {"node": node, "kept": kept, "files": files, "seconds": time.monotonic() - begun}


@dataclass
class _Batch:
    """The shards of a run: each waits, is with Ray, is finished, or has failed."""

    command: list[str]
    paths: list[str]
    out: Path
    shards: int
    retries: int
    collect: bool
    cpus: float
    say: Say
    #: When a shard may be tried, and its number; a heap.
    waiting: list[tuple[float, int]] = field(default_factory=list)
    running: dict[Any, int] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)
    finished: dict[int, Manifest] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)

    def run(self) -> None:
        """Cuts all shards; a shard that fails for good does not keep the others from being cut."""
        # Ray's own retries are not used, so that those after a failure and those after a loss are counted, told and
        # put off in one way.
        cut = ray.remote(_cut).options(num_cpus=self.cpus, max_retries=0, name="tipsearch chunk")
        self.waiting = [(0.0, number) for number in range(1, self.shards + 1)]
        try:
            while self.waiting or self.running:
                self._start(cut)
                self._wait()
        except BaseException:
            for task in self.running:
                ray.cancel(task, recursive=False)
            if self.running:
                # Until the programs are ended.
                ray.wait(list(self.running), num_returns=len(self.running), timeout=10)
            raise

    def _start(self, cut: Any) -> None:
        most = MOST_TASKS
        if self.collect:
            processors = ray.cluster_resources().get("CPU", 0)  # type: ignore[no-untyped-call]
            most = max(MOST_COLLECTED, int(2 * processors))
        while self.waiting and len(self.running) < most and self.waiting[0][0] <= time.monotonic():
            _, number = heapq.heappop(self.waiting)
            self.tries[number] = self.tries.get(number, 0) + 1
            command = [*self.command, "--shard", f"{number}/{self.shards}"]
            out = None if self.collect else str(self.out)
            task = cut.remote(command, self.paths, f"shard-{number}", out, self._before(number))
            self.running[task] = number

    def _before(self, number: int) -> dict[str, bytes]:
        """A shard that is brought back may have been finished before: the program decides whether it is as it was."""
        files = {ending: self._file(number, ending) for ending in ENDINGS}
        if not self.collect or not all(file.exists() for file in files.values()):
            return {}
        return {ending: file.read_bytes() for ending, file in files.items()}

    def _file(self, number: int, ending: str) -> Path:
        return self.out / f"shard-{number}{ending}"

    def _wait(self) -> None:
        """Waits until a task is done or a shard may be tried again."""
        pause = min(max(self.waiting[0][0] - time.monotonic(), 0.01), 1.0) if self.waiting else None
        if not self.running:
            time.sleep(pause or 0)
            return
        for task in ray.wait(list(self.running), num_returns=1, timeout=pause)[0]:
            number = self.running.pop(task)
            try:
                answer = ray.get(task)
            except RayError as error:
                self._again(number, f"{type(error).__name__}: {_gist(str(error))}")
                continue
            if "lacks" in answer:
                lacks = " and ".join(f"`{path}`" for path in answer["lacks"])
                share = " (--collect does without a shared folder)" if str(self.out) in answer["lacks"] else ""
                raise BatchError(f"{answer['node']} has no {lacks}; all machines need it under the same path{share}")
            if "exit" in answer:
                how = f"exit code {answer['exit']}" if answer["exit"] > 0 else f"ended by signal {-answer['exit']}"
                self._again(number, "\n  ".join([f"{how} on {answer['node']}", *answer["last"]]))
                continue
            self._finish(number, answer)

    def _again(self, number: int, reason: str) -> None:
        """Puts a shard off, unless it was tried as often as it may be."""
        tried, shard = self.tries[number], f"shard {number}/{self.shards}"
        if tried > self.retries:
            self.failed[number] = f"{shard} failed {tried} times; the last time: {reason}"
            self.say(self.failed[number])
            return
        wait = min(FIRST_WAIT * 2 ** (tried - 1), LONGEST_WAIT)
        heapq.heappush(self.waiting, (time.monotonic() + wait, number))
        self.say(f"{shard} again in {wait:.0f} s: {reason}")

    def _finish(self, number: int, answer: dict[str, Any]) -> None:
        manifest = Manifest.of_answer(answer, self.tries[number])
        if self.collect and not self._store(manifest, answer["files"]):
            self._again(number, f"what came from {answer['node']} has not the digest of its manifest")
            return
        self.finished[number] = manifest
        failed = f" ({manifest.failed} failed)" if manifest.failed else ""
        how = "finished before" if manifest.kept else f"{manifest.bytes / 1e6:.1f} MB in {manifest.seconds:.1f} s"
        self.say(
            f"{len(self.finished)} of {self.shards}: shard {number}, {manifest.passages} passages in "
            f"{manifest.documents} documents of {manifest.files} files{failed}, {how} on {manifest.node}"
        )

    def _store(self, manifest: Manifest, files: dict[str, bytes]) -> bool:
        """Writes a shard that was brought back, the manifest last. `False` where it is not what its manifest says."""
        digests = {DATA: manifest.sha256, ERRORS: manifest.errors_sha256}
        for ending, content in files.items():
            if ending in digests and hashlib.sha256(content).hexdigest() != digests[ending]:
                return False
        for ending, content in files.items():
            _write(self._file(manifest.shard, ending), content)
        return True

    def check(self) -> None:
        """Whether all shards are finished, here, and of one shelf."""
        if self.failed:
            some = [self.failed[number] for number in sorted(self.failed)[:5]]
            more = [f"and {len(self.failed) - len(some)} shards more"] if len(self.failed) > len(some) else []
            done = f"{len(self.finished)} of {self.shards} shards are finished, and are kept for the next run"
            raise BatchError("\n".join([*some, *more, done]))
        first = self.finished[1]
        for manifest in self.finished.values():
            what = "other files" if manifest.digest != first.digest else "another configuration or version"
            if (manifest.digest, manifest.config) != (first.digest, first.config):
                raise BatchError(
                    f"shard {manifest.shard} was made with {what} (on {manifest.node}) than shard 1 (on {first.node}); "
                    "where the reports have changed meanwhile, run it again"
                )
        latest = time.monotonic() + VISIBLE_AFTER
        while absent := [it for it in self.finished.values() if not self._file(it.shard, MANIFEST).exists()]:
            if time.monotonic() > latest:
                nodes = ", ".join(sorted({manifest.node for manifest in absent}))
                raise BatchError(
                    f"{len(absent)} shards are in `{self.out}` on {nodes} and not here: share the folder, or "
                    "have them brought here (--collect)"
                )
            time.sleep(0.5)


def _gist(text: str) -> str:
    """The line of a message of Ray's that says what was wrong: the first, or the last behind a trace."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["no reason is given"]
    return (lines[-1] if "Traceback" in text or lines[0].startswith("\x1b") else lines[0])[:200]


def _write(path: Path, content: bytes) -> None:
    """Writes a file that is there whole or not at all."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    with open(partial, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def _check_folder(out: Path, paths: Sequence[str], shards: int) -> None:
    """Makes the folder, unless shards in it would be read as reports, or indexed with those of another number."""
    for path in paths:
        if out.resolve().is_relative_to(Path(path).resolve()):
            raise BatchError(f"`{out}` would lie among the reports in `{path}`; name another folder")
    out.mkdir(parents=True, exist_ok=True)
    own = {f"shard-{number}{DATA}" for number in range(1, shards + 1)}
    for file in sorted(out.glob(f"shard-*{DATA}")):
        if file.name not in own:
            raise BatchError(f"`{file}` is none of {shards} shards; remove it or name another folder")


def chunk_shelf(
    paths: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    shards: int,
    *,
    program: str = "tipsearch",
    retries: int = 3,
    args: Sequence[str] = (),
    collect: bool = False,
    cpus: float = 1,
    say: Say = lambda _: None,
) -> list[Manifest]:
    """Cuts the reports in `paths` into `out`, as `tipsearch chunk` does with `args`, on the Ray cluster of this process.

    Shards that are finished and whose files have not changed stay as they are. A shard whose program fails, or whose
    machine is lost, is tried again up to `retries` times, after 1 s, 2 s, 4 s, and so on. `out` is a folder that all
    machines share, or with `collect` one of this machine alone. A task reserves `cpus` processors and reads with as many threads; `say` is told what
    happens, a line at a time. Gives the manifests in the order of the shards.

    Raises BatchError where a shard is not finished.
    """
    if not paths or not 1 <= shards <= MOST_SHARDS or retries < 0:
        raise ValueError(f"there must be a path, from 1 to {MOST_SHARDS} shards, and no fewer than 0 retries")
    if os.sep in program:
        program = os.path.abspath(program)
    shelf, folder = [os.path.abspath(path) for path in paths], Path(os.path.abspath(out))
    _check_folder(folder, shelf, shards)
    if __name__ != "__main__":
        # What is run travels with the task, so that machines need not have this package, nor the same version of it.
        ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # type: ignore[no-untyped-call]
    threads = [] if "--threads" in args else ["--threads", str(max(1, int(cpus)))]
    command = [program, "chunk", *shelf, "--json", *threads, *args]
    batch = _Batch(command, shelf, folder, shards, retries, collect, cpus, say)
    batch.run()
    batch.check()
    return [batch.finished[number] for number in range(1, shards + 1)]


def merge_errors(manifests: Sequence[Manifest], path: str | os.PathLike[str]) -> int:
    """Writes what could not be read of all shards into one file, by id: lines of `{"doc_id", "error"}`. How many."""
    errors = sorted(error for manifest in manifests for error in manifest.errors)
    lines = [json.dumps({"doc_id": doc_id, "error": error}, ensure_ascii=False) + "\n" for doc_id, error in errors]
    _write(Path(path), "".join(lines).encode())
    return len(errors)


def index_shelf(out: str | os.PathLike[str], index: str | os.PathLike[str], *, program: str = "tipsearch") -> None:
    """Indexes the shards in `out` on this machine.

    Raises subprocess.CalledProcessError where the program fails, or there is no document; it has then said why.
    """
    pattern = os.path.join(out, f"shard-*{DATA}")
    subprocess.run([program, "index", "--from", pattern, "--index", os.fspath(index)], check=True)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tipsearch.batch", description="Cuts reports on the machines of a Ray cluster, and indexes them."
    )
    add = parser.add_argument
    add("paths", nargs="+", metavar="PATH", help="folders and files, under the same path on all machines")
    add("--shards", type=int, required=True, help="how many: several times as many as there are processors")
    add("--out", required=True, metavar="FOLDER", help="where the shards go: a folder that all machines share")
    add("--collect", action="store_true", help="bring the shards back through Ray: the folder is this machine's own")
    add("--index", metavar="FOLDER", help="index the shards into this folder, on this machine")
    add(
        "--address",
        help="of the cluster (`auto`, HOST:PORT) [default: $RAY_ADDRESS, a cluster that runs here, else this machine alone]",
    )
    add("--program", default="tipsearch", help="the program on all machines [default: %(default)s]")
    add("--retries", type=int, default=3, help="how often a shard is tried again [default: %(default)s]")
    add("--cpus", type=float, default=1, help="processors that a shard reserves [default: %(default)s]")
    add("--ocr", metavar="LANGUAGES", help="read pages that are pictures, in these languages (eng+rus)")
    add("--force", action="store_true", help="cut shards again that are finished")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. 0 when all is done, whatever could not be read; 2 when it is not; 130 when it was stopped."""
    options = _arguments(arguments)

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    args = [f"--ocr={options.ocr}"] if options.ocr else []
    args += ["--force"] if options.force else []
    # An index that lies among the reports is none.
    args += ["--index", os.path.abspath(options.index)] if options.index else []
    begun = time.monotonic()
    try:
        ray.init(options.address, log_to_driver=False, logging_level=logging.WARNING)
        same = ("program", "retries", "collect", "cpus")
        named = {name: getattr(options, name) for name in same}
        manifests = chunk_shelf(options.paths, options.out, options.shards, args=args, say=say, **named)
        errors = os.path.join(options.out, "errors.jsonl")
        failed = merge_errors(manifests, errors)
        passages, documents, files, size = (
            sum(getattr(manifest, name) for manifest in manifests)
            for name in ("passages", "documents", "files", "bytes")
        )
        print(
            f"{options.shards} shards: {passages} passages in {documents} documents of {files} files, {size / 1e6:.1f} MB "
            f"in {time.monotonic() - begun:.1f} s" + (f"; {failed} failures stand in {errors}" if failed else ""),
            flush=True,
        )
        if options.index:
            index_shelf(options.out, options.index, program=options.program)
    except KeyboardInterrupt:
        say("stopped; shards that are finished are kept for the next run")
        return 130
    except (BatchError, ConnectionError, OSError, ValueError, subprocess.CalledProcessError) as error:
        say(f"error: {error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
