"""The tests of profile_training/probes."""

import here  # noqa: F401
