#!/usr/bin/env python3
"""What an engine over OpenSearch relies on, tried on three real nodes: one line for each, and 1 where one fails.

    benches/cluster/gate.py [--folder FOLDER] [--keep] [--required]

The nodes are started in FOLDER (a temporary one by default) and ended, with `--keep` not. Where there is no JDK or no
Maven it says that it skips, and ends with 0; with `--required` with 1. Passages are made here, the same each time, so that
every count is known beforehand.
"""

import argparse
import collections
import json
import math
import pathlib
import random
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from cluster import Cluster, Failure, Skip

PASSAGES = 3000
# Every passage has one of each, by its number: the counts of facets are known.
COUNTRIES = ["kazakhstan", "kyrgyzstan", "uzbekistan", "tajikistan", "turkmenistan", "mongolia", "georgia"]
WORDS = ("police border guards complicity forced labor cotton harvest victims shelter prosecution court law minister report "
         "children trafficking convicted sentence funding protection training inspectors employer passport debt").split()
# The queries that go on while a node is killed, each over all shards.
DURING = 12
CLIENTS = 4
# How often, and after what pause, a client asks another node where one does not answer.
TRIES = 40
PAUSE = 0.25
# So many passages are written at once while a node is lost.
BATCH = 100
K1, B = 1.2, 0.75

MAPPING = {
    "settings": {
        "number_of_shards": 3,
        "number_of_replicas": 1,
        # A node that is gone may be back: its shards are not copied anew at once.
        "index.unassigned.node_left.delayed_timeout": "5s",
        "analysis": {
            "filter": {
                "possessive": {"type": "stemmer", "language": "possessive_english"},
                "stop": {"type": "stop", "stopwords": "_english_"},
            },
            "analyzer": {
                "chain": {"type": "custom", "tokenizer": "standard", "filter": ["possessive", "lowercase", "stop", "porter_stem"]},
            },
        },
    },
    "mappings": {
        "dynamic": "strict",
        "_meta": {"schema": 1, "analyzer": "made by gate.py"},
        "properties": {
            "id": {"type": "keyword"},
            "country": {"type": "keyword"},
            "year": {"type": "integer"},
            # Terms that were made elsewhere.
            "main": {"type": "text", "analyzer": "whitespace", "norms": True},
            "text": {"type": "text", "analyzer": "chain"},
        },
    },
}


def passages():
    chance = random.Random(7)
    for number in range(PASSAGES):
        words = chance.choices(WORDS, k=chance.randint(20, 120))
        yield {"id": f"p{number:05}", "country": COUNTRIES[number % len(COUNTRIES)], "year": 2001 + number % 20,
               "main": " ".join(words), "text": " ".join(words)}


class Answer(Exception):
    """An answer that is an error."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body[:600]}")
        self.status, self.body = status, body


def ask(node, method, path, body=None, timeout=30):
    is_lines = isinstance(body, list)
    data = None
    if body is not None:
        data = ("".join(json.dumps(line) + "\n" for line in body) if is_lines else json.dumps(body)).encode()
    kind = "application/x-ndjson" if is_lines else "application/json"
    request = urllib.request.Request(node.address + path, data, {"Content-Type": kind}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Answer(error.code, error.read().decode(errors="replace")) from None


def holds(condition, message):
    if not condition:
        raise Failure(message)


class Gate:
    """The checks, in the order in which they build on one another. Each returns what it has to tell."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.nodes = cluster.nodes
        self.made = list(passages())

    def any(self, method, path, body=None):
        return ask(self.nodes[0], method, path, body, timeout=120)

    def nodes_meet(self):
        told = self.any("GET", "/")["version"]
        health = self.any("GET", "/_cluster/health")
        holds(health["number_of_nodes"] == len(self.nodes), f"{health['number_of_nodes']} nodes have met")
        return f"{health['number_of_nodes']} nodes of {told['distribution']} {told['number']} (Lucene {told['lucene_version']})"

    def analyze(self):
        self.any("PUT", "/gate-1", MAPPING)
        text = "The border guards' complicity, and Uzbekistan's cotton-harvesting"
        tokens = self.any("POST", "/gate-1/_analyze", {"analyzer": "chain", "text": text})["tokens"]
        found = [(token["token"], token["position"], text[token["start_offset"]:token["end_offset"]]) for token in tokens]
        expected = [("border", 1, "border"), ("guard", 2, "guards"), ("complic", 3, "complicity"),
                    ("uzbekistan", 5, "Uzbekistan's"), ("cotton", 6, "cotton"), ("harvest", 7, "harvesting")]
        holds(found == expected, f"the chain gives {found}")
        sent = ["complic", "$35,000", "125(3)(b)", "laborinspector"]
        tokens = self.any("POST", "/gate-1/_analyze", {"field": "main", "text": " ".join(sent)})["tokens"]
        holds([token["token"] for token in tokens] == sent, f"terms that were made elsewhere come out as {tokens}")
        return f"{len(expected)} tokens with places and stems as expected; terms made elsewhere stay as they are"

    def bulk(self):
        lines = []
        for passage in self.made:
            lines += [{"index": {"_index": "gate-1", "_id": passage["id"]}}, passage]
        # One that does not fit is refused alone.
        lines += [{"index": {"_index": "gate-1", "_id": "odd"}}, {"id": "odd", "year": "no year"}]
        answer = self.any("POST", "/_bulk", lines)
        refused = [item["index"] for item in answer["items"] if item["index"]["status"] >= 300]
        holds([(item["_id"], item["status"]) for item in refused] == [("odd", 400)], f"refused: {refused[:3]}")
        self.any("POST", "/gate-1/_refresh")
        self.green("gate-1")
        count = self.any("GET", "/gate-1/_count")["count"]
        holds(count == PASSAGES, f"{count} passages instead of {PASSAGES}")
        size = sum(len(json.dumps(line)) for line in lines) / 1e6
        return f"{count} passages in one request of {size:.1f} MB, the one that does not fit refused alone ({refused[0]['error']['type']})"

    def green(self, index, within=90):
        """Waits until every shard is on two nodes, of those that are known to be alive."""
        alive = sum(node.is_alive(self.cluster.folder) for node in self.cluster.nodes)
        path = f"/_cluster/health/{index}?wait_for_status=green&wait_for_nodes={alive}&wait_for_no_relocating_shards=true&timeout={within}s"
        health = self.any("GET", path)
        holds(not health["timed_out"], f"{index} is {health['status']} after {within} s")

    def scores(self, words):
        """BM25 of every passage that has one of these words, as Lucene 10 has it."""
        texts = [passage["main"].split() for passage in self.made]
        mean = sum(map(len, texts)) / len(texts)
        having = {word: sum(word in text for text in texts) for word in words}
        rarity = {word: math.log(1 + (len(texts) - having[word] + 0.5) / (having[word] + 0.5)) for word in words}
        for passage, text in zip(self.made, texts):
            norm = K1 * (1 - B + B * kept_length(len(text)) / mean)
            score = sum(rarity[word] * text.count(word) / (text.count(word) + norm) for word in words)
            if score > 0:
                yield -score, passage["id"]

    def search(self):
        words = ["complicity", "cotton"]
        body = {"query": {"match": {"main": " ".join(words)}}, "size": 10, "sort": [{"_score": "desc"}, {"id": "asc"}],
                "track_total_hits": True, "track_scores": True}
        found = self.any("POST", "/gate-1/_search?search_type=dfs_query_then_fetch", body)
        holds(found["_shards"]["failed"] == 0, "shards failed")
        ranked = sorted(self.scores(words))
        expected = len(ranked)
        holds(found["hits"]["total"] == {"value": expected, "relation": "eq"}, f"{found['hits']['total']} instead of {expected}")
        hits = [(-hit["_score"], hit["_id"]) for hit in found["hits"]["hits"]]
        apart = max(abs(hit[0] - other[0]) for hit, other in zip(hits, ranked))
        holds([hit[1] for hit in hits] == [other[1] for other in ranked[:10]], f"the order is {hits}, not {ranked[:10]}")
        holds(apart < 1e-4, f"scores are {apart} apart")
        phrase = {"query": {"match_phrase": {"main": {"query": "forced labor", "slop": 0}}}, "size": 0, "track_total_hits": True}
        total = self.any("POST", "/gate-1/_search", phrase)["hits"]["total"]["value"]
        has = sum(" forced labor " in f" {passage['main']} " for passage in self.made)
        holds(total == has, f"{total} passages have the phrase, not {has}")
        return f"{expected} found over 3 shards, the first ten in the order of BM25 (scores within {apart:.0e}); {has} with a phrase"

    def facets(self):
        body = {"size": 0, "query": {"match": {"main": "cotton"}},
                "aggs": {"country": {"terms": {"field": "country", "size": 100, "shard_size": 1000}},
                         "year": {"terms": {"field": "year", "size": 100}}}}
        found = self.any("POST", "/gate-1/_search", body)["aggregations"]
        for key in ("country", "year"):
            counted = {bucket["key"]: bucket["doc_count"] for bucket in found[key]["buckets"]}
            expected = collections.Counter(passage[key] for passage in self.made if "cotton" in passage["main"].split())
            holds(counted == expected, f"{key}: {counted} instead of {expected}")
            holds(found[key]["doc_count_error_upper_bound"] == 0, f"{key}: counts may be wrong")
        return f"{len(found['country']['buckets'])} countries and {len(found['year']['buckets'])} years with exact counts"

    def paging(self):
        point = self.any("POST", "/gate-1/_search/point_in_time?keep_alive=2m")["pit_id"]
        body = {"query": {"match": {"main": "police border"}}, "size": 101, "sort": [{"_score": "desc"}, {"id": "asc"}],
                "pit": {"id": point, "keep_alive": "2m"}, "track_total_hits": True}
        seen, pages, total = [], 0, None
        while True:
            found = self.any("POST", "/_search", body)
            total = total or found["hits"]["total"]["value"]
            hits = found["hits"]["hits"]
            if not hits:
                break
            seen += [(-hit["sort"][0], hit["sort"][1]) for hit in hits]
            body["search_after"] = hits[-1]["sort"]
            pages += 1
            # What changes meanwhile is not seen.
            self.any("DELETE", f"/gate-1/_doc/{hits[0]['_id']}?refresh=true")
            new = {**self.made[0], "id": f"new{pages}", "main": "police border " * 9}
            self.any("PUT", f"/gate-1/_doc/new{pages}?refresh=true", new)
        holds(len(seen) == total == len({id for _, id in seen}), f"{len(seen)} hits, {len(set(seen))} different, of {total}")
        holds(seen == sorted(seen), "pages are out of order")
        self.any("DELETE", "/_search/point_in_time", {"pit_id": [point]})
        return f"{total} hits on {pages} pages, each once and in order, while {2 * pages} passages were deleted and added"

    def alias(self):
        self.any("PUT", "/gate-2", MAPPING)
        lines = []
        for passage in self.made:
            lines += [{"index": {"_index": "gate-2", "_id": passage["id"]}}, {**passage, "year": 2030}]
        holds(not self.any("POST", "/_bulk?refresh=true", lines)["errors"], "passages were refused")
        self.green("gate-2")
        self.any("POST", "/_aliases", {"actions": [{"add": {"index": "gate-1", "alias": "gate"}}]})
        old = self.any("GET", "/gate-1/_count")["count"]
        # Replaced passages have another number of hits for this query.
        query = {"query": {"range": {"year": {"gte": 2030}}}, "size": 0, "track_total_hits": True}
        answers, done = [], threading.Event()

        def watch(node):
            while not done.is_set():
                answers.append(ask(node, "POST", "/gate/_search", query)["hits"]["total"]["value"])

        with Clients(watch, self.nodes) as clients:
            time.sleep(0.5)
            actions = [{"remove": {"index": "gate-1", "alias": "gate"}}, {"add": {"index": "gate-2", "alias": "gate"}}]
            self.any("POST", "/_aliases", {"actions": actions})
            time.sleep(0.5)
            done.set()
        clients.check()
        counted = collections.Counter(answers)
        holds(set(counted) == {0, PASSAGES}, f"answers during the change: {counted}")
        return f"from one index of {old} passages to another in one call; {len(answers)} searches meanwhile saw the one or the other"

    def snapshot(self):
        self.any("PUT", "/_snapshot/gate", {"type": "fs", "settings": {"location": "gate"}})
        made = self.any("PUT", "/_snapshot/gate/one?wait_for_completion=true", {"indices": "gate-2", "include_global_state": False})
        holds(made["snapshot"]["state"] == "SUCCESS", f"the snapshot is {made['snapshot']['state']}")
        query = {"query": {"match": {"main": "shelter"}}, "size": 20, "sort": [{"_score": "desc"}, {"id": "asc"}]}
        path = "/gate-2/_search?search_type=dfs_query_then_fetch"
        before = self.any("POST", path, query)["hits"]
        self.any("DELETE", "/gate-2")
        try:
            self.any("GET", "/gate/_count")
            raise Failure("the index that was deleted still answers")
        except Answer as answer:
            holds(answer.status == 404, str(answer))
        self.any("POST", "/_snapshot/gate/one/_restore?wait_for_completion=true", {"indices": "gate-2", "include_aliases": True})
        self.green("gate-2")
        after = self.any("POST", path, query)["hits"]
        # Whatever is in another order than before would be here too.
        key = lambda hits: [(hit["_id"], hit["_score"]) for hit in hits["hits"]]
        holds(key(before) == key(after) and before["total"] == after["total"], "it answers otherwise than before")
        holds(self.any("GET", "/gate/_count")["count"] == PASSAGES, "the alias has not come back whole")
        return f"{PASSAGES} passages deleted and restored with their alias: the same hits and scores"

    def manager(self):
        name = self.any("GET", "/_cat/cluster_manager?format=json")[0]["node"]
        return self.cluster.node(name)

    def kill(self):
        """The node that steers the others is the worst to lose."""
        victim = self.manager()
        self.nodes = [node for node in self.cluster.nodes if node is not victim] + [victim]
        wanted = {word: sum(word in passage["main"].split() for passage in self.made) for word in WORDS[:DURING]}
        load = Load(self.cluster.nodes, wanted)
        with Clients(load.run, range(CLIENTS)) as clients:
            time.sleep(2)
            before = load.asked
            killed = time.monotonic()
            self.cluster.kill(victim)
            self.green("gate-2")
            whole = time.monotonic() - killed
            time.sleep(2)
            load.done.set()
        clients.check()
        holds(before > 0 and load.asked > before, "nothing was asked")
        return (f"{victim.name}, which steered, ended by SIGKILL: {load.asked} searches by {CLIENTS} clients all whole, {load.retried} of "
                f"them asked again, the longest {load.longest:.1f} s; every shard on two nodes again after {whole:.1f} s")

    def revive(self):
        gone = self.nodes[-1]
        begun = time.monotonic()
        self.cluster.launch(gone)
        self.cluster.meet()
        self.green("gate-2")
        for node in self.cluster.nodes:
            count = ask(node, "GET", "/gate/_count")["count"]
            holds(count == PASSAGES, f"{node.name} counts {count}")
        return f"{gone.name} is back after {time.monotonic() - begun:.1f} s, and each node counts {PASSAGES}"

    def write(self):
        """A node is lost while passages are written; whatever had no answer is written again."""
        self.any("PUT", "/gate-3", MAPPING)
        self.green("gate-3")
        victim = self.manager()
        self.nodes = [node for node in self.cluster.nodes if node is not victim] + [victim]
        batches = [self.made[at:at + BATCH] for at in range(0, PASSAGES, BATCH)]
        again = 0
        for number, batch in enumerate(batches):
            if number == len(batches) // 3:
                # It is lost with a request on its way.
                killing = threading.Timer(0.02, self.cluster.kill, [victim])
                killing.start()
            again += self.bulk_until_done(batch, number)
        killing.join()
        self.green("gate-3")
        self.any("POST", "/gate-3/_refresh")
        query = {"size": PASSAGES + 1, "_source": False, "track_total_hits": True}
        hits = self.any("POST", "/gate-3/_search?allow_partial_search_results=false", query)["hits"]["hits"]
        found = collections.Counter(hit["_id"] for hit in hits)
        holds(found == {passage["id"]: 1 for passage in self.made}, f"{len(found)} passages, {sum(found.values())} hits")
        return (f"{victim.name}, which steered, ended by SIGKILL while {PASSAGES} passages were written: each is there once, "
                f"{again} requests repeated")

    def bulk_until_done(self, batch, turn):
        """How often some of a batch had to be written again. The id is the passage's, so that twice is once."""
        left = {passage["id"]: passage for passage in batch}
        for tries in range(TRIES):
            lines = [line for key, passage in left.items() for line in ({"index": {"_index": "gate-3", "_id": key}}, passage)]
            node = self.cluster.nodes[(turn + tries) % len(self.cluster.nodes)]
            try:
                for item in ask(node, "POST", "/_bulk?timeout=20s", lines)["items"]:
                    item = item["index"]
                    holds(item["status"] < 300 or item["status"] in (429, 503), f"refused: {item}")
                    if item["status"] < 300:
                        left.pop(item["_id"])
            except Answer as answer:
                holds(answer.status in (429, 500, 502, 503, 504), str(answer))
            except OSError:
                pass
            if not left:
                return tries
            time.sleep(PAUSE)
        raise Failure(f"{len(left)} passages were not written in {TRIES} tries")


def kept_length(length):
    """A length as Lucene keeps it in a byte: exact below 40, then with four bits."""
    if length < 40:
        return length
    rest = length - 24
    shift = max(rest.bit_length() - 4, 0)
    return (rest >> shift << shift) + 24


class Load:
    """Searches that go on, each asked of one node after another until one answers whole."""

    def __init__(self, nodes, wanted):
        self.nodes, self.wanted = nodes, wanted
        self.done = threading.Event()
        self.lock = threading.Lock()
        self.asked = self.retried = 0
        self.longest = 0.0

    def run(self, client):
        turn = client
        while not self.done.is_set():
            for word, expected in self.wanted.items():
                begun = time.monotonic()
                tries = self.one(word, expected, turn)
                turn += 1
                with self.lock:
                    self.asked += 1
                    self.retried += tries > 0
                    self.longest = max(self.longest, time.monotonic() - begun)

    def one(self, word, expected, turn):
        """How often it was asked again."""
        query = {"query": {"match": {"main": word}}, "size": 10, "track_total_hits": True}
        # Part of an answer is an error, not an answer.
        path = "/gate/_search?allow_partial_search_results=false&search_type=dfs_query_then_fetch"
        for tries in range(TRIES):
            try:
                found = ask(self.nodes[(turn + tries) % len(self.nodes)], "POST", path, query, timeout=5)
            except Answer as answer:
                holds(answer.status in (429, 500, 502, 503, 504), str(answer))
            except OSError:
                pass
            else:
                total = found["hits"]["total"]["value"]
                holds(total == expected and found["_shards"]["failed"] == 0, f"{word}: {total} of {expected}")
                return tries
            time.sleep(PAUSE)
        raise Failure(f"{word} had no answer in {TRIES} tries")


class Clients:
    """Threads that do the same, each with one of some values; what fails in one is raised by `check`."""

    def __init__(self, work, values):
        self.failures = []
        self.threads = [threading.Thread(target=self.run, args=(work, value), daemon=True) for value in values]

    def run(self, work, value):
        try:
            work(value)
        except Exception as failure:  # pylint: disable=broad-except
            self.failures.append(failure)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            for thread in self.threads:
                thread.join(60)

    def check(self):
        if self.failures:
            raise Failure(f"{len(self.failures)} clients failed: {self.failures[0]}")


def gate(cluster):
    """Whether every check held. After one that fails, those that build on it may fail too."""
    checks = Gate(cluster)
    passed = failed = 0
    for name in ("nodes_meet", "analyze", "bulk", "search", "facets", "paging", "alias", "snapshot", "kill", "revive", "write"):
        begun = time.monotonic()
        try:
            told, word = getattr(checks, name)(), "ok"
            passed += 1
        except (Failure, Answer, OSError, KeyError) as failure:
            told, word = f"{type(failure).__name__}: {failure}", "FAILED"
            failed += 1
        print(f"{word:6} {name:10} {time.monotonic() - begun:6.1f} s  {told}", flush=True)
    memory = [f"{node.memory():.0f}" for node in cluster.nodes if node.is_alive(cluster.folder)]
    print(f"       memory of the nodes at most {' + '.join(memory)} MB, with heaps of {cluster.heap} MB")
    print(f"{passed} passed, {failed} failed")
    return failed == 0


def run(folder, is_kept):
    begun = time.monotonic()
    cluster = Cluster(folder, 3)
    fetched = time.monotonic()
    cluster.start()
    met = time.monotonic() - fetched
    print(f"       {fetched - begun:.1f} s for artifacts of known digests, {met:.1f} s until {len(cluster.nodes)} nodes had met")
    try:
        return gate(cluster)
    finally:
        if not is_kept:
            cluster.stop()
        print(f"       {time.monotonic() - begun:.1f} s in all")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--required", action="store_true")
    arguments = parser.parse_args()
    try:
        if arguments.folder:
            return 0 if run(arguments.folder, arguments.keep) else 1
        with tempfile.TemporaryDirectory(prefix="tipsearch-cluster-") as folder:
            return 0 if run(folder, False) else 1
    except Skip as reason:
        print(f"skipped: {reason}")
        return 1 if arguments.required else 0
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
