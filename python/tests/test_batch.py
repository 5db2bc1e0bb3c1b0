"""The batch over the nodes of a Ray cluster on this machine: `TIPSEARCH=/path/to/tipsearch pytest`."""

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ray = pytest.importorskip("ray", reason="there is no Ray")
zstandard = pytest.importorskip("zstandard", reason="there is no zstandard to read shards with")

from ray.cluster_utils import Cluster

from tipsearch import batch

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TIPSEARCH_SHARED", ROOT.parent / "shared")) / "reports" / "child-labor"
SHELF = SHARED if SHARED.is_dir() else ROOT / "corpus"
PROGRAM = os.path.abspath(os.environ["TIPSEARCH"]) if "TIPSEARCH" in os.environ else "tipsearch"

pytestmark = pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="there is no tipsearch program: set TIPSEARCH")

#: A modest machine is to do.
NODE: dict[str, Any] = {"object_store_memory": 100 * 1024 * 1024, "include_dashboard": False}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A head that takes no tasks, and one node."""
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **NODE})
    try:
        cluster.add_node(num_cpus=2, **NODE)
        ray.init(address=cluster.address, log_to_driver=False)
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The lines of a run without Ray, in one shard."""
    out = tmp_path_factory.mktemp("plain")
    subprocess.run([PROGRAM, "chunk", SHELF, "-o", out / "shard-1.jsonl.zst"], check=True, stdout=subprocess.DEVNULL)
    return lines(out)


def lines(out: Path) -> list[str]:
    """All lines of all shards but their headers, sorted."""
    found: list[str] = []
    for shard in out.glob("shard-*.jsonl.zst"):
        with open(shard, "rb") as file:
            text = zstandard.ZstdDecompressor().stream_reader(file).read().decode()
        found += text.split("\n")[1:-1]
    return sorted(found)


def script(path: Path, *steps: str) -> str:
    """A program that does something before it is tipsearch."""
    path.write_text("\n".join(["#!/bin/sh", *steps, f'exec "{PROGRAM}" "$@"', ""]))
    path.chmod(0o755)
    return str(path)


def slow(folder: Path, seconds: float) -> tuple[str, Callable[[], list[tuple[int, int, int]]]]:
    """A program that takes its time, and the runs of it until now: process of the node, own process, shard."""
    log = folder / "runs"
    log.touch()
    which = 'for it; do case "$it" in [0-9]*/*[0-9]) shard=${it%%/*};; esac; done'
    program = script(folder / "slow", which, f'echo "$RAY_RAYLET_PID $$ $shard" >> "{log}"', f"sleep {seconds}")

    def runs() -> list[tuple[int, int, int]]:
        rows = [line.split() for line in log.read_text().splitlines()]
        return [(int(node), int(process), int(shard)) for node, process, shard in rows]

    return program, runs


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("collect", [False, True])
def test_lost_node(cluster: Cluster, plain: list[str], tmp_path: Path, collect: bool) -> None:
    victim = cluster.add_node(num_cpus=2, **NODE)
    raylet = victim.all_processes["raylet"][0].process.pid
    program, runs = slow(tmp_path, 0.7)
    said: list[str] = []
    lost: set[int] = set()
    out = tmp_path / "parts"

    def say(line: str) -> None:
        said.append(line)
        of_victim = {shard: process for node, process, shard in runs() if node == raylet}
        unfinished = {shard for shard in of_victim if not (out / f"shard-{shard}.manifest.json").exists()}
        if len(said) < 8 or not unfinished or lost:
            return
        lost.update(unfinished)
        cluster.remove_node(victim, allow_graceful=False)
        # With a machine its programs go too.
        for shard in unfinished:
            if is_running(of_victim[shard]):
                os.kill(of_victim[shard], signal.SIGKILL)

    manifests = batch.chunk_shelf([SHELF], out, 24, program=program, say=say, collect=collect)
    # What had just been sent there, or was just finished, may be one more or one less.
    again = {manifest.shard for manifest in manifests if manifest.tries > 1}
    assert again & lost, said
    assert {shard for node, _, shard in runs() if node != raylet} >= again
    assert any("again in 1 s" in line for line in said)
    assert lines(out) == plain
    assert sum(manifest.passages for manifest in manifests) == sum('{"passage"' in line for line in plain)
    batch.index_shelf(out, tmp_path / "index", program=PROGRAM)
    status = subprocess.run(
        [PROGRAM, "status", "--json", "--index", tmp_path / "index"], check=True, capture_output=True
    )
    indexed = sum(document["passages"] for document in json.loads(status.stdout)["documents"])
    assert indexed == sum(manifest.passages for manifest in manifests)


def test_failures(cluster: Cluster, plain: list[str], tmp_path: Path) -> None:
    out = tmp_path / "parts"
    bad = script(tmp_path / "bad", 'case "$*" in *"--shard 2/4"*) echo "the disk is full" >&2; exit 3;; esac')
    with pytest.raises(batch.BatchError) as refused:
        batch.chunk_shelf([SHELF], out, 4, program=bad, retries=1)
    assert "shard 2/4 failed 2 times" in str(refused.value)
    assert "exit code 3" in str(refused.value) and "the disk is full" in str(refused.value)
    assert "3 of 4 shards are finished" in str(refused.value)
    # What is finished is kept; what fails once is tried again.
    once = script(tmp_path / "once", f'if mkdir "{tmp_path}/tried" 2>/dev/null; then kill -9 $$; fi')
    said: list[str] = []
    manifests = batch.chunk_shelf([SHELF], out, 4, program=once, say=said.append)
    assert [manifest.kept for manifest in manifests] == [True, False, True, True]
    assert sorted(manifest.tries for manifest in manifests) == [1, 1, 1, 2]
    assert any("ended by signal 9" in line for line in said)
    assert lines(out) == plain


def test_what_a_machine_lacks(cluster: Cluster, tmp_path: Path) -> None:
    with pytest.raises(batch.BatchError, match=r"has no `/there/is/none`; all machines"):
        batch.chunk_shelf(["/there/is/none"], tmp_path / "parts", 2, program=PROGRAM)
    with pytest.raises(batch.BatchError, match=r"has no `no-such-program`"):
        batch.chunk_shelf([SHELF], tmp_path / "parts", 2, program="no-such-program")


def test_a_folder_that_is_not_shared(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "parts"
    assert batch._cut([PROGRAM], [str(SHELF)], "shard-1", str(out), {})["lacks"] == [str(out)]
    # Or there is another of the same name.
    monkeypatch.setattr(batch, "VISIBLE_AFTER", 0.1)
    with pytest.raises(batch.BatchError, match="1 shards are in .* and not here: share the folder"):
        batch.chunk_shelf([SHELF], out, 1, program=PROGRAM, say=lambda _: (out / "shard-1.manifest.json").unlink())


def test_reports_that_change(cluster: Cluster, tmp_path: Path) -> None:
    shelf, out = tmp_path / "reports", tmp_path / "parts"
    shelf.mkdir()
    (shelf / "first.md").write_text("# A report\n\nShelters were opened.\n")
    late = f'until [ -e "{out}/shard-1.manifest.json" ]; do sleep 0.1; done; echo "# Late" > "{shelf}/late.md"'
    program = script(tmp_path / "late", f'case "$*" in *"--shard 2/2"*) {late};; esac')
    with pytest.raises(batch.BatchError, match="shard 2 was made with other files"):
        batch.chunk_shelf([shelf], out, 2, program=program)
    batch.chunk_shelf([shelf], out, 2, program=PROGRAM)
    assert sum('"document"' in line for line in lines(out)) == 2


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(batch.BatchError, match="among the reports"):
        batch.chunk_shelf([tmp_path], tmp_path / "parts", 2)
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "shard-3.jsonl.zst").touch()
    with pytest.raises(batch.BatchError, match="none of 2 shards"):
        batch.chunk_shelf([SHELF], tmp_path / "parts", 2)
    with pytest.raises(ValueError):
        batch.chunk_shelf([SHELF], tmp_path / "parts", 0)


def test_collect(cluster: Cluster, plain: list[str], tmp_path: Path) -> None:
    out = tmp_path / "parts"
    first = batch.chunk_shelf([SHELF], out, 5, program=PROGRAM, collect=True)
    assert lines(out) == plain
    second = batch.chunk_shelf([SHELF], out, 5, program=PROGRAM, collect=True)
    assert all(manifest.kept for manifest in second)
    assert [manifest.sha256 for manifest in second] == [manifest.sha256 for manifest in first]
    (out / "shard-4.jsonl.zst").write_bytes(b"damaged")
    third = batch.chunk_shelf([SHELF], out, 5, program=PROGRAM, collect=True)
    assert [manifest.kept for manifest in third] == [True, True, True, False, True]
    assert lines(out) == plain


def test_errors(cluster: Cluster, tmp_path: Path) -> None:
    shelf = tmp_path / "reports"
    shelf.mkdir()
    for name in ("a", "b", "c"):
        (shelf / f"{name}.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (shelf / "d.md").write_text("# A report\n\nShelters were opened.\n")
    manifests = batch.chunk_shelf([shelf], tmp_path / "parts", 2, program=PROGRAM)
    assert batch.merge_errors(manifests, tmp_path / "errors.jsonl") == 3
    errors = [json.loads(line) for line in (tmp_path / "errors.jsonl").read_text().splitlines()]
    assert [error["doc_id"] for error in errors] == ["a.pdf", "b.pdf", "c.pdf"]
    assert sum(manifest.documents for manifest in manifests) == 1


def test_machines_need_not_have_the_package() -> None:
    ray.cloudpickle.register_pickle_by_value(batch)
    sent = ray.cloudpickle.dumps(batch._cut)
    receive = "import sys, pickle; sys.modules['tipsearch'] = None; print(pickle.load(sys.stdin.buffer).__name__)"
    received = subprocess.run([sys.executable, "-c", receive], input=sent, capture_output=True, check=True)
    assert received.stdout == b"_cut\n"
    assert pickle.loads(sent) is not None


def test_command(cluster: Cluster, plain: list[str], tmp_path: Path) -> None:
    run = [sys.executable, "-m", "tipsearch.batch", str(SHELF), "--address", cluster.address, "--program", PROGRAM]
    run += ["--shards", "4", "--out", str(tmp_path / "parts"), "--index", str(tmp_path / "index")]
    done = subprocess.run(run, check=False, capture_output=True, text=True, cwd=ROOT / "python")
    assert done.returncode == 0, done.stderr
    assert "4 shards: " in done.stdout and "4 of 4: shard " in done.stderr
    assert lines(tmp_path / "parts") == plain
    assert (tmp_path / "index" / "current.json").exists()
    assert (tmp_path / "parts" / "errors.jsonl").exists()


def test_interrupt(cluster: Cluster, tmp_path: Path) -> None:
    program, runs = slow(tmp_path, 60)
    run = [sys.executable, "-m", "tipsearch.batch", str(SHELF), "--address", cluster.address, "--program", program]
    run += ["--shards", "4", "--out", str(tmp_path / "parts")]
    with subprocess.Popen(run, stderr=subprocess.PIPE, text=True, cwd=ROOT / "python") as process:
        latest = time.monotonic() + 60
        while not runs() and process.poll() is None and time.monotonic() < latest:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
        assert process.stderr is not None and "stopped" in process.stderr.read()
    latest = time.monotonic() + 10
    while any(is_running(program) for _, program, _ in runs()) and time.monotonic() < latest:
        time.sleep(0.1)
    assert runs() and not any(is_running(program) for _, program, _ in runs())
    # Those that had not begun do not begin now.
    assert len(runs()) <= 2
