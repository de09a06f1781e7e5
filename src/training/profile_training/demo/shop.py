"""The users of a shop and what they do, from a seeded generator of random numbers."""

import math
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from profile_training.demo.catalogue import DEVICES, Category
from profile_training.demo.reviews import review_text
from profile_training.demo.style import Style
from profile_training.demo.traits import AGE_SPREAD, USUAL_AGE, Traits, new_traits, shifted

END = datetime(2026, 11, 15, 23, 0, tzinfo=timezone.utc)
HOUR_SECONDS, DAY_SECONDS = 3600, 86400
MOST_SESSIONS, MOST_ITEMS = 200, 60  # of a user, and of a session


@dataclass
class User:
    id: str
    attributes: dict
    traits: Traits
    interests: dict = field(default_factory=dict)  # category -> weight
    clusters: dict = field(default_factory=dict)   # category name -> the cluster that the user likes
    first: list = field(default_factory=list)      # names of the interests held at the start


def affinity(category: Category, attributes: dict) -> float:
    """How likely a user with these attributes is to be interested in the category; not normalized."""
    tilt = {"female": 1, "male": -1}.get(attributes["gender"], 0) * category.tilt
    near = math.exp(-((attributes["age"] - category.age) / 14) ** 2)
    home = 1.6 if attributes["region"] == category.region else 1.0
    return (0.08 + near) * math.exp(1.3 * tilt) * home


def adopt_interest(rng: random.Random, user: User, catalogue: list[Category]) -> Category:
    weights = [0 if c.name in user.clusters else affinity(c, user.attributes) for c in catalogue]
    category = rng.choices(catalogue, weights)[0] if any(weights) else rng.choice(catalogue)
    user.interests[category.name] = (category, rng.uniform(0.5, 1.5))
    user.clusters.setdefault(category.name, rng.randrange(len(category.clusters)))
    return category


def new_user(rng: random.Random, user_id: str, catalogue: list[Category], style: Style) -> User:
    age = min(78, max(16, round(rng.gauss(USUAL_AGE, AGE_SPREAD))))
    device = rng.choices(DEVICES, [8, 2, 1] if age < 30 else [4, 4, 2] if age < 50 else [2, 5, 3])[0]
    regions = sorted({c.region for c in catalogue})
    attributes = {"age": age, "gender": rng.choices(["female", "male", "other"], [49, 48, 3])[0],
                  "region": rng.choice(regions), "device": device}
    user = User(user_id, attributes, new_traits(rng, attributes, style))
    for _ in range(rng.choice([2, 3, 3])):
        user.first.append(adopt_interest(rng, user, catalogue).name)
    return user


def pick_item(rng: random.Random, user: User, category: Category, style: Style, before: str | None) -> str:
    own = user.clusters.get(category.name)
    stays = own is not None and rng.random() < style.loyalty
    cluster = category.clusters[own if stays else rng.randrange(len(category.clusters))]
    if before in cluster and rng.random() < style.walk:
        return cluster[(cluster.index(before) + rng.choice([-2, -1, 1, 2])) % len(cluster)]
    appeal = [(category.price / category.prices[item]) ** user.traits.thrift / (rank + 2) ** style.zipf
              for rank, item in enumerate(cluster)]
    return rng.choices(cluster, appeal)[0]


def item_events(rng: random.Random, user: User, category: Category, item: str, start: float, style: Style, liked: float):
    """What a user does to one item: (seconds, kind, value, text), from a look to a review days later."""
    price, rating = category.prices[item], max(1, min(5, round(rng.gauss(3.2 + 1.4 * liked, 0.9))))
    if style.kinds == "ratings":
        return [(start, "rating", rating, None)]
    if style.kinds == "clicks":
        return [(start, "click", None, None)]
    if style.kinds == "purchases":
        return [(start, "purchase", price, None)]
    events, at = [], start
    if rng.random() < 0.08:
        events.append((at, "search", None, None))
        at += rng.uniform(4, 40)
    if rng.random() < 0.25:
        events.append((at, "click", None, None))
        at += rng.uniform(1, 6)
    events.append((at, "view", price, None))
    if rng.random() < 0.05 + 0.12 * liked:
        events.append((at + rng.uniform(10, 60), rng.choices(["like", "share"], [4, 1])[0], None, None))
    elif rng.random() < 0.03:
        events.append((at + rng.uniform(5, 30), "dislike", None, None))
    if rng.random() < shifted(0.04 + 0.14 * liked, user.traits.buying):
        at += rng.uniform(20, 240)
        events.append((at, "cart", price, None))
        if rng.random() < shifted(0.55, user.traits.buying):
            at += rng.uniform(60, 900) if rng.random() < 0.8 else rng.uniform(6 * HOUR_SECONDS, 2 * DAY_SECONDS)
            events.append((at, "purchase", price, None))
            if rng.random() < 0.5:
                at += rng.uniform(2 * DAY_SECONDS, 9 * DAY_SECONDS)
                events.append((at, "rating", rating, None))
                if rng.random() < 0.6:
                    events.append((at + rng.uniform(20, 300), "review", None, review_text(rng, category.name, rating)))
    return events


def session_starts(rng: random.Random, traits: Traits, joined: float, left: float):
    """Seconds since the period began, day by day ascending, from the day a user joins to that of the last session before leaving."""
    day = joined
    for _ in range(MOST_SESSIONS):
        yield int(day) * DAY_SECONDS + rng.choices(range(24), traits.hours)[0] * HOUR_SECONDS + rng.uniform(0, HOUR_SECONDS)
        day += rng.expovariate(traits.rate)
        if day >= left:
            return


def session_events(rng: random.Random, user: User, catalogue: list[Category], style: Style, start: float):
    """What one session leads to: (seconds, category, item, kind, value, text)."""
    names = sorted(user.interests)
    focus = rng.choices(names, [user.interests[name][1] for name in names])[0]
    at, item = start, None
    for _ in range(1 + min(MOST_ITEMS, int(rng.expovariate(1 / user.traits.length)))):
        category, liked = user.interests[focus][0], 1.0
        if rng.random() < style.stray:
            category, liked = rng.choice(catalogue), 0.2
        item = pick_item(rng, user, category, style, item)
        for seconds, *rest in item_events(rng, user, category, item, at, style, liked):
            yield seconds, category, item, *rest
        at += rng.lognormvariate(math.log(70), 0.9)


def user_events(rng: random.Random, user: User, catalogue: list[Category], style: Style):
    """The events of one user, in time order, at most one a second; who has left does not even review any more."""
    joined = rng.uniform(0, 0.85) * style.days
    left = min(style.days - 1, joined + 1 + rng.expovariate(1 / user.traits.stay))
    events = []
    for start in session_starts(rng, user.traits, joined, left):
        if rng.random() < style.drift and len(user.interests) > 1:
            user.interests.pop(rng.choice(sorted(user.interests)))
            adopt_interest(rng, user, catalogue)
        events += session_events(rng, user, catalogue, style, start)
    last, ordered = -1, []
    for seconds, *rest in sorted(events, key=lambda e: e[0]):
        last = max(last + 1, int(seconds))
        ordered.append((last, *rest))
    return [e for e in ordered if e[0] < (left + 1) * DAY_SECONDS]


def world_lines(rng: random.Random, prefix: str, users: int, catalogue: list[Category], style: Style):
    """(events in time order, users with attributes and hidden interests)."""
    begin, events, people = END - timedelta(days=style.days), [], []
    for n in range(1, users + 1):
        user = new_user(rng, f"{prefix}u{n:04d}", catalogue, style)
        people.append({"userId": user.id, "attributes": user.attributes, "interests": user.first})
        for seconds, category, item, kind, value, text in user_events(rng, user, catalogue, style):
            event = {"userId": user.id, "kind": kind, "itemId": item,
                     "timestamp": (begin + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ"),
                     "categories": [category.labels[item][0]]}
            if rng.random() < style.departments:
                event["categories"].append(category.labels[item][1])
            if value is not None:
                event["value"] = value
            if text is not None:
                event["text"] = text
            events.append((seconds, event))
    events.sort(key=lambda pair: (pair[0], pair[1]["userId"]))
    return [event for _, event in events], people


def item_lines(catalogue: list[Category]):
    """Items as POST /v1/items takes them."""
    for category in catalogue:
        for item, price in category.prices.items():
            yield {"itemId": item, "categories": list(category.labels[item]), "price": price,
                   "title": f"{category.name.replace('-', ' ').capitalize()} {item.rsplit('-', 1)[-1]}"}
