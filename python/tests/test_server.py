"""The client and the retrievers against a real server: `TIPSEARCH=/path/to/tipsearch pytest`."""

import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tipsearch import Client, Incomplete, Problem
from tipsearch.client import at_once, shortened, whole, words_alone


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("server")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "report.md").write_text(
        "---\ntitle: A report\ncountry: Albania\nyear: 2008\n---\n\n# A report\n\n## Prosecution\n\n"
        "Police arrested officials at the border for bribery.\n\n## Protection\n\nShelters were opened at the border.\n"
    )
    sections = "".join(f"## Part {n}\n\nShelters number {n} were closed.\n\n" for n in range(5))
    same = "Nobody knows how many people were taken over the crossing in the winter of that year by those guards.\n\n"
    (folder / "corpus" / "second.md").write_text(
        f"---\ntitle: Second\n---\n\n# Second\n\n{sections}## A\n\n{same}## B\n\n{same}"
    )
    program = os.path.abspath(os.environ["TIPSEARCH"]) if "TIPSEARCH" in os.environ else "tipsearch"
    (folder / "other").mkdir()
    (folder / "other" / "law.md").write_text("# Laws\n\n## Zebras\n\nZebras are protected by the law of the land.\n")
    subprocess.run([program, "index", "other", "--index", "laws", "--quiet"], cwd=folder, check=True)
    command = [program, "serve", "--listen", "127.0.0.1:0", "--also", "laws=laws"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        yield "http://" + line.split("http://")[1].split("/")[0]
        server.terminate()


def test_client(url: str) -> None:
    client = Client(url)
    found = client.search("police bribery", filter="country:albania")
    hit = found.hits[0]
    assert (hit.section, hit.year, hit.country) == (["A report", "Prosecution"], 2008, "Albania")
    assert client.passage(hit.id, after=1)[0]["text"] == hit.text
    assert [document["title"] for document in client.documents()] == ["A report", "Second"]
    assert client.outline("report.md")["sections"]
    assert len(list(client.every("border", limit=1))) == 2
    assert len(client.search("shelters").hits) == 4
    assert len(list(client.every("shelters"))) == 6
    assert len(list(client.every("shelters", per_document=2))) == 3
    assert len(list(client.every("crossing", per_document=0))) == 2
    assert len(list(client.every("crossing", copies=False))) == 1
    assert client.compare("border", ["country"])["total"]["occurrences"] == 2
    verdicts = client.verify(["officials at the border for bribery", "nothing of the kind is said"])
    assert [verdict.is_verified for verdict in verdicts] == [True, False]
    # More than are sent at once.
    many = client.verify(["officials at the border for bribery", "nothing of the kind is said"] * 60)
    assert [verdict.is_verified for verdict in many] == [True, False] * 60
    assert client.verify([]) == []
    # A text alone is one, not its letters.
    assert [it.verdict for it in client.verify("officials at the border for bribery")] == ["verbatim"]
    assert client.compare("border", "country")["by"] == ["country"]
    with pytest.raises(Problem) as refused:
        client.search("a", limti=3)
    assert refused.value.code == "unknown_parameter"
    assert "limit" in str(refused.value)


def test_long_questions_are_cut_at_the_end_of_a_word(url: str) -> None:
    assert shortened("border  guards ") == "border  guards"
    fits = "abcdefghijklmnopqrstuvwxyz " * 151
    fits += "a" * (4096 - len(fits))
    assert shortened(fits) == fits and shortened(fits + " b") == fits
    assert shortened(fits + "b").endswith("xyz")
    assert shortened("é" * 3000) == "é" * 2048
    assert shortened("x " + "é" * 3000) == "x"
    assert shortened("half \ud83d") == "half ?"
    assert len(shortened("and so on " * 300).split()) == 200
    long = "police bribery " + "and what became of them " * 400
    assert Client(url).search(shortened(long), limit=1).hits
    with pytest.raises(Problem):
        Client(url).search(long)


def test_questions_are_prose(url: str) -> None:
    client = Client(url)
    address = "https://www.example.org/a/b/c-d/report?year=2019&page=3 "
    for question in [
        "Report year:unknown for Albania, police",
        "year:2014/2015 police inspections",
        "contry:x police OR",
        'police "at the border',
        "police NOT (zebras",
        "police " + address * 60,
        "police (a)(b)(c) [1]/[2]; " * 90,
        "police\u3002" + "強制労働の報告は続く。" * 200,
    ]:
        assert client.retrieve(question, limit=1).hits, question
    # What is a query stays one.
    assert not client.retrieve("police country:kazakhstan").hits
    assert words_alone("Did the POLICE not act? NOT (in 2014/2015)…") == "Did the POLICE not act not in 2014 2015"
    with pytest.raises(Problem):
        client.retrieve("police", filter="contry:x")


@contextmanager
def stub(answer: Callable[[str, dict[str, str], Any], tuple[int, dict[str, str], Any]]) -> Iterator[str]:
    """A server that answers as it is told to."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or "null")
            status, headers, value = answer(self.path, dict(self.headers), body)
            text = json.dumps(value).encode()
            self.send_response(status)
            for name, header in {**headers, "Content-Length": str(len(text))}.items():
                self.send_header(name, header)
            self.end_headers()
            self.wfile.write(text)

        def do_GET(self) -> None:
            self.headers.replace_header("Content-Length", "0") if "Content-Length" in self.headers else None
            self.headers.add_header("Content-Length", "0")
            self.do_POST()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def test_all_hits_or_an_exception() -> None:
    hit = {"id": "a", "doc_id": "d", "title": "T", "text": "", "score": 1.0, "missing": [], "section": {"path": []},
           "cite": {"short": "T", "uri": ""}}
    page = {"hits": [hit], "total": {"passages": 1, "documents": 1}, "next_cursor": None, "query": {}, "warnings": [],
            "truncated": False}
    cut = {**page, "truncated": True, "warnings": ["the time was over"]}
    ordered = {**page, "warnings": ["`sort` recent orders the best 1000 passages, and these are the last of them"]}
    short = {**page, "total": {"passages": 2, "documents": 1}}
    for value, told in [(cut, "the time was over"), (ordered, "orders the best 1000"), (short, "2 passages match")]:
        with stub(lambda *_: (200, {}, value)) as url:
            hits = Client(url).every("police")
            assert next(hits).id == "a"
            with pytest.raises(Incomplete, match=told) as raised:
                next(hits)
            assert raised.value.count == 1
            assert [hit.id for hit in Client(url).every("police", partial=True)] == ["a"]
    with stub(lambda *_: (200, {}, page)) as url:
        assert len(list(Client(url).every("police"))) == 1


def test_quotations_without_time_are_unchecked() -> None:
    def answer(_: str, __: dict[str, str], body: Any) -> tuple[int, dict[str, str], Any]:
        quotes: list[str] = body["quotes"]
        done = quotes[: next((at for at, it in enumerate(quotes) if it == "slow"), len(quotes))]
        return 200, {}, {"results": [{"quote": it, "verdict": "absent", "matches": []} for it in done]}

    with stub(answer) as url:
        verdicts = Client(url).verify(["a", "slow", "b", "slow"])
    assert [it.verdict for it in verdicts] == ["absent", "unchecked", "absent", "unchecked"]


def test_a_redirect_to_another_server_gets_no_token() -> None:
    seen: list[str] = []

    def take(_: str, headers: dict[str, str], __: Any) -> tuple[int, dict[str, str], Any]:
        seen.append(headers.get("Authorization", ""))
        return 200, {}, {}

    with stub(take) as other, stub(lambda *_: (302, {"Location": f"{other}/v1/status"}, {})) as url:
        with pytest.raises(Problem) as refused:
            Client(url, token="secret").status()
    assert refused.value.code == "redirected" and not seen


def test_texts_are_whole_and_no_longer_than_is_taken(url: str) -> None:
    assert whole({"a": ["\ud83d police", "\ud83d\ude00", 1]}) == {"a": ["\ufffd police", "\U0001f600", 1]}
    assert whole("a\udc00b\ud83d") == "a\ufffdb\ufffd"
    assert Client(url).search("\ud83d police").hits
    long = "police " * 2500
    assert len(at_once([long] * 100)) == 51 and at_once([long * 100]) == [long * 100]
    verdicts = Client(url).verify([long] * 60 + ["officials at the border for bribery"])
    assert len(verdicts) == 61 and verdicts[-1].is_verified
    with pytest.raises(Problem) as refused:
        Client(url).search("police " * 200_000)
    assert refused.value.code == "body_too_large"


def test_several_indexes(url: str) -> None:
    client = Client(url)
    quote = "Zebras are protected by the law"
    assert [it.verdict for it in client.verify(quote)] == ["absent"]
    assert [it.verdict for it in client.verify(quote, index="laws")] == ["verbatim"]
    hit = client.search("zebras", index="laws").hits[0]
    assert client.passage(hit.id, index="laws")[0]["id"] == hit.id
    assert [document["title"] for document in client.documents(index="laws")] == ["Laws"]
    assert client.outline("law.md", index="laws")["sections"]
    assert client.status(index="laws")["index"]["documents"] == 1


def test_langchain(url: str) -> None:
    pytest.importorskip("langchain_core")
    from langchain_core.load import dumps

    from tipsearch.langchain import TipsearchRetriever

    secret = TipsearchRetriever(url=url, limit=1, token="secret-word")
    for told in [repr(secret), str(secret), dumps(secret), secret.model_dump_json()]:
        assert "secret-word" not in told
    assert secret.invoke("police")
    assert TipsearchRetriever(url=url, index="laws").invoke("zebras")
    documents = TipsearchRetriever(url=url, limit=1).invoke("police bribery " * 400)
    assert documents[0].metadata["cite"].startswith("A report (2008)")


def test_llamaindex(url: str) -> None:
    pytest.importorskip("llama_index.core")
    from tipsearch.llamaindex import TipsearchRetriever

    nodes = TipsearchRetriever(url, limit=1).retrieve("police bribery")
    assert "bribery" in nodes[0].node.get_content()


def test_haystack(url: str) -> None:
    pytest.importorskip("haystack")
    from haystack import Pipeline

    from tipsearch.haystack import TipsearchRetriever

    pipeline = Pipeline()
    pipeline.add_component("retriever", TipsearchRetriever(url, limit=1))
    # Haystack makes only what it is told to trust.
    again = Pipeline.loads(pipeline.dumps(), allowed_modules=["tipsearch.haystack"])
    answer = again.run({"retriever": {"query": "police bribery"}})
    assert answer["retriever"]["documents"][0].meta["country"] == "Albania"
