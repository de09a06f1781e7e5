"""The questions: each has a name, a measure and labels, one column an answer.

AUC is the mean over the columns of the probability that a user who has the answer is ranked above one who has not; R² is the share of
the variance that is explained. Columns that fewer than 5 % or more than 95 % of the users have are left out, and so are questions that
fewer than 100 users can be asked.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from profile_training.encoding.encoder import DAY_MICROS, text_of
from profile_training.probes.people import LEAST, NEXT, People, values_of

HORIZON = 14             # days within which somebody comes back or does not
RARE = 0.05              # of the users
MOST_VALUES = 20         # values of a fact that are asked for, one column each
LEAST_OF_VALUE = 0.15    # share of the users that a value of many must have


@dataclass(frozen=True)
class Question:
    name: str
    measure: str         # "AUC" or "R²"
    rows: np.ndarray     # (n) the people that are asked
    labels: np.ndarray   # (n, K)


def questions_of(people: People) -> list:
    asked = [next_categories(people), next_values(people), returns(people), returns_soon(people), buys(people), *facts(people)]
    return [question for question in asked if question is not None]


def next_categories(people: People):
    found = {row: {category for event in people.next_events(row) for category in event.categories} for row in people.with_next()}
    return among(f"categories of the next {NEXT}", found, RARE)


def next_values(people: People):
    found = {row: np.mean(values) for row in people.with_next() if (values := values_of(people.next_events(row), "rating"))}
    return number(f"mean rating of the next {NEXT}", found)


def returns(people: People):
    """Of those who go on: whether they do so on another day, however late."""
    back = {row: people.later[row][-1].micros - people.known[row][-1].micros > DAY_MICROS for row in people.with_next()}
    return yes_or_no("comes back after a day", back)


def returns_soon(people: People):
    """Of all whose horizon lies within the log, so that those who left are asked, too."""
    back = {row: any(DAY_MICROS < event.micros - moment <= HORIZON * DAY_MICROS for event in people.later[row])
            for row, moment in enumerate(people.asked_at) if moment + HORIZON * DAY_MICROS <= people.end}
    return yes_or_no(f"comes back within {HORIZON} days", back)


def buys(people: People):
    bought = {row: any(event.kind == "purchase" for event in people.next_events(row)) for row in people.with_next()}
    return yes_or_no(f"buys in the next {NEXT}", bought)


def facts(people: People):
    """One question for each attribute and label: a number, one of two, one of several, or a list."""
    everybody = range(len(people.users))
    for name in sorted({name for of_user in people.facts for name in of_user}):
        found = {row: of_user[name] for row, of_user in enumerate(people.facts) if name in of_user}
        if all(isinstance(value, list) for value in found.values()):
            yield among(name, {row: set(map(text_of, found.get(row, ()))) for row in everybody}, RARE)
        elif all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in found.values()):
            yield number(name, found)
        else:
            yield one_of(name, {row: text_of(value) for row, value in found.items()}, everybody)


def one_of(name: str, found: dict, everybody: range):
    values = set(found.values())
    if len(values) == 2:
        return yes_or_no(name, {row: value == max(values) for row, value in found.items()})
    return among(name, {row: {found[row]} if row in found else set() for row in everybody}, LEAST_OF_VALUE)


def among(name: str, found: dict, least: float):
    counts = Counter(answer for answers in found.values() for answer in answers)
    common = sorted(counts, key=lambda answer: (-counts[answer], answer))[:MOST_VALUES]
    columns = [answer for answer, count in sorted((answer, counts[answer]) for answer in common)
               if least * len(found) <= count <= (1 - RARE) * len(found)]
    labels = np.array([[column in answers for column in columns] for answers in found.values()], float)
    named = f"{name} = {columns[0]}" if len(columns) == 1 else name
    return Question(named, "AUC", np.array(list(found)), labels) if columns and len(found) >= LEAST else None


def yes_or_no(name: str, found: dict):
    labels = np.array(list(found.values()), float)[:, None]
    usual = len(found) >= LEAST and RARE <= labels.mean() <= 1 - RARE
    return Question(name, "AUC", np.array(list(found)), labels) if usual else None


def number(name: str, found: dict):
    labels = np.array(list(found.values()), float)[:, None]
    differing = len(np.unique(labels)) > 1  # the deviation of equal numbers is above 0 if their mean is rounded
    return Question(name, "R²", np.array(list(found)), labels) if len(found) >= LEAST and differing else None
