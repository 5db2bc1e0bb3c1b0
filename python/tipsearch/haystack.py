"""A component for Haystack."""

from __future__ import annotations

from typing import Any

from haystack import Document, component, default_from_dict, default_to_dict

from .client import Client


@component
class TipsearchRetriever:
    """Passages of a tipsearch server as Haystack's documents."""

    def __init__(
        self,
        url: str = "http://127.0.0.1:7700",
        token: str | None = None,
        limit: int = 8,
        filter: str | None = None,
        index: str | None = None,
    ) -> None:
        self.url, self.token, self.limit, self.filter, self.index = url, token, limit, filter, index

    def to_dict(self) -> dict[str, Any]:
        # A token is no part of what is written down.
        return default_to_dict(self, url=self.url, limit=self.limit, filter=self.filter, index=self.index)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TipsearchRetriever:
        return default_from_dict(cls, data)

    @component.output_types(documents=list[Document])
    def run(self, query: str, filter: str | None = None, limit: int | None = None) -> dict[str, list[Document]]:
        """The passages that answer a query best."""
        options = {"filter": filter or self.filter, "index": self.index}
        options = {name: value for name, value in options.items() if value}
        hits = Client(self.url, token=self.token).retrieve(query, limit=limit or self.limit, **options).hits
        documents = [
            Document(id=hit.id, content=hit.text, meta=hit.metadata(), score=hit.score) for hit in hits
        ]
        return {"documents": documents}
