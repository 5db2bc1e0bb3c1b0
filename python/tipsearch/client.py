"""The client: plain requests over HTTP, answers as data classes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

Json = dict[str, Any]

#: So many quotations are sent at once.
MOST_QUOTES = 100

#: The longest query in bytes.
LONGEST_QUERY = 4096

#: So many words of a question are asked. A query may have 256, and what brackets or quotation marks divide is several.
MOST_WORDS = 200


def shortened(question: str) -> str:
    """The beginning of a question that may be a query: so many whole words as there is room for."""
    # Half a character, as of an emoji that was cut, is no text.
    rest = question.encode(errors="replace").decode()
    end = 0
    for number, word in enumerate(re.finditer(r"\S+", rest)):
        if number == MOST_WORDS or len(rest[: word.end()].encode()) > LONGEST_QUERY:
            break
        end = word.end()
    # One word alone that is too long.
    return rest[:end] or rest.encode()[:LONGEST_QUERY].decode(errors="ignore")


#: Words with a meaning of their own in a query.
OPERATORS = re.compile(r"\b(?:AND|OR|NOT|NEAR|PRE)\b")

#: What a question may be refused for that is no query.
NO_QUERY = ("bad_query", "bad_parameter", "query_too_large")


def words_alone(question: str) -> str:
    """The words of a question without all that has a meaning in a query: signs, fields, operators."""
    words = re.findall(r"\w+(?:['’]\w+)*", question)[:MOST_WORDS]
    return OPERATORS.sub(lambda operator: operator[0].lower(), " ".join(words))


def halved(query: str) -> str:
    """The first half of the words, or of the one that there is."""
    words = query.split()
    return " ".join(words[: len(words) // 2]) or query[: len(query) // 2]


def listed(texts: Sequence[str] | str) -> list[str]:
    """A text alone is one, not a list of its letters."""
    return [texts] if isinstance(texts, str) else list(texts)


class Problem(Exception):
    """What the server refuses, with its stable `code` and what to do about it."""

    def __init__(self, status: int, value: Json) -> None:
        self.status = status
        self.code: str = value.get("code", "unknown")
        self.hint: str | None = value.get("hint")
        self.value = value
        detail = value.get("detail", "the server gives no reason")
        super().__init__(f"{detail} ({self.hint})" if self.hint else detail)


@dataclass(frozen=True)
class Hit:
    """A passage that answers."""

    id: str
    doc_id: str
    title: str
    text: str
    score: float
    cite: str
    uri: str
    section: list[str]
    missing: list[str]
    year: int | None = None
    country: str | None = None
    #: The hit as the server gives it.
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, value: Json) -> Hit:
        return cls(
            id=value["id"],
            doc_id=value["doc_id"],
            title=value["title"],
            text=value["text"],
            score=value["score"],
            cite=value["cite"]["short"],
            uri=value["cite"]["uri"],
            section=value["section"]["path"],
            missing=value["missing"],
            year=value.get("year"),
            country=value.get("country"),
            raw=value,
        )

    def metadata(self) -> Json:
        """What frameworks keep beside the text."""
        known = {
            "id": self.id,
            "doc_id": self.doc_id,
            "title": self.title,
            "section": " › ".join(self.section[1:]),
            "cite": self.cite,
            "source": self.uri,
            "score": self.score,
            "year": self.year,
            "country": self.country,
        }
        return {name: value for name, value in known.items() if value is not None}


@dataclass(frozen=True)
class Hits:
    """The answer to a search."""

    hits: list[Hit]
    passages: int
    #: In how many reports, where that is known.
    documents: int | None
    next_cursor: str | None
    did_you_mean: str | None
    warnings: list[str]
    raw: Json = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Verdict:
    """What was found out about a quotation."""

    quote: str
    verdict: str
    matches: list[Json]

    @property
    def is_verified(self) -> bool:
        return self.verdict in ("verbatim", "normalized")


class Client:
    """Asks a server at `url`; `token` where it wants one."""

    def __init__(
        self, url: str = "http://127.0.0.1:7700", *, token: str | None = None, timeout: float = 10.0
    ) -> None:
        self.url = url.rstrip("/")
        self.timeout = timeout
        self._headers = {"Accept": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"

    def _ask(self, path: str, body: Json | None = None) -> Json:
        data = None if body is None else json.dumps(body).encode()
        headers = dict(self._headers)
        if data is not None:
            headers["Content-Type"] = "application/json"
        request = Request(self.url + path, data=data, headers=headers)
        try:
            with urlopen(request, timeout=self.timeout) as answer:
                value: Json = json.load(answer)
                return value
        except HTTPError as error:
            try:
                value = json.loads(error.read())
            except ValueError:
                value = {}
            raise Problem(error.code, value) from None

    def search(self, query: str, **options: Any) -> Hits:
        """Searches. `options`: `filter`, `limit`, `cursor`, `per_document`, `sort`, ... as in the OpenAPI document."""
        value = self._ask("/v1/search", {"query": query, **options})
        return Hits(
            hits=[Hit.of(hit) for hit in value["hits"]],
            passages=value["total"]["passages"],
            documents=value["total"].get("documents"),
            next_cursor=value["next_cursor"],
            did_you_mean=value["query"].get("did_you_mean"),
            warnings=value["warnings"],
            raw=value,
        )

    def retrieve(self, question: str, **options: Any) -> Hits:
        """What answers a question in prose, however long it is and whatever signs are in it.

        It is asked as it stands, cut where it is too long; where that is no query (`year:unknown`), its words alone are.
        `options` as of `search`.
        """
        query = shortened(question)
        try:
            return self.search(query, **options)
        except Problem as refused:
            words = words_alone(query)
            if refused.code not in NO_QUERY or not words:
                raise
        while True:
            try:
                return self.search(words, **options)
            except Problem as refused:
                # The server may make several words of one.
                if refused.code != "query_too_large" or len(words) < 2:
                    raise
            words = halved(words)

    def every(self, query: str, **options: Any) -> Iterator[Hit]:
        """All hits, page by page: every passage of every report, also where several have the same text.

        `options` as of `search`; `per_document=3` leaves out all but the best three of a report, and `copies=False`
        all but one of those with the same text, as `search` does if nothing is said. In an order other than by score
        the best 1,000 (`sort="recent"`) or 10,000 (`"date"`, `"document"`) come; then the last page warns of it.
        """
        options = {"limit": 100, "per_document": 0, "copies": True, **options}
        cursor = None
        while True:
            page = self.search(query, **options, **({"cursor": cursor} if cursor else {}))
            yield from page.hits
            cursor = page.next_cursor
            if cursor is None:
                return

    def passage(self, id: str, *, before: int = 0, after: int = 0) -> list[Json]:
        """A passage with its neighbours."""
        query = urlencode({"before": before, "after": after})
        passages: list[Json] = self._ask(f"/v1/passages/{quote(id, safe='')}?{query}")["passages"]
        return passages

    def documents(self) -> Iterator[Json]:
        """The reports of the index."""
        offset: int | None = 0
        while offset is not None:
            page = self._ask(f"/v1/documents?limit=1000&offset={offset}")
            yield from page["documents"]
            offset = page["next_offset"]

    def outline(self, doc_id: str) -> Json:
        """The headings of a report."""
        return self._ask(f"/v1/documents/{quote(doc_id, safe='')}/outline")

    def compare(self, query: str, by: Sequence[str] | str, **options: Any) -> Json:
        """Counts and rates by one field or two."""
        return self._ask("/v1/compare", {"query": query, "by": listed(by), **options})

    def verify(self, quotes: Sequence[str] | str, *, doc: str | None = None) -> list[Verdict]:
        """Whether quotations stand in the reports: a verdict for each, in their order."""
        quotes = listed(quotes)
        verdicts: list[Verdict] = []
        # The server says what it found out within its time; the others are asked for again.
        while len(verdicts) < len(quotes):
            body: Json = {"quotes": quotes[len(verdicts) :][:MOST_QUOTES]}
            if doc is not None:
                body["doc"] = doc
            results = self._ask("/v1/verify", body)["results"]
            if not results:
                raise Problem(200, {"code": "timed_out", "detail": "no quotation was checked"})
            verdicts += [Verdict(it["quote"], it["verdict"], it["matches"]) for it in results]
        return verdicts

    def status(self) -> Json:
        """What the index holds."""
        return self._ask("/v1/status")
