"""python3 src/training/make_package.py --data events:worlds.ndjson --attributes worlds-users.ndjson --config starter --out models/starter/3

The model for any catalogue, whose ids are hashed; it is trained on generated shops (demo_events.py --worlds).
"""

from profile_training.config.config import Config

CONFIG = Config("nearest-users", dimension=144, lasting=54, categories=36, width=32, heads=2, layers=2, dropout=0.1,
                learning_rate=6e-3, batch=200, epochs=60, patience=20, minutes=15, forget=0.6)
