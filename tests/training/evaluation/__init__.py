"""The tests of profile_training/evaluation."""

import here  # noqa: F401
