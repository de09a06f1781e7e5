"""The tests of profile_training/demo."""

import here  # noqa: F401
