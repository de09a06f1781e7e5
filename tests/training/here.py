"""Where things are, and the training code on the import path."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRAINING = ROOT / "src" / "training"
sys.path.insert(0, str(TRAINING))

# many small products, beside other work: a second thread only waits
os.environ.setdefault("OMP_NUM_THREADS", "1")
