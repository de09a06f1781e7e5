"""Writes a model package, and reads its weights back (docs/model-package.md); as a command, writes a package anew.

    python3 src/training/export.py --package models/shop/1 --out models/shop-half/1 --float16
"""

import argparse
import hashlib
import inspect
import json
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import onnx.numpy_helper
import torch

from contents import dimension_of
from encode import Encoder
from events import DataError, event_of
from golden import contents_of, golden_sample
from model import ProfileModel, Shape
from starter_model import StarterModel, StarterShape
from windows import CONTENT, INPUTS

OPSET = 13
MODELS = {"catalogue": (ProfileModel, Shape), "starter": (StarterModel, StarterShape)}
LARGEST = 1_500_000_000  # bytes of weights: protobuf ends at 2 GiB
HALF = ".float16"        # what a weight's name ends with where the graph holds it in half precision


def write_package(folder: Path, model, encoder: Encoder, windows: list, metrics: dict, more: dict | None = None, half: bool = False):
    """Name and version are the last two parts of the path; `windows` become the golden samples, `more` parts of the manifest.

    With `half`, weights are rounded to float16 first, in `model` too, so that golden samples and item vectors are of what is
    written. The folder appears whole or not at all.
    """
    if half:
        round_to_half(model)
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    write_graph(draft / "model.onnx", model, half)
    if encoder.vocabulary:
        write_json(draft / "vocabulary.json", encoder.vocabulary)
        (draft / "items.f32").write_bytes(model.item_vectors().detach().numpy().astype("<f4").tobytes())
    write_json(draft / "golden.json", {"samples": [golden_sample(model, encoder, *window) for window in windows]})
    files = sorted(draft.iterdir())
    write_json(draft / "manifest.json", {
        "name": folder.parent.name, "version": folder.name, "dimension": model.shape.dimension, "maxEvents": model.shape.max_events,
        "inputs": encoder.inputs, "metrics": metrics, **(more or {}),
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }, indent=2)
    replace_folder(folder, draft)


def replace_folder(folder: Path, draft: Path):
    """The draft becomes the folder, and what was there before is gone."""
    if folder.exists():
        old = folder.with_name(f".{folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
        draft.rename(folder)
        shutil.rmtree(old)
    else:
        draft.rename(folder)


def write_json(path: Path, content, indent=None):
    separators = None if indent else (",", ":")
    path.write_text(json.dumps(content, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators) + "\n", encoding="utf-8", errors="backslashreplace")


def check_size(model):
    size = sum(p.numel() * p.element_size() for p in model.parameters())
    if size > LARGEST:
        raise DataError(f"the weights take {size:,} bytes, and a graph holds {LARGEST:,} at most: use a smaller --set dimension= "
                        f"or leave out items that hardly anybody met")


def write_graph(path: Path, model, half: bool = False):
    """All parameters stay initializers under their own names; family and shape go into the metadata as JSON."""
    model.eval()
    model.tells_heads = True  # a model that knows of none takes no notice
    example = {name: torch.ones(2, 3, dtype=torch.float32 if name == "values" else torch.int64) for name in INPUTS}
    example["attributes"] = torch.ones(2, len(model.shape.attributes), dtype=torch.int64)
    if content := content_dimension(model):
        example[CONTENT] = torch.ones(2, 3, content)
    axes = {name: {0: "B", 1: "L"} for name in [*example, "attention"]} | {"attributes": {0: "B"}, "vector": {0: "B"}}
    # the tracing exporter keeps the parameters' names; later versions of PyTorch have to be asked for it
    shapes = {name: told.shape for name, told in zip(("vector", "attention", "heads"), model(**example))}
    if "heads" in shapes:
        axes["heads"] = {0: "B", 2: "L"}
    tracing = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(model, tuple(example.values()), str(path), input_names=list(example),
                      output_names=list(shapes), dynamic_axes=axes, opset_version=OPSET,
                      do_constant_folding=False, **tracing)
    model.tells_heads = False
    graph = onnx.load(str(path))
    declare_all_inputs(graph.graph, axes, list(example))
    for output in (o for o in graph.graph.output if o.name == "heads"):
        output.type.tensor_type.shape.dim[1].dim_value = shapes["heads"][1]  # the exporter leaves it open
    twins = twins_of(model, {w.name for w in graph.graph.initializer})
    if half:
        store_in_half(graph.graph, {name for name, _ in model.named_parameters()})
    family = next(name for name, (kind, _) in MODELS.items() if isinstance(model, kind))
    onnx.helper.set_model_props(graph, {"family": family, "shape": json.dumps(asdict(model.shape)), "twins": json.dumps(twins)})
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, str(path))


def twins_of(model, kept: set) -> dict:
    """Of weights with the same content the exporter keeps one: {name of the lost: name of the kept}."""
    weights = dict(model.named_parameters())
    return {lost: next(name for name in weights if name in kept and torch.equal(weights[name], cells))
            for lost, cells in weights.items() if lost not in kept}


def content_dimension(model) -> int:
    """0 where the model takes no content."""
    return getattr(model.shape, "content", 0)


def declare_all_inputs(graph, axes: dict, names: list):
    """The exporter drops an input that the model does not use; the contract has all of them, in their order."""
    kept = {i.name: i for i in graph.input}
    del graph.input[:]
    for name in names:
        kind = onnx.TensorProto.FLOAT if name == "values" else onnx.TensorProto.INT64
        second = "L" if name != "attributes" else 0
        graph.input.append(kept.get(name) or onnx.helper.make_tensor_value_info(name, kind, [axes[name][0], second]))


def round_to_half(model):
    for parameter in model.parameters():
        if parameter.dtype == torch.float32:
            parameter.data = parameter.data.half().float()


def store_in_half(graph, names: set):
    """The named weights are stored in float16 and cast when the graph is loaded; it computes in float32."""
    for weight in [w for w in graph.initializer if w.name in names and w.data_type == onnx.TensorProto.FLOAT]:
        cells = onnx.numpy_helper.to_array(weight).astype(np.float16)
        graph.initializer.remove(weight)
        graph.initializer.append(onnx.numpy_helper.from_array(cells, weight.name + HALF))
        graph.node.insert(0, onnx.helper.make_node("Cast", [weight.name + HALF], [weight.name], to=onnx.TensorProto.FLOAT))


def load_model(folder: Path):
    """The torch model of a package, weights and all."""
    graph = onnx.load(str(Path(folder) / "model.onnx"))
    props = {p.key: p.value for p in graph.metadata_props}
    model_type, shape_type = MODELS[props["family"]]
    shape = json.loads(props["shape"])
    model = model_type(shape_type(**{**shape, "attributes": tuple(shape["attributes"])}))
    return load_weights(model, graph)


def load_weights(model, graph):
    """The model with the weights of its graph."""
    props = {p.key: p.value for p in graph.metadata_props}
    cells = {w.name.removesuffix(HALF): torch.from_numpy(onnx.numpy_helper.to_array(w).copy()) for w in graph.graph.initializer}
    twins = json.loads(props.get("twins", "{}"))
    model.load_state_dict({name: cells[twins.get(name, name)].to(p.dtype) for name, p in model.named_parameters()})
    return model.eval()


def load_encoder(folder: Path, contents: dict | None = None) -> Encoder:
    manifest = json.loads((Path(folder) / "manifest.json").read_text("utf-8"))
    taken, given = manifest["inputs"].get("content", {}).get("dimension", 0), dimension_of(contents) if contents else 0
    if given not in (0, taken):
        raise DataError(f"{folder} takes content of {taken} numbers, and --items has {given}: they must be the same")
    words = Path(folder) / "vocabulary.json"
    return Encoder(manifest["inputs"], json.loads(words.read_text("utf-8")) if words.exists() else {}, manifest["maxEvents"], contents)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path, help="folder NAME/VERSION of the new package")
    parser.add_argument("--float16", action="store_true", help="store the weights in half precision")
    args = parser.parse_args()
    samples = json.loads((args.package / "golden.json").read_text("utf-8"))["samples"]
    windows = [([event_of({"userId": "u", **raw}, "golden") for raw in s["events"]], s["attributes"]) for s in samples]
    manifest = json.loads((args.package / "manifest.json").read_text("utf-8"))
    more = {name: manifest[name] for name in ("training", "alignment") if name in manifest}
    write_package(args.out.resolve(), load_model(args.package), load_encoder(args.package, contents_of(samples)), windows, manifest["metrics"], more, args.float16)
    print(f"wrote {args.out}: {sum(f.stat().st_size for f in args.out.iterdir()):,} bytes")


if __name__ == "__main__":
    main()
