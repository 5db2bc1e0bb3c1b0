"""A chatbot that quotes only what stands in the reports: `python3 docs/examples/chatbot.py [QUESTION]`.

It starts `tipsearch mcp` and speaks the Model Context Protocol with it, by hand and with nothing but Python, so that all
that happens can be read here. In the place of the model is a stub that follows the instructions which the server gives:
search, quote word for word, verify, cite. `TIPSEARCH` names the program, `TIPSEARCH_INDEX` the index.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

Json = dict[str, Any]


class Server:
    """`tipsearch mcp`: one request after another, a line of JSON each way."""

    def __init__(self) -> None:
        command = [os.environ.get("TIPSEARCH", "tipsearch"), "mcp"]
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        except FileNotFoundError:
            sys.exit(f"there is no program `{command[0]}`; name it with TIPSEARCH=/path/to/tipsearch")
        self.last = 0
        hello = {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "chatbot", "version": "1"},
        }
        self.instructions: str = self.ask("initialize", hello)["instructions"]
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def send(self, message: Json) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def ask(self, method: str, params: Json) -> Json:
        assert self.process.stdout is not None
        self.last += 1
        self.send({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params})
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"]["message"])
        result: Json = answer["result"]
        return result

    def call(self, tool: str, **arguments: Any) -> Json:
        result = self.ask("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            raise RuntimeError(result["content"][0]["text"])
        value: Json = result["structuredContent"]
        return value

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def stub(question: str, passages: list[Json]) -> tuple[str, Json] | None:
    """In the place of a model: the sentence that shares most words with the question, and where it stands."""
    wanted = {word[:6] for word in re.findall(r"\w{4,}", question.lower())}
    best: tuple[int, str, Json] | None = None
    for passage in passages:
        for sentence in re.split(r"(?<=[.!?])\s+", passage["text"]):
            shared = len(wanted & {word[:6] for word in re.findall(r"\w{4,}", sentence.lower())})
            if shared > 0 and (best is None or shared > best[0]):
                best = (shared, sentence, passage)
    return (best[1], best[2]) if best else None


def answer(server: Server, question: str) -> str:
    found = server.call("search", query=question, limit=5, budget_tokens=3000)
    chosen = stub(question, found["results"])
    return denied(server, question) if chosen is None else quoted(server, *chosen)


def denied(server: Server, question: str) -> str:
    """Before denying, every form is asked for; a model would ask with only the words that matter."""
    try:
        found = server.call("search", query=question, mode="exhaustive", limit=3, budget_tokens=3000)
    except RuntimeError as refused:
        return f"I cannot tell: {refused}"
    near = found["results"] or found["near_misses"]
    if near:
        places = [f"[{passage['cite']}{lack(passage)}]" for passage in near]
        return "\n".join(["I have no sentence that answers it; what comes nearest:", *places])
    if not found["complete"] or found["parsed"] in ("", "*"):
        return "I cannot tell: the question has no words to look for, or not all reports could be read."
    return f"The reports do not say: nothing has {found['parsed']}, in any form."


def lack(passage: Json) -> str:
    """What a passage has not of the question, or says in other words."""
    others = [f"{asked}: {', '.join(said)}" for asked, said in passage.get("other_words", {}).items()]
    missing = passage.get("missing", [])
    return "".join([f"; lacks {', '.join(missing)}" if missing else "", *(f"; {other}" for other in others)])


def quoted(server: Server, quote: str, passage: Json) -> str:
    checked = server.call("verify_quote", quotes=[quote], doc_id=passage["doc_id"])["results"][0]
    if checked["verdict"] not in ("verbatim", "normalized"):
        return f"I have no quotation that stands in the reports ({checked['verdict']})."
    place = checked["matches"][0]["cite"]
    return f"The report says: “{quote}”\n[{place}; verified: {checked['verdict']}]"


def main() -> None:
    question = " ".join(sys.argv[1:]) or "Were border guards complicit, and how do we know?"
    server = Server()
    try:
        print(answer(server, question))
    finally:
        server.close()


if __name__ == "__main__":
    main()
