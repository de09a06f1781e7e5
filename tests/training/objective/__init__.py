"""The tests of profile_training/objective."""

import here  # noqa: F401
