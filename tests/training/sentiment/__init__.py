"""The tests of profile_training/sentiment."""

import here  # noqa: F401
