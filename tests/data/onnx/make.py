#!/usr/bin/env python3
"""Writes the small models beside this file. Needs onnx 1.23 and numpy; the files are kept, so that nobody needs to run it.

score = sigmoid(features . weights + bias), with three features; each file but linear.onnx is wrong in one way.
"""
import pathlib

import numpy
from onnx import TensorProto, checker, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
FLOAT, DOUBLE = TensorProto.FLOAT, TensorProto.DOUBLE
WEIGHTS = numpy.array([[0.5], [-1.0], [2.0]], numpy.float32)
BIAS = numpy.array([0.25], numpy.float32)


def linear(input_name="features", output_name="score", rows="N", kind=FLOAT, columns=3, cleans=False, outputs=1):
    """A logistic model; with `cleans`, a missing value counts as zero."""
    cast = numpy.float32 if kind == FLOAT else numpy.float64
    nodes, at = [], input_name
    constants = [numpy_helper.from_array(numpy.resize(WEIGHTS, (columns, outputs)).astype(cast), "weights"),
                 numpy_helper.from_array(numpy.resize(BIAS, (outputs,)).astype(cast), "bias")]
    if cleans:
        constants.append(numpy_helper.from_array(numpy.zeros(1, cast), "zero"))
        nodes += [helper.make_node("IsNaN", [at], ["missing"]), helper.make_node("Where", ["missing", "zero", at], ["clean"])]
        at = "clean"
    nodes += [helper.make_node("Gemm", [at, "weights", "bias"], ["logit"]), helper.make_node("Sigmoid", ["logit"], [output_name])]
    return helper.make_graph(nodes, "linear", [helper.make_tensor_value_info(input_name, kind, [rows, columns])],
                             [helper.make_tensor_value_info(output_name, kind, [rows, outputs])], constants)


def model_of(graph):
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="sluice-tests")
    checker.check_model(model)
    return model


def save(name, graph):
    (HERE / name).write_bytes(model_of(graph).SerializeToString())


def move_out(tensor, location):
    """The tensor's values are said to lie in another file of the machine."""
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", "0"), ("length", "12")):
        tensor.external_data.add(key=key, value=value)


def weights_at(location):
    model = model_of(linear())
    move_out(model.graph.initializer[0], location)
    return model.SerializeToString()


def branch_weights_at(location):
    """As weights_at, hidden in a constant of a branch that is never taken."""
    hidden = helper.make_node("Constant", [], ["hidden"], value=numpy_helper.from_array(WEIGHTS[:, 0], "weights"))
    move_out(hidden.attribute[0].t, location)
    value = helper.make_tensor_value_info("hidden", FLOAT, [3])
    plain = helper.make_node("Constant", [], ["plain"], value=numpy_helper.from_array(WEIGHTS[:, 0], "weights"))
    graph = linear()
    graph.initializer.append(numpy_helper.from_array(numpy.array(True), "always"))
    graph.node.append(helper.make_node("If", ["always"], ["unused"],
                                       then_branch=helper.make_graph([plain], "then", [], [helper.make_tensor_value_info("plain", FLOAT, [3])]),
                                       else_branch=helper.make_graph([hidden], "else", [], [value])))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def label_too():
    graph = linear()
    graph.node.append(helper.make_node("Identity", ["logit"], ["label"]))
    graph.output.append(helper.make_tensor_value_info("label", FLOAT, ["N", 1]))
    return graph


def second_row():
    """Fails while scoring one row: it looks at the second."""
    graph = linear()
    graph.initializer.append(numpy_helper.from_array(numpy.array([1], numpy.int64), "second"))
    graph.node[1].output[0] = "plain"
    graph.node.append(helper.make_node("Gather", ["plain", "second"], ["other"], axis=0))
    graph.node.append(helper.make_node("Max", ["plain", "other"], ["score"]))
    return graph


def greedy():
    """Asks for 64 GB while scoring one row."""
    graph = linear()
    graph.initializer.append(numpy_helper.from_array(numpy.array([16_000_000_000, 1], numpy.int64), "many"))
    graph.node.append(helper.make_node("Slice", ["features", "from", "to", "axes"], ["one"]))
    for name, value in (("from", [0, 0]), ("to", [1, 1]), ("axes", [0, 1])):
        graph.initializer.append(numpy_helper.from_array(numpy.array(value, numpy.int64), name))
    graph.node.append(helper.make_node("Expand", ["one", "many"], ["huge"]))
    graph.node.append(helper.make_node("ReduceMax", ["huge"], ["peak"], keepdims=1))
    graph.node[1].output[0] = "plain"
    graph.node.append(helper.make_node("Add", ["plain", "peak"], ["score"]))
    return graph


if __name__ == "__main__":
    save("linear.onnx", linear())
    save("cleans.onnx", linear(cleans=True))
    save("two_columns.onnx", linear(columns=2))
    save("wrong_output_name.onnx", linear(output_name="probability"))
    save("wrong_input_name.onnx", linear(input_name="X"))
    save("doubles.onnx", linear(kind=DOUBLE))
    save("two_scores.onnx", linear(outputs=2))
    save("one_row_only.onnx", linear(rows=1))
    save("label_too.onnx", label_too())
    save("looks_at_second_row.onnx", second_row())
    save("greedy.onnx", greedy())
    (HERE / "weights_elsewhere.onnx").write_bytes(weights_at("../../../../../../etc/passwd"))
    (HERE / "weights_beside.onnx").write_bytes(weights_at("weights.bin"))
    (HERE / "branch_weights_beside.onnx").write_bytes(branch_weights_at("weights.bin"))
    (HERE / "broken.onnx").write_bytes((HERE / "linear.onnx").read_bytes()[:100])
