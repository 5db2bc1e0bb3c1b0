"""A retriever for LangChain."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from .client import Client


class TipsearchRetriever(BaseRetriever):
    """Passages of a tipsearch server as LangChain's documents."""

    url: str = "http://127.0.0.1:7700"
    token: str | None = None
    limit: int = 8
    filter: str | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        options = {"filter": self.filter} if self.filter else {}
        hits = Client(self.url, token=self.token).retrieve(query, limit=self.limit, **options).hits
        return [Document(id=hit.id, page_content=hit.text, metadata=hit.metadata()) for hit in hits]
