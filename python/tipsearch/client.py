"""The client: plain requests over HTTP, answers as data classes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

Json = dict[str, Any]

#: So many quotations are sent at once, and so many bytes of them: the server takes bodies of 1 MiB.
MOST_QUOTES = 100
MOST_BYTES = 900_000
LARGEST_BODY = 1 << 20

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


def whole(value: Any) -> Any:
    """The same with whole characters: half of one, as of an emoji that was cut, becomes U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, dict):
        return {name: whole(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [whole(item) for item in value]
    return value


def escaped(id: str) -> str:
    """An id as a part of an address."""
    return quote(whole(id), safe="")


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


class Incomplete(Exception):
    """Not all hits have come: the time of the server was over, or the order that was asked for ends before them.

    `count` is how many have come, `warnings` what the server said of it, `page` its last answer.
    """

    def __init__(self, count: int, page: Hits, warnings: list[str]) -> None:
        self.count = count
        self.page = page
        self.warnings = warnings
        told = "; ".join(warnings) or f"{page.passages} passages match"
        super().__init__(f"only {count} hits have come, and there may be more: {told}")


class SameOrigin(HTTPRedirectHandler):
    """Follows no redirect to another server: the token is for this one alone."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        if origin(newurl) != origin(req.full_url):
            detail = f"the server sends to another one, {newurl}, which is not followed"
            raise Problem(code, {"code": "redirected", "detail": detail})
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def origin(url: str) -> tuple[str, str | None, int | None]:
    """Whose an address is."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


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
    """What was found out about a quotation; `unchecked` where the time of a request is not enough for it alone."""

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
        self._open = build_opener(SameOrigin).open

    def _ask(self, path: str, body: Json | None = None) -> Json:
        data = None if body is None else json.dumps(whole(body), ensure_ascii=False).encode()
        if data is not None and len(data) > LARGEST_BODY:
            raise Problem(413, {"code": "body_too_large", "detail": "the body has more than 1 MiB"})
        headers = dict(self._headers)
        if data is not None:
            headers["Content-Type"] = "application/json"
        request = Request(self.url + path, data=data, headers=headers)
        try:
            with self._open(request, timeout=self.timeout) as answer:
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

    def every(self, query: str, *, partial: bool = False, **options: Any) -> Iterator[Hit]:
        """All hits, page by page: every passage of every report, also where several have the same text.

        `options` as of `search`; `per_document=3` leaves out all but the best three of a report, and `copies=False`
        all but one of those with the same text, as `search` does if nothing is said.

        Where these are not all, `Incomplete` is raised after the last: the time of the server was over, or the order
        ends, which by other than score has the best 1,000 (`sort="recent"`) or 10,000 (`"date"`, `"document"`). With
        `partial=True` it is not.
        """
        options = {"limit": 100, "per_document": 0, "copies": True, **options}
        cursor, count = None, 0
        told: list[str] = []
        while True:
            page = self.search(query, **options, **({"cursor": cursor} if cursor else {}))
            count += len(page.hits)
            yield from page.hits
            if page.raw["truncated"]:
                told += [warning for warning in page.warnings if warning not in told]
            cursor = page.next_cursor
            if cursor is None:
                break
        ends = [warning for warning in page.warnings if "orders the best" in warning and warning not in told]
        are_all = options["per_document"] == 0 and options["copies"] and not options.get("merge") and not options.get("like")
        is_short = are_all and not page.raw["query"].get("relaxed") and count < page.passages
        if (told or ends or page.raw["truncated"] or is_short) and not partial:
            raise Incomplete(count, page, told + ends)

    def passage(self, id: str, *, before: int = 0, after: int = 0, index: str | None = None) -> list[Json]:
        """A passage with its neighbours."""
        query = urlencode({"before": before, "after": after, **of_index(index)})
        passages: list[Json] = self._ask(f"/v1/passages/{escaped(id)}?{query}")["passages"]
        return passages

    def documents(self, *, index: str | None = None) -> Iterator[Json]:
        """The reports of the index."""
        offset: int | None = 0
        while offset is not None:
            query = urlencode({"limit": 1000, "offset": offset, **of_index(index)})
            page = self._ask(f"/v1/documents?{query}")
            yield from page["documents"]
            offset = page["next_offset"]

    def outline(self, doc_id: str, *, index: str | None = None) -> Json:
        """The headings of a report."""
        query = urlencode(of_index(index))
        return self._ask(f"/v1/documents/{escaped(doc_id)}/outline?{query}")

    def compare(self, query: str, by: Sequence[str] | str, **options: Any) -> Json:
        """Counts and rates by one field or two."""
        return self._ask("/v1/compare", {"query": query, "by": listed(by), **options})

    def verify(
        self, quotes: Sequence[str] | str, *, doc: str | None = None, index: str | None = None
    ) -> list[Verdict]:
        """Whether quotations stand in the reports: a verdict for each, in their order."""
        quotes = listed(quotes)
        verdicts: list[Verdict] = []
        is_alone = False
        # The server says what it found out within its time; the others are asked for again.
        while len(verdicts) < len(quotes):
            rest = quotes[len(verdicts) :]
            body: Json = {"quotes": rest[:1] if is_alone else at_once(rest), **of_index(index)}
            if doc is not None:
                body["doc"] = doc
            results = self._ask("/v1/verify", body)["results"]
            verdicts += [Verdict(it["quote"], it["verdict"], it["matches"]) for it in results]
            if not results and len(body["quotes"]) == 1:
                verdicts.append(Verdict(rest[0], "unchecked", []))
            is_alone = not results and len(body["quotes"]) > 1
        return verdicts

    def status(self, *, index: str | None = None) -> Json:
        """What the index holds."""
        return self._ask(f"/v1/status?{urlencode(of_index(index))}")


def of_index(index: str | None) -> Json:
    """Names one of several indexes; the first needs no name."""
    return {} if index is None else {"index": index}


def at_once(quotes: list[str]) -> list[str]:
    """As many of some quotations as may be sent at once, and one in any case."""
    left = MOST_BYTES
    for number, text in enumerate(quotes[:MOST_QUOTES]):
        left -= len(json.dumps(whole(text), ensure_ascii=False).encode()) + 2
        if left < 0 and number > 0:
            return quotes[:number]
    return quotes[:MOST_QUOTES]
