"""The habits of the users of the demo shop, and random ones for other worlds."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """The habits of the users of one world, and how much users differ in them."""
    sessions: float        # of a typical user who stays for the whole period
    activity: float        # standard deviation of the users' log rates of sessions
    stay: float            # mean time until a usual user leaves for good, as a share of the period
    staying: float         # standard deviation of the users' log mean times until they leave
    session_length: float  # mean items that a usual user looks at in a session
    patience: float        # standard deviation of the users' log session lengths
    buying: float          # standard deviation of the users' log odds of buying
    thrift: float          # standard deviation of the power by which an item's appeal falls with its price
    habit: float           # how much users keep to an hour of the day
    zipf: float            # popularity exponent within a cluster
    loyalty: float         # probability that a user stays in their own cluster of a category
    walk: float            # probability that the next item is a neighbour of the one before
    drift: float           # probability that a session replaces one interest
    stray: float           # probability that an item is of any category
    departments: float     # probability that an event has the department as second category
    kinds: str             # "funnel", "ratings", "purchases" or "clicks"
    days: int


DEMO_STYLE = Style(sessions=6.2, activity=0.7, stay=0.1, staying=1.4, session_length=6.0, patience=0.4, buying=1.2, thrift=0.8,
                   habit=1.2, zipf=0.9, loyalty=0.8, walk=0.35, drift=0.08, stray=0.06, departments=0.7, kinds="funnel", days=60)


def random_style(rng: random.Random) -> Style:
    return Style(sessions=10 ** rng.uniform(0.4, 1.5), activity=rng.uniform(0.3, 1.0),
                 stay=10 ** rng.uniform(-0.9, 0.5), staying=rng.uniform(0.2, 1.6),
                 session_length=10 ** rng.uniform(0.3, 1.6), patience=rng.uniform(0.1, 0.7), buying=rng.uniform(0.3, 1.6),
                 thrift=rng.uniform(0.0, 1.0), habit=rng.uniform(0.0, 2.0),
                 zipf=rng.uniform(0.5, 1.2), loyalty=rng.uniform(0.3, 0.95), walk=rng.uniform(0.0, 0.8),
                 drift=rng.choice([0.0, rng.uniform(0.02, 0.3), rng.uniform(0.3, 0.8)]), stray=rng.uniform(0.02, 0.6),
                 departments=rng.choice([0.0, 0.7, 1.0]),
                 kinds=rng.choice(["funnel", "funnel", "ratings", "purchases", "clicks"]),
                 days=rng.randint(20, 700))
