#!/usr/bin/env python3
"""The vectors of 20 sentences by all-MiniLM-L6-v2 as it was published, in 32-bit numbers: what the encoder in 8-bit
integers is tested against (`tests/data/encoder_reference.jsonl`).

  benches/encoder_reference.py MODEL_DIR > tests/data/encoder_reference.jsonl

MODEL_DIR holds `model.safetensors` and `tokenizer.json`. Needs numpy, safetensors and tokenizers. The network is written
out here with numpy, so that the two have nothing in common but the weights.
"""
import json
import math
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

SENTENCES = [
    "Border guards took bribes from smugglers.",
    "Officials at the crossing were paid to look away.",
    "The government increased funding for shelters in 2008.",
    "What is the penalty for trafficking in persons?",
    "children forced to beg in the streets",
    "Authorities identified 43 victims, compared with 27 in the previous year; most were women.",
    "The wing's lift coefficient at supersonic speeds depends on the angle of attack.",
    "0-dimensional biomaterials lack inductive properties.",
    "Café owners in Almaty said that they hadn’t heard of the law — “not once”.",
    "LAW No. 64-I (Article 128, §§ 1–3)",
    "e-mail: someone@example.org, https://example.org/a?b=c&d=e",
    "price",
    "Прокуратура возбудила уголовное дело.",
    "人身売買 is an offence.",
    "antidisestablishmentarianism",
    "A fee of $1,250.00 (approx. €1 150) is due within thirty days of receipt of the notice of assessment.",
    "We may share your personal information with third parties who perform services on our behalf.",
    "How do I renew my driver's license if I live out of state?",
    "The team drafted him in the second round. " * 5,
    "Passages longer than the encoder sees are cut, and the rest of what they say is not in their vector. " * 20,
]


def normalized(x, weights, name):
    mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    x = (x - mean) / np.sqrt(variance + 1e-12)
    return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def linear(x, weights, name):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def gelu(x):
    return x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def vector(ids, weights):
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = normalized(x + weights["embeddings.token_type_embeddings.weight"][0], weights, "embeddings.LayerNorm")
    for layer in range(6):
        name = f"encoder.layer.{layer}"
        parts = [linear(x, weights, f"{name}.attention.self.{part}") for part in ["query", "key", "value"]]
        query, key, value = [part.reshape(len(ids), 12, 32).transpose(1, 0, 2) for part in parts]
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(32)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        taken = (scores / scores.sum(-1, keepdims=True)) @ value
        taken = taken.transpose(1, 0, 2).reshape(len(ids), 384)
        x = normalized(x + linear(taken, weights, f"{name}.attention.output.dense"), weights,
                       f"{name}.attention.output.LayerNorm")
        inner = gelu(linear(x, weights, f"{name}.intermediate.dense"))
        x = normalized(x + linear(inner, weights, f"{name}.output.dense"), weights, f"{name}.output.LayerNorm")
    return x.mean(0)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    weights = {name: value.astype(np.float64) for name, value in load_file(folder / "model.safetensors").items()}
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    for text in SENTENCES:
        ids = tokenizer.encode(text).ids
        numbers = vector(ids, weights)
        numbers = np.round(numbers / np.abs(numbers).max() * 127).astype(int)
        print(json.dumps({"text": text, "pieces": ids, "vector": numbers.tolist()}, ensure_ascii=False))


main()
