"""The meaning's part of the danger model as an ONNX graph: how much a message's likeness to each example adds up to."""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

# Read by every onnxruntime since 1.12, as the encoder's graph is.
OPSET, IR_VERSION = 17, 8
# Where 8 bits without a sign have their zero. With a sign, processors that multiply 8 bits in pairs may overflow.
ZERO = 128


def meaning_graph(
    vectors: NDArray[np.float32], shares: NDArray[np.float32], sharpness: float
) -> NDArray[np.uint8]:
    """Return the bytes of a graph that adds up `share * exp(-sharpness * squared distance)` over the examples.

    Args:
        vectors: (examples, width), kept with 8 bits a number.
        shares: (examples,).

    Its input is "vectors", unit vectors (parts, width); its output "sums" (parts,).
    """
    # A message's numbers are hardly ever larger than the examples' largest; then they are cut to it.
    step = np.float32(np.abs(vectors).max() / (ZERO - 1))
    numbers = np.rint(vectors / step)
    kept = numbers * step
    squares = np.einsum("nw,nw->n", kept, kept)
    constants = {
        "examples": (numbers.T + ZERO).astype(np.uint8),
        "zero": np.array(ZERO, np.uint8),
        "step": np.array(step, np.float32),
        # The squared distance of a unit vector is 1 + squares - 2 * product.
        "steepness": np.array(2 * sharpness * step**2, np.float32),
        "nearness": (-sharpness * (1 + squares)).astype(np.float32),
        "shares": shares.astype(np.float32),
    }
    nodes = [
        helper.make_node("QuantizeLinear", ["vectors", "step", "zero"], ["numbers"]),
        helper.make_node("MatMulInteger", ["numbers", "examples", "zero", "zero"], ["whole"]),
        helper.make_node("Cast", ["whole"], ["products"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["products", "steepness"], ["pull"]),
        helper.make_node("Add", ["pull", "nearness"], ["exponents"]),
        helper.make_node("Exp", ["exponents"], ["likeness"]),
        helper.make_node("MatMul", ["likeness", "shares"], ["sums"]),
    ]
    graph = helper.make_graph(
        nodes,
        "meaning of danger",
        [
            helper.make_tensor_value_info(
                "vectors", TensorProto.FLOAT, ["parts", vectors.shape[1]]
            )
        ],
        [helper.make_tensor_value_info("sums", TensorProto.FLOAT, ["parts"])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
    )
    onnx.checker.check_model(model)
    return np.frombuffer(model.SerializeToString(), np.uint8)
