"""The tests of profile_training/package."""

import here  # noqa: F401
