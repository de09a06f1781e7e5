"""A network as an ONNX graph, and the way back: weights keep their names, and family and shape stand in the metadata as JSON."""

import inspect
import io
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
import torch

from profile_training.encoding.histories import CONTENT, INPUTS, TIME
from profile_training.errors import DataError
from profile_training.model.profile_model import ProfileModel, Shape
from profile_training.model.starter_model import StarterModel, StarterShape

OPSET = 13
FAMILIES = {"catalogue": (ProfileModel, Shape), "starter": (StarterModel, StarterShape)}
LARGEST = 1_500_000_000  # bytes of weights: protobuf ends at 2 GiB
HALF = ".float16"        # suffix of a weight's name that the graph stores in half precision


def check_size(model):
    size = sum(p.numel() * p.element_size() for p in model.parameters())
    if size > LARGEST:
        raise DataError(f"the weights take {size:,} bytes, and a graph has room for {LARGEST:,}: use a smaller --set dimension= "
                        f"or leave out rare items")


def write_graph(path: Path, model, half: bool = False):
    model.eval()
    model.tells_heads = True  # read by ProfileModel alone
    example, axes = example_of(model)
    outputs = dict(zip(("vector", "attention", "heads"), model(**example)))
    if "heads" in outputs:
        axes["heads"] = {0: "B", 2: "L"}
    graph = export(model, example, list(outputs), axes)
    model.tells_heads = False
    declare_all_inputs(graph.graph, axes, list(example))
    for output in (o for o in graph.graph.output if o.name == "heads"):
        output.type.tensor_type.shape.dim[1].dim_value = outputs["heads"].shape[1]  # the exporter leaves it open
    family = next(name for name, (kind, _) in FAMILIES.items() if isinstance(model, kind))
    finish(path, graph, model, family, half)


def example_of(model):
    """(inputs of two windows of three events, names of the axes of any size)."""
    example = {name: torch.ones(2, 3, dtype=torch.float32 if name == "values" else torch.int64) for name in INPUTS}
    example["attributes"] = torch.ones(2, len(model.shape.attributes), dtype=torch.int64)
    if content := getattr(model.shape, "content", 0):
        example[CONTENT] = torch.ones(2, 3, content)
    if getattr(model.shape, "time", False):
        example[TIME] = torch.ones(2, 2)
    axes = {name: {0: "B", 1: "L"} for name in [*example, "attention"]} | {"attributes": {0: "B"}, TIME: {0: "B"}, "vector": {0: "B"}}
    return example, axes


def export(model, example: dict, outputs: list, axes: dict):
    """The graph, made in memory: PyTorch's own writer ends the process where a disk is full."""
    # the tracing exporter keeps the parameters' names; newer versions of PyTorch use it only if asked to
    tracing = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    always = tuple(cells for name, cells in example.items() if name not in (CONTENT, TIME))
    at_times = {name: cells for name, cells in example.items() if name in (CONTENT, TIME)}
    cells = io.BytesIO()
    torch.onnx.export(model, (*always, at_times), cells, input_names=list(example), output_names=outputs,
                      dynamic_axes=axes, opset_version=OPSET, do_constant_folding=False, **tracing)
    return onnx.load_model_from_string(cells.getvalue())


def declare_all_inputs(graph, axes: dict, names: list):
    """The exporter drops an input that the model does not use; the contract has all of them, in their order."""
    kept = {i.name: i for i in graph.input}
    del graph.input[:]
    for name in names:
        kind = onnx.TensorProto.FLOAT if name == "values" else onnx.TensorProto.INT64
        second = "L" if name != "attributes" else 0
        graph.input.append(kept.get(name) or onnx.helper.make_tensor_value_info(name, kind, [axes[name][0], second]))


def finish(path: Path, graph, model, family: str, half: bool):
    """Adds the metadata, stores the weights in half precision if asked to, checks the graph and saves it."""
    twins, beside = dropped_of(model, {w.name for w in graph.graph.initializer})
    if half:
        store_in_half(graph.graph, {name for name, _ in model.named_parameters()})
    metadata = {"family": family, "shape": json.dumps(asdict(model.shape)), "twins": json.dumps(twins),
                "beside": json.dumps(beside)}
    onnx.helper.set_model_props(graph, metadata)
    onnx.checker.check_model(graph, full_check=True)
    path.write_bytes(graph.SerializeToString())


def dropped_of(model, kept: set) -> tuple:
    """The weights that the graph lacks: ({name: name of an equal one that it keeps}, {name: cells of one that no vector needs})."""
    weights, twins, beside = dict(model.named_parameters()), {}, {}
    for lost in [name for name in weights if name not in kept]:
        twin = next((name for name in weights if name in kept and torch.equal(weights[name], weights[lost])), None)
        if twin is None:
            beside[lost] = weights[lost].tolist()
        else:
            twins[lost] = twin
    return twins, beside


def round_to_half(model):
    for parameter in model.parameters():
        if parameter.dtype == torch.float32 and fits_in_half(parameter.data):
            parameter.data = parameter.data.half().float()


def fits_in_half(cells: torch.Tensor) -> bool:
    """Whether float16 can hold the numbers: the greatest is 65,504, less than the seconds of a day."""
    return not cells.numel() or cells.abs().max().item() <= torch.finfo(torch.float16).max


def store_in_half(graph, names: set):
    """The named weights are stored in float16 and cast when the graph is loaded; it computes in float32."""
    for weight in [w for w in graph.initializer if w.name in names and w.data_type == onnx.TensorProto.FLOAT]:
        if not fits_in_half(torch.from_numpy(onnx.numpy_helper.to_array(weight).copy())):
            continue
        cells = onnx.numpy_helper.to_array(weight).astype(np.float16)
        graph.initializer.remove(weight)
        graph.initializer.append(onnx.numpy_helper.from_array(cells, weight.name + HALF))
        graph.node.insert(0, onnx.helper.make_node("Cast", [weight.name + HALF], [weight.name], to=onnx.TensorProto.FLOAT))


def metadata_of(graph) -> dict:
    return {p.key: p.value for p in graph.metadata_props}


def model_of(graph):
    """The network of a graph, weights included."""
    metadata = metadata_of(graph)
    model_type, shape_type = FAMILIES[metadata["family"]]
    shape = json.loads(metadata["shape"])
    return load_weights(model_type(shape_type(**{**shape, "attributes": tuple(shape["attributes"])})), graph)


def load_weights(model, graph):
    """The model with the weights of its graph."""
    twins = json.loads(metadata_of(graph).get("twins", "{}"))
    cells = {w.name.removesuffix(HALF): torch.from_numpy(onnx.numpy_helper.to_array(w).copy()) for w in graph.graph.initializer}
    cells |= {name: torch.tensor(found) for name, found in json.loads(metadata_of(graph).get("beside", "{}")).items()}
    model.load_state_dict({name: cells[twins.get(name, name)].to(p.dtype) for name, p in model.named_parameters()})
    return model.eval()
