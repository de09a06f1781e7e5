"""Writes a model package, and reads its weights back (docs/model-package.md)."""

import hashlib
import inspect
import json
from dataclasses import asdict
from pathlib import Path

import onnx
import onnx.numpy_helper
import torch

from encode import Encoder
from golden import golden_sample
from model import ProfileModel, Shape
from windows import INPUTS

OPSET = 13


def write_package(folder: Path, model: ProfileModel, encoder: Encoder, windows: list, metrics: dict):
    """Name and version are the last two parts of the path; `windows` become the golden samples."""
    folder.mkdir(parents=True, exist_ok=True)
    write_graph(folder / "model.onnx", model)
    if encoder.vocabulary:
        write_json(folder / "vocabulary.json", encoder.vocabulary)
        items = model.item.weight.detach().clone()
        items[:2] = 0  # neither padding nor the unknown item can be recommended
        (folder / "items.f32").write_bytes(items.numpy().astype("<f4").tobytes())
    write_json(folder / "golden.json", {"samples": [golden_sample(model, encoder, *window) for window in windows]})
    files = sorted(path for path in folder.iterdir() if path.name != "manifest.json")
    write_json(folder / "manifest.json", {
        "name": folder.parent.name, "version": folder.name, "dimension": model.shape.dimension, "maxEvents": model.shape.max_events,
        "inputs": encoder.inputs, "metrics": metrics,
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }, indent=2)


def write_json(path: Path, content, indent=None):
    separators = None if indent else (",", ":")
    path.write_text(json.dumps(content, ensure_ascii=False, indent=indent, separators=separators) + "\n", encoding="utf-8")


def write_graph(path: Path, model: ProfileModel):
    """All parameters stay initializers under their own names; the shape goes into the metadata as JSON."""
    model.eval()
    example = {name: torch.ones(2, 3, dtype=torch.float32 if name == "values" else torch.int64) for name in INPUTS}
    example["attributes"] = torch.ones(2, len(model.shape.attributes), dtype=torch.int64)
    axes = {name: {0: "B", 1: "L"} for name in [*INPUTS[:-1], "attention"]} | {"attributes": {0: "B"}, "vector": {0: "B"}}
    # the tracing exporter keeps the parameters' names; later versions of PyTorch have to be asked for it
    tracing = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(model, tuple(example[name] for name in INPUTS), str(path), input_names=INPUTS,
                      output_names=["vector", "attention"], dynamic_axes=axes, opset_version=OPSET,
                      do_constant_folding=False, **tracing)
    graph = onnx.load(str(path))
    onnx.helper.set_model_props(graph, {"shape": json.dumps(asdict(model.shape))})
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, str(path))


def load_model(folder: Path) -> ProfileModel:
    """The torch model of a package, weights and all."""
    graph = onnx.load(str(Path(folder) / "model.onnx"))
    shape = json.loads({p.key: p.value for p in graph.metadata_props}["shape"])
    model = ProfileModel(Shape(**{**shape, "attributes": tuple(shape["attributes"])}))
    cells = {t.name: torch.from_numpy(onnx.numpy_helper.to_array(t).copy()) for t in graph.graph.initializer}
    model.load_state_dict({name: cells[name] for name, _ in model.named_parameters()})
    return model.eval()


def load_encoder(folder: Path) -> Encoder:
    manifest = json.loads((Path(folder) / "manifest.json").read_text("utf-8"))
    words = Path(folder) / "vocabulary.json"
    return Encoder(manifest["inputs"], json.loads(words.read_text("utf-8")) if words.exists() else {}, manifest["maxEvents"])
