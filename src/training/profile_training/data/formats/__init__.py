"""The formats of event files. A new one is a function in READERS.

A reader takes a Source (source.py) and a Report, and yields events in file order. A row that breaks the rules of
docs/semantics.md is noted in the report and left out.
"""

from profile_training.data.formats.csv_table import read_csv
from profile_training.data.formats.movielens import read_movielens_100k
from profile_training.data.formats.ndjson import read_events
from profile_training.data.formats.otto import read_otto
from profile_training.data.formats.sequences import read_sequences

READERS = {"events": read_events, "csv": read_csv, "sequences": read_sequences, "movielens-100k": read_movielens_100k,
           "otto": read_otto}
