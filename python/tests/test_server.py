"""The client and the retrievers against a real server: `TIPSEARCH=/path/to/tipsearch pytest`."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from tipsearch import Client, Problem
from tipsearch.client import shortened, words_alone


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
    command = [program, "serve", "--listen", "127.0.0.1:0"]
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


def test_langchain(url: str) -> None:
    pytest.importorskip("langchain_core")
    from tipsearch.langchain import TipsearchRetriever

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
