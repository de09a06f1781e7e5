"""Writes a package anew, with its weights in half precision if asked to.

    python3 src/training/export.py --package models/shop/1 --out models/shop-half/1 --float16
"""

from pathlib import Path

from profile_training.commands.arguments import parser_of
from profile_training.data.event import event_of
from profile_training.package.golden import contents_of
from profile_training.package.reader import checked_manifest, load_encoder, load_model, read_json
from profile_training.package.writer import bytes_of, free_folder, write_package


def main(arguments: list | None = None) -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--package", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path, help="folder NAME/VERSION of the new package")
    parser.add_argument("--float16", action="store_true", help="store the weights in half precision")
    args = parser.parse_args(arguments)
    out = free_folder(args.out)
    manifest = checked_manifest(args.package)
    samples = read_json(args.package, "golden.json")["samples"]
    windows = [([event_of({"userId": "u", **raw}, "golden") for raw in s["events"]], s["attributes"]) for s in samples]
    kept = ("windowRules", "ratingScale", "training", "alignment", "segments", "privacy")
    more = {name: manifest[name] for name in kept if name in manifest}
    encoder = load_encoder(args.package, contents_of(samples))
    write_package(out, load_model(args.package), encoder, windows, manifest.get("metrics", {}), more, args.float16)
    print(f"wrote {args.out}: {bytes_of(args.out):,} bytes")
