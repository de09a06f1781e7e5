"""Attributes are hidden at random in training, so that a model works with and without them."""

import torch


def forget(attributes, probability: float):
    """attributes (B, A): each user loses all with this probability, and otherwise each one with half of it."""
    keep = (torch.rand(len(attributes), 1) >= probability) & (torch.rand(attributes.shape) >= probability / 2)
    return attributes * keep.to(attributes.device)
