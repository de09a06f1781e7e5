"""The named configurations of make_package.py."""

from profile_training.config import base, large, starter, tiny

CONFIGS = {"base": base.CONFIG, "large": large.CONFIG, "tiny": tiny.CONFIG, "starter": starter.CONFIG}
