"""Writes the package of a sentiment model (docs/sentiment.md), and reads it back."""

import json
from pathlib import Path

import onnx
import torch

from profile_training.errors import DataError
from profile_training.package.graph import export, finish, load_weights, metadata_of, round_to_half
from profile_training.package.reader import ANEW, UNREADABLE, checked_manifest, read_json
from profile_training.package.writer import draft_of, write_json, write_manifest
from profile_training.sentiment.golden import golden_samples
from profile_training.sentiment.network import SentimentModel, SentimentShape
from profile_training.sentiment.tokenizer import SLOTS, Tokenizer, TokenizerSettings

KIND = "sentiment"


def write_sentiment(folder: Path, model: SentimentModel, tokenizer: Tokenizer, least_opinion: float, metrics: dict, training: dict):
    """Name and version are the last two parts of the path.

    Weights are stored in half precision; `model` keeps their rounded values, so that golden samples are of what is written.
    """
    model.eval()
    round_to_half(model)
    with draft_of(folder) as draft:
        write_sentiment_graph(draft / "model.onnx", model)
        write_json(draft / "folding.json", tokenizer.folding)
        write_json(draft / "golden.json", {"samples": golden_samples(model, tokenizer)})
        write_manifest(draft, {
            "name": folder.parent.name, "version": folder.name, "kind": KIND, "tokenizer": json_of(tokenizer.settings),
            "maxTokens": tokenizer.settings.units * SLOTS, "leastOpinion": least_opinion, "metrics": metrics, "training": training})


def json_of(settings: TokenizerSettings) -> dict:
    s = settings
    return {"encoding": "hash", "buckets": s.buckets, "units": s.units, "longestGram": s.longest_gram,
            "longestWord": s.longest_word, "longestRun": s.longest_run, "stem": s.stem}


def write_sentiment_graph(path: Path, model: SentimentModel):
    axes = {"tokens": {0: "B", 1: "L"}, "score": {0: "B"}, "opinion": {0: "B"}, "attention": {0: "B", 1: "L"}}
    graph = export(model, {"tokens": torch.ones(2, 3 * SLOTS, dtype=torch.int64)}, ["score", "opinion", "attention"], axes)
    finish(path, graph, model, KIND, half=True)


def load_sentiment(folder: Path):
    """(the network of a package, its tokenizer)."""
    s = checked_manifest(folder, KIND)["tokenizer"]
    try:
        settings = TokenizerSettings(s["buckets"], s["units"], s["longestGram"], s["longestWord"], s["longestRun"], s["stem"])
    except LookupError as error:
        raise DataError(f"{folder / 'manifest.json'}: tokenizer lacks {error}; {ANEW}") from None
    try:
        graph = onnx.load(str(folder / "model.onnx"))
        model = load_weights(SentimentModel(SentimentShape(**json.loads(metadata_of(graph)["shape"]))), graph)
    except UNREADABLE:
        raise DataError(f"{folder}: its graph is of another build of make_sentiment.py; train the package anew, or measure it with "
                        f"that build") from None
    return model, Tokenizer(settings, read_json(folder, "folding.json"))
