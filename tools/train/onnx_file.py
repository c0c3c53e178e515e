"""Writes a trained network as an ONNX file with float32 weights, and runs it."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from perceptron import AveragePool, Convolution, Dense, Flatten, Relu

NETWORKS = Path(__file__).resolve().parents[2] / "specs" / "networks"


def save(network, name, input_shape):
    """Writes `specs/networks/NAME.onnx` and returns its path; the shape excludes the batch of 1."""
    nodes, initializers, value = [], [], "input"
    for index, layer in enumerate(network.layers):
        result = "output" if layer is network.layers[-1] else f"value{index}"
        operands = [value]
        for parameter, suffix in zip(layer.parameters(), ["weight", "bias"]):
            operands.append(f"layer{index}.{suffix}")
            initializers.append(
                numpy_helper.from_array(parameter.astype(np.float32), operands[-1])
            )
        nodes.append(node(layer, operands, result))
        value = result
    outputs = network(np.zeros((1, *input_shape))).shape[1]
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, *input_shape])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, outputs])],
        initializers,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8, producer_name="affidavit"
    )
    onnx.checker.check_model(model, full_check=True)
    path = NETWORKS / f"{name}.onnx"
    onnx.save(model, path)
    return path


def node(layer, operands, result):
    """The ONNX node of one layer."""
    match layer:
        case Dense():
            return helper.make_node("Gemm", operands, [result])
        case Convolution():
            return helper.make_node("Conv", operands, [result], pads=[layer.padding] * 4)
        case Relu():
            return helper.make_node("Relu", operands, [result])
        case AveragePool():
            size = [layer.size, layer.size]
            return helper.make_node(
                "AveragePool", operands, [result], kernel_shape=size, strides=size
            )
        case Flatten():
            return helper.make_node("Flatten", operands, [result])
        case _:
            raise TypeError(f"no ONNX operator for the layer {type(layer).__name__}")


def run(path, inputs):
    """The outputs of onnxruntime for a batch, one sample at a time."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    samples = inputs.astype(np.float32)
    return np.concatenate(
        [session.run(None, {"input": samples[i : i + 1]})[0] for i in range(len(samples))]
    )
