"""Cross-entropy over the whole catalogue, or over a sample of it, without keeping the scores of a batch.

Scores and gradients are computed together, a few events at a time, in one buffer that fits the processor's cache: the product
with the catalogue is most of the work of training, and its results need not go to memory and back.
"""

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
            chunk, index = h[start:start + step], target[start:start + step, None]        # (S, D), (S, 1)
            scores = torch.mm(chunk, items.T, out=buffer[:len(chunk)])                    # (S, N)
            if offset is not None:
                scores -= offset
            top, of_target = scores.amax(1, keepdim=True), scores.gather(1, index)
            total = scores.sub_(top).exp_().sum(1, keepdim=True)
            loss += (total.log() + top - of_target).sum()
            scores.div_(total).scatter_add_(1, index, -torch.ones_like(of_target))        # now the gradient
            torch.mm(scores, items, out=grad_h[start:start + step])
            grad_items.addmm_(scores.T, chunk)
        ctx.save_for_backward(grad_h.div_(len(h)), grad_items.div_(len(h)))
        return loss / len(h)

    @staticmethod
    def backward(ctx, grad):
        grad_h, grad_items = ctx.saved_tensors
        return grad_h * grad, grad_items * grad, None, None
