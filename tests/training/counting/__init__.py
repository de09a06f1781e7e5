"""The tests of profile_training/counting."""

import here  # noqa: F401
