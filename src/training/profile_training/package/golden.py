"""Golden samples: raw windows with the inputs and outputs that the service has to reproduce (docs/model-package.md)."""

import torch

from profile_training.data.event import json_of
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import CONTENT, TIME

LEAST = 20  # samples of a package
STRANGERS = [f"nobody-has-this-{n}" for n in range(12)]  # items that are in no vocabulary


def golden_windows(histories: dict, attributes: dict, full: int) -> list:
    """(events, attributes) of lengths from 1 to more than `full`, of real users, and with missing and unknown parts."""
    overfull = full + max(1, full * 3 // 10)
    users = sorted(histories, key=lambda user: (-len(histories[user]), user))
    given = attributes.get(users[0], {})
    longest = over_full(histories, users[:8], overfull)
    windows = [(longest[-n:], given) for n in (1, 2, 3, 5, full - 1, full, full + 1, overfull)]
    for n, user in enumerate(users[:: max(1, len(users) // 10)][:10]):
        windows.append((histories[user][-(7 * n + 4):], attributes.get(user, {}) if n % 2 else {}))
    windows += odd_windows(longest[:12], given)
    windows += [(longest[:n], given) for n in range(6, 6 + max(0, LEAST - len(windows)))]  # if there are few users
    return windows


def over_full(histories: dict, users: list, length: int) -> list:
    """Events of these users, repeated up to `length`, with gaps from seconds to days."""
    pool = [event for user in users for event in histories[user]]
    longest, micros = [], pool[0].micros
    for n, event in enumerate((pool * length)[:length]):
        micros += 1_500_000 * 7 ** (n % 7) + n
        longest.append(event._replace(micros=micros, id=""))
    return longest


def odd_windows(events: list, attributes: dict) -> list:
    """Windows without categories or values, with unknown items and categories, extreme values, and events of one time."""
    amounts = (-1e9, -3.5, 0.0, 1e-3, 2.0, 59.9, 1e4, 1e30)
    return [([e._replace(categories=()) for e in events], {}),
            ([e._replace(value=None) for e in events], attributes),
            ([e._replace(item=stranger) for stranger, e in zip(STRANGERS, events)], {}),
            ([e._replace(categories=("no such category é 漢",)) for e in events], {"no such attribute": 1}),
            ([e._replace(value=value) for e, value in zip(events, amounts)], {}),
            ([e._replace(micros=events[0].micros, id=f"{n:02d}") for n, e in enumerate(events)], {})]


def with_strangers(contents: dict) -> dict:
    """Content for the unknown items of the samples too."""
    return contents | dict(zip(STRANGERS, contents.values()))


def as_tensors(inputs: dict) -> dict:
    """The inputs of one window as a batch of one."""
    return {name: torch.tensor([cells], dtype=torch.float32 if name in ("values", CONTENT, TIME) else torch.int64)
            for name, cells in inputs.items()}


@torch.no_grad()
def golden_sample(model, encoder: Encoder, events, attributes: dict) -> dict:
    inputs = encoder.window(events, attributes)
    vector, attention = model(**as_tensors(inputs))
    inputs.pop(CONTENT, None)  # part of the events
    return {"events": [golden_event(e, encoder) for e in events], "attributes": attributes, "inputs": inputs,
            "vector": rounded(vector[0]), "attention": rounded(attention[0])}


def golden_event(event, encoder: Encoder) -> dict:
    row = {name: part for name, part in json_of(event).items() if name != "userId"}
    return row | ({CONTENT: encoder.contents[event.item]} if event.item in encoder.contents else {})


def contents_of(samples: list) -> dict:
    """{item: content vector} of the events of golden samples."""
    return {event["itemId"]: event[CONTENT] for sample in samples for event in sample["events"] if CONTENT in event}


def rounded(cells: torch.Tensor) -> list:
    return [round(cell, 7) for cell in cells.double().tolist()]
