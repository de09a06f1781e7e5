"""What both models are built of. Weights keep their names and layout in the ONNX graph, so that they can be read back."""

import math

import torch
from torch import nn
from torch.nn import functional as F


class Linear(nn.Module):
    """x @ W + b with W (in, out), the layout that the exporter leaves alone."""

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
        return rows(self.weight, index, first=1)


class Dropout(nn.Module):
    """As nn.Dropout, whose mask takes a CPU more than twice as long to draw."""

    def __init__(self, chance: float):
        super().__init__()
        self.chance = chance

    def forward(self, x):
        return x * ((torch.rand_like(x) >= self.chance) / (1 - self.chance)) if self.training and self.chance else x


def rows(table, index, first: int, change=lambda cells: cells):
    """What `change` makes of the table's rows (N, D) at `index` (...) -> (..., D); zero where the index is below `first`.

    A graph holds the whole table changed, which is computed when it is loaded; elsewhere only the rows asked for are.
    """
    if torch.onnx.is_in_onnx_export():
        return F.embedding(index, F.pad(change(table[first:]), (0, 0, first, 0)))
    return change(F.embedding(index, table)) * (index >= first).unsqueeze(-1).to(table.dtype)


def unit(x):
    """Scaled to length 1 along the last axis."""
    return x / (x * x).sum(dim=-1, keepdim=True).clamp(min=1e-20).sqrt()
