"""Writes the package of a sentiment model (docs/sentiment.md)."""

import hashlib
import inspect
import json
import shutil
from dataclasses import asdict
from pathlib import Path

import onnx
import torch

from export import OPSET, load_weights, replace_folder, round_to_half, store_in_half, twins_of, write_json
from sentiment_golden import golden_samples
from sentiment_model import SentimentModel, SentimentShape
from text_tokens import SLOTS, Tokenizer, TokenizerSettings

KIND = "sentiment"


def write_sentiment(folder: Path, model: SentimentModel, tokenizer: Tokenizer, metrics: dict, training: dict):
    """Name and version are the last two parts of the path. The folder appears whole or not at all."""
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    write_sentiment_graph(draft / "model.onnx", model)
    write_json(draft / "folding.json", tokenizer.folding)
    write_json(draft / "golden.json", {"samples": golden_samples(model, tokenizer)})
    files = sorted(draft.iterdir())
    write_json(draft / "manifest.json", {
        "name": folder.parent.name, "version": folder.name, "kind": KIND, "tokenizer": tokenizer_json(tokenizer),
        "maxTokens": tokenizer.settings.units * SLOTS, "metrics": metrics, "training": training,
        "files": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }, indent=2)
    replace_folder(folder, draft)


def tokenizer_json(tokenizer: Tokenizer) -> dict:
    s = tokenizer.settings
    return {"encoding": "hash", "buckets": s.buckets, "units": s.units, "longestGram": s.longest_gram,
            "longestWord": s.longest_word, "longestRun": s.longest_run, "stem": s.stem}


def write_sentiment_graph(path: Path, model: SentimentModel):
    """Weights are stored in half precision; `model` keeps their rounded values, so that golden samples are of what is written."""
    model.eval()
    round_to_half(model)
    tracing = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(model, torch.ones(2, 3 * SLOTS, dtype=torch.int64), str(path), input_names=["tokens"],
                      output_names=["score", "attention"], opset_version=OPSET, do_constant_folding=False,
                      dynamic_axes={"tokens": {0: "B", 1: "L"}, "score": {0: "B"}, "attention": {0: "B", 1: "L"}}, **tracing)
    graph = onnx.load(str(path))
    twins = twins_of(model, {w.name for w in graph.graph.initializer})
    store_in_half(graph.graph, {name for name, _ in model.named_parameters()})
    onnx.helper.set_model_props(graph, {"family": KIND, "shape": json.dumps(asdict(model.shape)), "twins": json.dumps(twins)})
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, str(path))


def load_sentiment(folder: Path):
    """The torch model and the tokenizer of a package."""
    graph = onnx.load(str(folder / "model.onnx"))
    shape = next(p.value for p in graph.metadata_props if p.key == "shape")
    s = json.loads((folder / "manifest.json").read_text("utf-8"))["tokenizer"]
    settings = TokenizerSettings(s["buckets"], s["units"], s["longestGram"], s["longestWord"], s["longestRun"], s["stem"])
    folding = json.loads((folder / "folding.json").read_text("utf-8"))
    return load_weights(SentimentModel(SentimentShape(**json.loads(shape))), graph), Tokenizer(settings, folding)
