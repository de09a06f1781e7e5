"""Golden samples: raw windows with the inputs and outputs that the service has to reproduce (docs/model-package.md).

A package is shown to many, so that no window is that of a real user: each event is another user's, and so is each attribute.
"""

import torch

from profile_training.data.event import json_of
from profile_training.encoding.encoder import Encoder
from profile_training.encoding.histories import CONTENT, TIME

LEAST = 20  # samples of a package
MIXED = 11  # windows and sets of attributes
SHIFT = 7   # users between the attributes of a set
STRANGERS = [f"nobody-has-this-{n}" for n in range(12)]  # items that are in no vocabulary


def golden_windows(histories: dict, attributes: dict, full: int) -> list:
    """(events, attributes) of lengths from 1 to more than `full`, of many users' events, and with missing and unknown parts."""
    overfull = full + max(1, full * 3 // 10)
    mixed, given = [mixed_events(histories, overfull, skipped) for skipped in range(MIXED)], mixed_attributes(attributes)
    longest = mixed[0]
    windows = [(longest[-n:], given[0]) for n in (1, 2, 3, 5, full - 1, full, full + 1, overfull)]
    windows += [(events[-(7 * n + 4):], given[n] if n % 2 else {}) for n, events in enumerate(mixed[1:])]
    windows += odd_windows(longest[:12], given[0])
    windows += [(longest[:n], given[0]) for n in range(6, 6 + max(0, LEAST - len(windows)))]
    return windows


def mixed_events(histories: dict, length: int, skipped: int) -> list:
    """Events of as many users as there are, one each in turn, with gaps from seconds to days."""
    users, found = list(histories.values()), []
    micros = users[0][0].micros
    for n in range(length):
        history = users[(n + skipped * length) % len(users)]
        micros += 1_500_000 * 7 ** (n % 7) + n
        found.append(history[(n // len(users) + skipped) % len(history)]._replace(micros=micros, id=""))
    return found


def mixed_attributes(attributes: dict) -> list:
    """(MIXED) sets of attributes: each attribute is that of another user."""
    names = sorted({name for values in attributes.values() for name in values})
    of_name = {name: [values[name] for values in attributes.values() if name in values] for name in names}
    return [{name: column[(n + SHIFT * at) % len(column)] for at, (name, column) in enumerate(of_name.items())} for n in range(MIXED)]


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
