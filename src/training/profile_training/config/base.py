"""python3 src/training/make_package.py --data events:events.ndjson --out models/shop/1

The model of one catalogue: minutes on one core.
"""

from profile_training.config.config import Config

CONFIG = Config("next-item", dimension=128, towers=1, heads=2, layers=2, dropout=0.5, learning_rate=1e-3, batch=512,
                epochs=20, patience=4, whole_log=0.25, minutes=10, lasting=64)
