"""Cross-entropy over the whole catalogue, or over a shared sample of it, without keeping the scores of a batch.

Scores and gradients are computed together, some events at a time in one small buffer that stays in the processor's cache:
the product with the catalogue is most of the work of training, and its results need not go to memory and back.
"""

import numpy as np
import torch

CELLS = 1 << 20  # floats of the buffer: 4 MB


class CrossEntropy(torch.autograd.Function):
    """The mean of −log softmax(h · itemsᵀ − offset)[target]: h (T, D), items (N, D), offset (N,) or None, target (T,)."""

    @staticmethod
    def forward(ctx, h, items, offset, target):
        grad_h, grad_items, loss = torch.empty_like(h), torch.zeros_like(items), h.new_zeros(())
        step = max(1, CELLS // len(items))
        buffer = h.new_empty(min(step, len(h)), len(items))
        for start in range(0, len(h), step):
            some, right = h[start:start + step], target[start:start + step, None]
            scores = torch.mm(some, items.T, out=buffer[:len(some)])
            if offset is not None:
                scores -= offset
            top, of_target = scores.amax(1, keepdim=True), scores.gather(1, right)
            total = scores.sub_(top).exp_().sum(1, keepdim=True)
            loss += (total.log() + top - of_target).sum()
            scores.div_(total).scatter_add_(1, right, -torch.ones_like(of_target))  # now the gradient
            torch.mm(scores, items, out=grad_h[start:start + step])
            grad_items.addmm_(scores.T, some)
        ctx.save_for_backward(grad_h.div_(len(h)), grad_items.div_(len(h)))
        return loss / len(h)

    @staticmethod
    def backward(ctx, grad):
        grad_h, grad_items = ctx.saved_tensors
        return grad_h * grad, grad_items * grad, None, None


class DistinctRows(torch.autograd.Function):
    """table[index] where no row is taken twice, so that its gradient is put in place instead of added up row by row."""

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


class Candidates:
    """The items that a batch competes with: its own targets and as many others, drawn evenly and shared by the batch.

    An item's score is lowered by the logarithm of its chance to be among them, so that the expected gradient is that of the
    full softmax (Bengio & Senécal 2008).
    """

    def __init__(self, counts: np.ndarray, negatives: int, rng: np.random.Generator):
        self.share, self.negatives, self.rng = counts / max(1, counts.sum()), negatives, rng  # how often each item is a target

    def draw(self, target: np.ndarray):
        """(items, offset, target) with the targets numbered within `items`; all items where the sample would be most of them."""
        count = len(self.share)
        if self.negatives * 2 >= count:
            return None, None, torch.from_numpy(target)
        drawn = np.union1d(self.rng.choice(count, self.negatives, replace=False), target)
        missed = (1 - self.negatives / count) * np.exp(len(target) * np.log1p(-self.share[drawn]))
        offset = np.log(1 - missed).astype(np.float32)
        return torch.from_numpy(drawn), torch.from_numpy(offset), torch.from_numpy(np.searchsorted(drawn, target))
