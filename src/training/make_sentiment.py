"""Runs profile_training/commands/make_sentiment.py without installation."""

from profile_training.launch import make_sentiment

make_sentiment()
