"""Runs profile_training/commands/demo_events.py without installation."""

from profile_training.launch import demo_events

demo_events()
