"""The catalogue of the demo shop, and random ones for other worlds."""

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
    departments = [rng.choice([random_word(rng), names[c // 4]]) for c in range(count)]  # of its own, or shared by four
    regions = [random_word(rng) for _ in range(rng.randint(3, 12))]
    id_style = rng.choice(["{c}-{n}", "sku-{x}", "{x}", "B{x:010X}"])
    numbers = rng.sample(range(1, 10 ** 7), count * per_category)
    misfiled = rng.choice([0.0, 0.3, 0.8, 1.0])  # share of the items that are filed under a random category
    shelf = [1 / (n + 1) for n in range(count)]
    catalogue = []
    for c, name in enumerate(names):
        ids = [id_style.format(c=name, n=n, x=numbers[c * per_category + n]) for n in range(per_category)]
        filed = [rng.choices(range(count), shelf)[0] if rng.random() < misfiled else c for _ in ids]
        labels = {item: (names[f], departments[f]) for item, f in zip(ids, filed)}
        catalogue.append(stock(rng, name, departments[c], 10 ** rng.uniform(0.7, 2.8), rng.uniform(20, 60),
                               rng.uniform(-1, 1), rng.choice(regions), ids, rng.randint(1, 6), labels))
    return catalogue
