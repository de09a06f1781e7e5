"""Runs profile_training/commands/sentiment_of_events.py without installation."""

from profile_training.launch import sentiment_of_events

sentiment_of_events()
