"""The layers that the networks share."""

import math

import torch
from torch import nn
from torch.nn import functional as F


class Linear(nn.Module):
    """x @ W + b with W (in, out), a layout that the exporter leaves as it is."""

    def __init__(self, inputs: int, outputs: int, bias: bool = True):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(inputs, outputs) / math.sqrt(inputs))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None

    def forward(self, x):
        return x @ self.weight if self.bias is None else x @ self.weight + self.bias


class Table(nn.Module):
    """Trained vectors; padding (index 0) is zero."""

    def __init__(self, rows: int, dimension: int, scale: float = 0.02):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(rows, dimension) * scale)

    def forward(self, index):  # (...) -> (..., D)
        return lookup(self.weight, index, first=1)


class Dropout(nn.Module):
    """As nn.Dropout, but drawing the mask takes less than half the time on a CPU."""

    def __init__(self, chance: float):
        super().__init__()
        self.chance = chance

    def forward(self, x):
        return x * ((torch.rand_like(x) >= self.chance) / (1 - self.chance)) if self.training and self.chance else x


class DistinctRows(torch.autograd.Function):
    """table[index] for distinct indices: the gradient is copied into place instead of being added row by row."""

    @staticmethod
    def forward(ctx, table, index):
        ctx.save_for_backward(index)
        ctx.shape = table.shape
        return table[index]

    @staticmethod
    def backward(ctx, grad):
        (index,) = ctx.saved_tensors
        whole = grad.new_zeros(ctx.shape)
        whole[index] = grad
        return whole, None


def lookup(table, index, first: int, change=lambda cells: cells):
    """`change` of the table's rows (N, D) at `index` (...) -> (..., D); zero for an index below `first`.

    An exported graph changes the whole table, once, when it is loaded; elsewhere only the rows that are looked up are changed.
    """
    if torch.onnx.is_in_onnx_export():
        return F.embedding(index, F.pad(change(table[first:]), (0, 0, first, 0)))
    return change(F.embedding(index, table)) * (index >= first).unsqueeze(-1).to(table.dtype)


def unit(x):
    """Scaled to length 1 along the last axis."""
    return x / (x * x).sum(dim=-1, keepdim=True).clamp(min=1e-20).sqrt()


def device_of(model):
    return next(model.parameters()).device
