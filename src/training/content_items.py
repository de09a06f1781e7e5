"""Runs profile_training/commands/content_items.py without installation."""

from profile_training.launch import content_items

content_items()
