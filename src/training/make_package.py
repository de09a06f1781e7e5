"""Trains a model and writes its package: prepare, train, evaluate, export.

    python3 src/training/make_package.py --data events:demo/events.ndjson --attributes demo/users.ndjson \\
        --config tiny --out tests/packages/tiny/1

--out names the package: its last two parts are the model's name and version.
"""

import argparse
import json
import sys
from pathlib import Path

import torch

from configs import CONFIGS
from encode import Encoder
from export import write_package
from golden import golden_windows
from prepare import READERS, DataError, read
from schema import hashed_schema, vocabulary_schema
from train import train
from windows import encode_histories


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, metavar="FORMAT:PATH", help=f"FORMAT is one of {', '.join(READERS)}")
    parser.add_argument("--out", required=True, type=Path, help="folder NAME/VERSION of the package")
    parser.add_argument("--attributes", type=Path, help="users' attributes, one JSON object a line")
    parser.add_argument("--config", choices=CONFIGS, default="base")
    parser.add_argument("--minutes", type=float, help="CPU time for training at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    config = CONFIGS[args.config]
    torch.set_num_threads(args.threads)

    try:
        histories, people = read(args.data, args.attributes)
    except (DataError, OSError) as error:
        sys.exit(f"make_package: {error}")
    inputs, vocabulary = hashed_schema(config) if config.hashed else vocabulary_schema(config, histories, people)
    encoder = Encoder(inputs, vocabulary, config.max_events)
    data = encode_histories(histories, people, encoder)
    print(f"{len(data.users):,} users, {data.item_count:,} items, {data.lengths().sum():,} events", flush=True)

    model, metrics = train(config, data, inputs, args.minutes or config.minutes, args.seed)
    print(json.dumps(metrics))

    write_package(args.out.resolve(), model, encoder, golden_windows(histories, people), metrics)
    print(f"wrote {args.out}: {sum(f.stat().st_size for f in args.out.iterdir()):,} bytes")


if __name__ == "__main__":
    main()
