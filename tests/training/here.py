"""Where things are, and the training code on the import path."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRAINING = ROOT / "src" / "training"
sys.path.insert(0, str(TRAINING))
