"""A retriever for LangChain."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field, SecretStr

from .client import Client


class TipsearchRetriever(BaseRetriever):
    """Passages of a tipsearch server as LangChain's documents."""

    url: str = "http://127.0.0.1:7700"
    #: Neither printed nor written down with the rest.
    token: SecretStr | None = Field(default=None, exclude=True, repr=False)
    limit: int = 8
    filter: str | None = None
    #: One of several indexes of the server.
    index: str | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        options = {"filter": self.filter, "index": self.index}
        options = {name: value for name, value in options.items() if value}
        token = self.token.get_secret_value() if self.token else None
        hits = Client(self.url, token=token).retrieve(query, limit=self.limit, **options).hits
        return [Document(id=hit.id, page_content=hit.text, metadata=hit.metadata()) for hit in hits]
