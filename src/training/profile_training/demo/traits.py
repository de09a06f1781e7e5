"""What lasts in a user: how often they come and whether they stay, how long they look, whether they buy, at which price and hour.

Users come and leave as in the Pareto/NBD model (Schmittlein, Morrison and Colombo, 1987): each has a rate of sessions and a rate of
leaving for good.
"""

import math
import random
from dataclasses import dataclass

from profile_training.demo.style import Style

HOURS = [1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 10, 12, 10, 9, 9, 10, 12, 15, 18, 20, 18, 10, 4]  # activity by hour, of all users
# by device: what is added to the log of the session rate, the log of the session length, and the log odds of buying
DEVICE_HABITS = {"phone": (0.25, -0.25, -0.25), "desktop": (-0.15, 0.2, 0.3), "tablet": (-0.1, 0.0, 0.0)}
USUAL_AGE, AGE_SPREAD = 38, 14


@dataclass(frozen=True)
class Traits:
    rate: float     # sessions a day
    stay: float     # mean days until the user leaves for good
    length: float   # mean items looked at in a session
    buying: float   # added to the log odds of putting an item into the cart and of buying it
    thrift: float   # power by which an item's appeal falls with its price
    hours: tuple    # (24) activity by hour


def new_traits(rng: random.Random, attributes: dict, style: Style) -> Traits:
    often, long, buys = DEVICE_HABITS[attributes["device"]]
    older = (attributes["age"] - USUAL_AGE) / AGE_SPREAD
    eager, ready = rng.gauss(0, 1), rng.gauss(0, 1)
    faithful = 0.5 * eager + 0.7 * ready + 0.5 * rng.gauss(0, 1)  # users who come often or buy stay longer
    buying = buys + 0.25 * older + style.buying * ready
    return Traits(
        rate=style.sessions / style.days * math.exp(often + style.activity * eager),
        stay=style.stay * style.days * math.exp(style.staying * faithful),
        length=style.session_length * math.exp(long + rng.gauss(0, style.patience)),
        buying=buying,
        thrift=style.thrift * (rng.gauss(0, 1) - 0.4 * older),
        hours=hours_around(rng.gauss(19 - 2.5 * older, 3), style.habit))


def hours_around(favourite: float, habit: float) -> tuple:
    return tuple(weight * math.exp(habit * math.cos((hour + 0.5 - favourite) * math.pi / 12)) for hour, weight in enumerate(HOURS))


def shifted(probability: float, log_odds: float) -> float:
    return 1 / (1 + (1 - probability) / probability * math.exp(-log_odds))
