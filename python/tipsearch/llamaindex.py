"""A retriever for LlamaIndex."""

from __future__ import annotations

from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from .client import Client


class TipsearchRetriever(BaseRetriever):
    """Passages of a tipsearch server as LlamaIndex's nodes."""

    def __init__(
        self,
        url: str = "http://127.0.0.1:7700",
        *,
        token: str | None = None,
        limit: int = 8,
        filter: str | None = None,
        index: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._client = Client(url, token=token)
        options = {"limit": limit, "filter": filter, "index": index}
        self._options: dict[str, Any] = {name: value for name, value in options.items() if value}

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._client.retrieve(query_bundle.query_str, **self._options).hits
        return [
            NodeWithScore(node=TextNode(id_=hit.id, text=hit.text, metadata=hit.metadata()), score=hit.score)
            for hit in hits
        ]
