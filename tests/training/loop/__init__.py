"""The tests of profile_training/loop."""

import here  # noqa: F401
