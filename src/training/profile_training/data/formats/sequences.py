"""One line per user: the user, then items in time order. The file has no times, so a user's events are a second apart."""

from profile_training.data.event import Event
from profile_training.data.fields import CheckedTexts
from profile_training.data.files import lines
from profile_training.data.report import Report, parsed
from profile_training.errors import BadRow

START = 946_684_800_000_000  # micros of 2000-01-01T00:00:00Z


def read_sequences(source, report: Report):
    texts, lengths = CheckedTexts(), {}

    def rows():
        for line_number, line in lines(source.path):
            user, *items = line.split()
            start = lengths.get(user, 0)  # a second line of a user goes on where the first one ended
            lengths[user] = start + len(items)
            for n, item in enumerate(items, start):
                yield line_number, (user, item, n)
            if not items:
                yield line_number, BadRow("a user without items")

    def parse(row):
        user, item, n = row
        return Event(texts.id("userId", user), source.kind, texts.id("itemId", item), START + n * 1_000_000)

    yield from parsed(rows(), parse, source.path, report)
