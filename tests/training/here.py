"""Where things are, the training code on the import path, and the environment that its commands restart themselves with."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRAINING = ROOT / "src" / "training"
sys.path.insert(0, str(TRAINING))

from profile_training.processor import missing_settings  # noqa: E402

# before numpy is loaded, so that what runs within the tests computes as a command does
os.environ.update(missing_settings())

# many small products, beside other work: a second thread only waits
os.environ.setdefault("OMP_NUM_THREADS", "1")
