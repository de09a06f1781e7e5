"""python3 src/training/make_package.py --data events:events.ndjson --config large --out models/shop/1

Six towers of the size of `base`: the best figures, in six times the time.
"""

from profile_training.config.config import Config

CONFIG = Config("next-item", dimension=768, towers=6, heads=2, layers=2, dropout=0.5, learning_rate=1e-3, batch=512,
                epochs=20, patience=4, whole_log=0.25, minutes=60)
