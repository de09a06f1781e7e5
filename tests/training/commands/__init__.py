"""The tests of profile_training/commands."""

import here  # noqa: F401
