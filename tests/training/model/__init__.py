"""The tests of profile_training/model."""

import here  # noqa: F401
