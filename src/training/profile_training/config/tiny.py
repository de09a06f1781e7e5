"""python3 src/training/make_package.py --data events:demo/events.ndjson --attributes demo/users.ndjson --config tiny --out tiny/1

The smallest model of one catalogue: less than a minute on one core, for tests and for trying a pipeline.
"""

from profile_training.config.config import Config

CONFIG = Config("next-item", dimension=16, heads=2, layers=2, dropout=0.1, learning_rate=5e-3, batch=512,
                epochs=12, patience=12, minutes=1, lasting=8)
