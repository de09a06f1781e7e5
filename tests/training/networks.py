"""Small networks with random weights, and random windows for them."""

import json
from pathlib import Path

import onnx
import torch

from profile_training.counting.fit import seconds_of
from profile_training.data.files import sha256_of
from profile_training.encoding.encoder import FIRST
from profile_training.model.profile_model import ProfileModel, Shape
from profile_training.model.segments import fact_count
from profile_training.model.starter_facts import SCALES
from profile_training.model.starter_model import StarterModel, StarterShape


def catalogue_model(attributes=(5, 4), attention="dot", used=True, local=4, layers=2, content=0, lasting=0,
                    category_factors=False) -> ProfileModel:
    """With `used` false the model reads nothing but the items."""
    rows = {"categories": 40, "kinds": 12, "gaps": 8} if used else dict.fromkeys(("categories", "kinds", "gaps"), 0)
    shares = 3 if lasting else 0
    dimension = 16 + (lasting + shares + fact_count(rows["kinds"], time=True) if lasting else 0)
    model = ProfileModel(Shape(dimension, towers=2, heads=2, layers=layers, max_events=100, attention=attention, local=local, items=40,
                               **rows, values=used, attributes=attributes, content=content, time=lasting > 0, lasting=lasting,
                               shares=shares, category_factors=category_factors))
    return with_counts(randomized(model)) if lasting else randomized(model)


def with_counts(model: ProfileModel) -> ProfileModel:
    """As if it had been fitted to a log."""
    facts = model.facts
    model.lasting.factors.data[FIRST:] = torch.randn(len(model.lasting.factors) - FIRST, model.shape.lasting)
    model.shares.of_item.data[FIRST:30] = (torch.rand(30 - FIRST, 3) < 0.5).float()
    model.shares.of_category.data[FIRST:] = torch.eye(3)[torch.randint(3, (len(model.shares.of_category) - FIRST,))]
    facts.popularity.data[FIRST:] = torch.rand(len(facts.popularity) - FIRST, 1)
    facts.seconds.data = 100.0 * torch.arange(len(facts.seconds)).unsqueeze(1)
    facts.scale.data, facts.weight.data = torch.rand_like(facts.scale), torch.full_like(facts.weight, 0.3)
    return model


def change_shape(package: Path, change: dict):
    """Makes a package of another build of this one: its graph has another shape, without the names whose value is None."""
    graph = onnx.load(str(package / "model.onnx"))
    shape = next(p for p in graph.metadata_props if p.key == "shape")
    changed = json.loads(shape.value) | change
    shape.value = json.dumps({name: value for name, value in changed.items() if value is not None})
    onnx.save(graph, str(package / "model.onnx"))
    list_anew(package)


def list_anew(package: Path):
    """The manifest takes the package's files as they are."""
    manifest = json.loads((package / "manifest.json").read_text("utf-8"))
    manifest["files"] = {name: sha256_of(package / name) for name in manifest["files"]}
    (package / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def starter_model(attributes=(5, 4)) -> StarterModel:
    model = StarterModel(StarterShape(dimension=16 + 12 + len(SCALES), lasting=7, categories=5, width=8, heads=2, layers=2,
                                      max_events=100, kinds=12, gaps=8, attributes=attributes))
    model.facts.seconds.data = seconds_of((1, 10, 60, 300, 1800), 8).unsqueeze(1)
    return randomized(model)


def randomized(model):
    """No weight stays zero, so that every part has an effect."""
    torch.manual_seed(3)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data.normal_(0, 0.5)
    return model.eval()


def window(users: int, length: int, attributes: int = 2, content: int = 0, time: bool = False) -> dict:
    def draw(high):
        return torch.randint(1, high, (users, length))
    return {"items": draw(40), "kinds": draw(12), "categories": draw(40), "gaps": draw(8),
            "values": torch.randn(users, length), "attributes": torch.randint(0, 4, (users, attributes)),
            **({"content": torch.randn(users, length, content)} if content else {}),
            **({"time": torch.rand(users, 2)} if time else {})}


def padded(inputs: dict, count: int) -> dict:
    return {name: cells if name in ("attributes", "time") else torch.nn.functional.pad(cells, (0, 0) * (cells.dim() - 2) + (count, 0))
            for name, cells in inputs.items()}
