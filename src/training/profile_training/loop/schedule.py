"""How long a run is, and its learning rate."""

import math
import time

VALIDATIONS = 12  # a run at most, since validating takes time
RESERVE = 0.05    # share of the remaining time kept for epochs that take longer than the first


class Clock:
    """CPU seconds since the process began, those of the run before it was resumed included."""

    before = 0.0

    def seconds(self) -> float:
        return self.before + time.process_time()


def rate(peak: float, progress: float) -> float:
    """The learning rate at a share of the run, 0 to 1: a short rise, then half a cosine down to a fiftieth of the peak."""
    return peak * min(1.0, 0.02 + progress / 0.01) * max(0.02, 0.5 + 0.5 * math.cos(math.pi * progress))


def affordable(seconds: float, epoch: float, validation: float, final: float) -> int:
    """The number of epochs that fit, the first one included.

    All in seconds: what is left after the first epoch, and the time of an epoch, a validation and the final figures.
    """
    return 1 + max(0, int((seconds * (1 - RESERVE) - VALIDATIONS * validation - final) / epoch))
