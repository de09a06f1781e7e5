"""The catalogue and the habits of the demo shop, and random ones for other worlds."""

import random
from dataclasses import dataclass

# name: (department, usual price, age of its typical buyer, tilt towards women -1..1)
DEMO_CATEGORIES = {
    "running": ("sports", 65, 32, 0.0), "cycling": ("sports", 90, 38, -0.4),
    "yoga": ("sports", 35, 34, 0.7), "camping": ("sports", 80, 36, -0.2),
    "skincare": ("beauty", 24, 33, 0.8), "makeup": ("beauty", 18, 25, 0.9),
    "fragrance": ("beauty", 55, 37, 0.2), "board-games": ("games", 38, 33, -0.1),
    "video-games": ("games", 50, 24, -0.6), "model-kits": ("games", 42, 45, -0.6),
    "cookware": ("kitchen", 48, 42, 0.2), "coffee": ("kitchen", 22, 36, 0.0),
    "baking": ("kitchen", 19, 44, 0.5), "gardening": ("home", 28, 54, 0.1),
    "furniture": ("home", 160, 40, 0.2), "home-decor": ("home", 34, 38, 0.5),
    "headphones": ("electronics", 95, 27, -0.3), "cameras": ("electronics", 320, 41, -0.3),
    "laptops": ("electronics", 780, 30, -0.2), "crime-novels": ("books", 13, 52, 0.3),
    "fantasy": ("books", 15, 27, 0.1), "pet-care": ("family", 26, 43, 0.3),
    "baby": ("family", 30, 31, 0.5), "power-tools": ("home", 110, 47, -0.7),
}
DEMO_REGIONS = ["north", "south", "east", "west", "capital", "coast"]
DEVICES = ["phone", "desktop", "tablet"]

OPENINGS = {
    5: ["Absolutely love it.", "Best purchase this year.", "Could not be happier.", "Wonderful quality."],
    4: ["Very good overall.", "Happy with it.", "Does what it should.", "Good value for the money."],
    3: ["It is okay.", "Not bad, not great.", "Average, to be honest.", "Does the job, mostly."],
    2: ["A bit disappointing.", "Expected more for the price.", "Not really convinced.", "Weaker than the pictures suggest."],
    1: ["Terrible, avoid it.", "Broke after a few days.", "Complete waste of money.", "Sending it straight back."],
}
CLOSINGS = {
    5: ["Would buy again!", "Highly recommended.", "Five stars from me.", "My friends want one too."],
    4: ["Small flaws only.", "Would recommend.", "Delivery was quick as well.", "Nearly perfect."],
    3: ["I may look for another one.", "Fine for occasional use.", "Nothing special.", "We will see how long it lasts."],
    2: ["Would not buy it again.", "Support was slow too.", "The finish is poor.", "I regret it a little."],
    1: ["Never again.", "I want my money back.", "Support did not even answer.", "Very angry about this."],
}


@dataclass(frozen=True)
class Category:
    name: str
    department: str
    price: float
    age: float       # of the typical buyer
    tilt: float      # towards women, -1 to 1
    region: str      # where it sells best
    clusters: tuple  # of item ids, most popular first: tastes within the category that no field tells
    prices: dict     # item id -> price
    labels: dict     # item id -> (category, department) of its events; a shop may file an item under another category


@dataclass(frozen=True)
class Style:
    """The habits of the users of one world, and how much users differ in them."""
    sessions: float        # that a usual user would have who stayed from the first day to the last
    activity: float        # deviation of the users' log rates of sessions
    stay: float            # mean time until a usual user leaves for good, as a share of the period
    staying: float         # deviation of the users' log mean times until they leave
    session_length: float  # mean items that a usual user looks at in a session
    patience: float        # deviation of the users' log session lengths
    buying: float          # deviation of the users' log odds of buying
    thrift: float          # deviation of the power by which an item's appeal falls with its price
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


def review_text(rng: random.Random, category: str, rating: int) -> str:
    use = f"For {category.replace('-', ' ')} it matters."
    subject = rng.choice([use, "Used it for two weeks.", "Arrived well packed.", ""])
    return " ".join(part for part in (rng.choice(OPENINGS[rating]), subject, rng.choice(CLOSINGS[rating])) if part)


def stock(rng: random.Random, name, department, price, age, tilt, region, ids, cluster_count, labels=None) -> Category:
    clusters = tuple(tuple(ids[c::cluster_count]) for c in range(cluster_count))
    prices = {item: round(price * rng.lognormvariate(0, 0.45), 2) for item in ids}
    labels = labels or dict.fromkeys(ids, (name, department))
    return Category(name, department, price, age, tilt, region, clusters, prices, labels)


def demo_catalogue(rng: random.Random) -> list[Category]:
    return [
        stock(rng, name, department, price, age, tilt, rng.choice(DEMO_REGIONS),
              [f"{name}-{n:03d}" for n in range(1, rng.randint(30, 45))], 4)
        for name, (department, price, age, tilt) in DEMO_CATEGORIES.items()
    ]


def random_word(rng: random.Random) -> str:
    return "".join(rng.choice(c) for c in ["bdfgklmnprstvz", "aeiou"] * rng.randint(2, 4))


def distinct_words(rng: random.Random, count: int) -> list[str]:
    words: dict = {}  # in the order of drawing
    while len(words) < count:
        words[random_word(rng)] = None
    return list(words)


def random_catalogue(rng: random.Random) -> list[Category]:
    """A shop with category names, item ids, sizes and prices of its own; in some the category says little about taste."""
    count = rng.randint(6, 40)
    per_category = max(12, round(10 ** rng.uniform(2.3, 3.3) / count))
    names = distinct_words(rng, count)
    departments = [rng.choice([random_word(rng), names[c // 4]]) for c in range(count)]
    regions = [random_word(rng) for _ in range(rng.randint(3, 12))]
    id_style = rng.choice(["{c}-{n}", "sku-{x}", "{x}", "B{x:010X}"])
    numbers = rng.sample(range(1, 10 ** 7), count * per_category)
    odd = rng.choice([0.0, 0.3, 0.8, 1.0])  # share of the items that are filed under a random category
    shelf = [1 / (n + 1) for n in range(count)]
    catalogue = []
    for c, name in enumerate(names):
        ids = [id_style.format(c=name, n=n, x=numbers[c * per_category + n]) for n in range(per_category)]
        filed = [rng.choices(range(count), shelf)[0] if rng.random() < odd else c for _ in ids]
        labels = {item: (names[f], departments[f]) for item, f in zip(ids, filed)}
        catalogue.append(stock(rng, name, departments[c], 10 ** rng.uniform(0.7, 2.8), rng.uniform(20, 60),
                               rng.uniform(-1, 1), rng.choice(regions), ids, rng.randint(1, 6), labels))
    return catalogue


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
