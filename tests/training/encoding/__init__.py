"""The tests of profile_training/encoding."""

import here  # noqa: F401
