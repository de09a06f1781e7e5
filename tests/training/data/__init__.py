"""The tests of profile_training/data."""

import here  # noqa: F401
