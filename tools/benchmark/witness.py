"""Replays the witness of a `sat` answer on other people's software."""

import gzip
from fractions import Fraction

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, numpy_helper
from onnx.reference import ReferenceEvaluator

import query


def parse(lines):
    """The flat decimal values of each variable, from the lines after `sat`.

    A line `NAME TYPE [d,d]` is followed by one value a line; `X_0`, `X_1`, … are gathered as `X`.
    """
    values, current = {}, None
    for line in filter(str.strip, lines):
        words = line.split(maxsplit=2)
        if len(words) > 1:
            name = words[0]
            if name[:2] in ("X_", "Y_") and name[2:].isdigit():
                name = name[0]
            current = values.setdefault(name, [])
        elif current is None:
            raise ValueError(f"a value before any variable: {line.strip()}")
        else:
            current.append(words[0])
    return values


def replay(text, files, answer):
    """Whether a witness satisfies the query with zero tolerance, as one word or a few.

    The first that applies: `confirmed`, with the inputs cast to the type of the file and run by
    onnxruntime; `confirmed as printed`, with the inputs as printed (a set whose numbers no binary32
    number equals has no other) and both onnxruntime's and a binary64 evaluation's outputs;
    `binary64 only`; `rejected`. `text` is the query's, `files` has the file of each network,
    `answer` the printed values.
    """
    asked = query.read(text)
    printed = {name: [Fraction(v) for v in values] for name, values in answer.items()}
    models = {name: load(path) for name, path in files.items()}
    if evaluate(asked, models, printed, run_stored):
        return "confirmed"
    if not evaluate(asked, models, printed, run_double):
        return "rejected"
    as_printed = evaluate(asked, models, printed, lambda m, x: (x, run_stored(m, x)[1]))
    return "confirmed as printed" if as_printed else "binary64 only"


def load(path):
    """The model of a file that may be compressed."""
    opened = gzip.open(path) if str(path).endswith(".gz") else open(path, "rb")
    with opened as file:
        return onnx.load_from_string(file.read())


def evaluate(asked, models, printed, run):
    """Whether the assertions hold at the inputs and outputs that `run` says were used."""
    values = {}
    for declared in asked.networks:
        inputs = [printed[tensor.name] for tensor in declared.inputs]
        for tensor, entries in zip(declared.inputs, inputs, strict=True):
            if len(entries) != np.prod(tensor.shape, dtype=int):
                raise ValueError(f"{tensor.name} has {len(entries)} values")
        used, outputs = run(models[declared.same_as or declared.name], inputs)
        for tensor, entries in zip(declared.inputs + declared.outputs, used + outputs, strict=True):
            values[tensor.name] = entries
    return asked.holds(values)


def run_stored(model, inputs):
    """The inputs cast to the file's type, and onnxruntime's outputs."""
    settings = onnxruntime.SessionOptions()
    settings.log_severity_level = 3  # errors only
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), settings, providers=["CPUExecutionProvider"]
    )
    cast = shaped(model, inputs)
    outputs = session.run(None, dict(zip((port.name for port in real_inputs(model)), cast)))
    return [exact(array) for array in cast], [exact(array) for array in outputs]


def run_double(model, inputs):
    """The inputs as they are, and the outputs of a binary64 evaluation."""
    model = widened(model)
    cast = shaped(model, inputs)
    names = [port.name for port in real_inputs(model)]
    outputs = ReferenceEvaluator(model).run(None, dict(zip(names, cast)))
    return inputs, [exact(array) for array in outputs]


def real_inputs(model):
    """The graph's inputs that are not also initializers."""
    stored = {tensor.name for tensor in model.graph.initializer}
    return [port for port in model.graph.input if port.name not in stored]


def shaped(model, inputs):
    """The inputs as arrays of the file's shapes and types; a dynamic dimension is 1."""
    arrays = []
    for port, entries in zip(real_inputs(model), inputs, strict=True):
        tensor = port.type.tensor_type
        shape = [size.dim_value or 1 for size in tensor.shape.dim]
        kind = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type)
        arrays.append(np.array([float(entry) for entry in entries]).astype(kind).reshape(shape))
    return arrays


def exact(array):
    """The entries, flat, as fractions."""
    return [Fraction(float(entry)) for entry in np.ravel(array)]


def widened(model):
    """A copy in which every binary32 value is a binary64 one."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    for port in [*graph.input, *graph.output]:
        if port.type.tensor_type.elem_type == TensorProto.FLOAT:
            port.type.tensor_type.elem_type = TensorProto.DOUBLE
    tensors = list(graph.initializer)
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.name == "to" and attribute.i == TensorProto.FLOAT:
                attribute.i = TensorProto.DOUBLE
            if attribute.type == onnx.AttributeProto.TENSOR:
                tensors.append(attribute.t)
    for tensor in tensors:
        if tensor.data_type == TensorProto.FLOAT:
            wide = numpy_helper.to_array(tensor).astype(np.float64)
            tensor.CopyFrom(numpy_helper.from_array(wide, tensor.name))
    return result
