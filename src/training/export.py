"""Writes a model package, and reads its weights back (docs/model-package.md)."""

import hashlib
import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import onnx
import onnx.numpy_helper
import torch

from encode import Encoder
from model import ProfileModel, Shape
from prepare import EPOCH
from windows import INPUTS

OPSET = 13


def write_package(folder: Path, name: str, version: str, model: ProfileModel, encoder: Encoder, windows: list, metrics: dict):
    """`windows` are (events, attributes) pairs that become the golden samples."""
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
        "name": name, "version": version, "dimension": model.shape.dimension, "maxEvents": model.shape.max_events,
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
    torch.onnx.export(model, tuple(example[name] for name in INPUTS), str(path), input_names=INPUTS,
                      output_names=["vector", "attention"], dynamic_axes=axes, opset_version=OPSET,
                      do_constant_folding=False)
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


def as_tensors(inputs: dict) -> dict:
    """Inputs of one window as a batch of one."""
    return {name: torch.tensor([cells], dtype=torch.float32 if name == "values" else torch.int64)
            for name, cells in inputs.items()}


@torch.no_grad()
def golden_sample(model: ProfileModel, encoder: Encoder, events, attributes: dict) -> dict:
    inputs = encoder.window(events, attributes)
    vector, attention = model(**as_tensors(inputs))
    return {"events": [raw_event(e) for e in events], "attributes": attributes, "inputs": inputs,
            "vector": rounded(vector[0]), "attention": rounded(attention[0])}


def rounded(cells: torch.Tensor) -> list:
    return [round(cell, 7) for cell in cells.double().tolist()]


def raw_event(event) -> dict:
    moment = EPOCH + timedelta(microseconds=event.micros)
    raw = {**({"eventId": event.id} if event.id else {}), "kind": event.kind, "itemId": event.item, "timestamp": moment.isoformat().replace("+00:00", "Z")}
    if event.categories:
        raw["categories"] = list(event.categories)
    if event.value is not None:
        raw["value"] = event.value
    return raw


def golden_windows(histories: dict, people: dict) -> list:
    """24 (events, attributes): lengths from 1 to over-full, from real users, and windows that lack one thing or another."""
    users = sorted(histories, key=lambda user: (-len(histories[user]), user))
    longest = [event for user in users[:8] for event in histories[user]]  # joined, so that over-full is sure to exist
    while len(longest) < 130:
        longest = longest * 2
    longest = [event._replace(micros=longest[0].micros + 1_500_000 * n * (n % 7 + 1) + n) for n, event in enumerate(longest[:130])]
    longest.sort(key=lambda event: event.micros)
    windows = [(longest[-n:], people.get(users[0], {})) for n in (1, 2, 3, 5, 99, 100, 101, 130)]
    for n, user in enumerate(users[:: max(1, len(users) // 10)][:10]):
        windows.append((histories[user][-(7 * n + 4):][:100], people.get(user, {}) if n % 2 else {}))
    some = longest[:12]
    windows.append(([e._replace(categories=()) for e in some], {}))
    windows.append(([e._replace(value=None) for e in some], people.get(users[0], {})))
    windows.append(([e._replace(item=f"nobody-has-this-{n}") for n, e in enumerate(some)], {}))
    windows.append(([e._replace(categories=("no such category é 漢",)) for e in some], {"no such attribute": 1}))
    windows.append(([e._replace(value=v) for e, v in zip(some, (-1e9, -3.5, 0.0, 1e-3, 2.0, 59.9, 1e4, 1e30))], {}))
    windows.append(([e._replace(micros=longest[0].micros, id=f"{n:02d}") for n, e in enumerate(some)], {}))
    return windows
