"""The network of a configuration, with tables of the sizes that the inputs need."""

from torch import nn

from profile_training.config.config import Config
from profile_training.encoding.encoder import size_of
from profile_training.model.profile_model import ProfileModel, Shape
from profile_training.model.segments import fact_count
from profile_training.model.starter_facts import SCALES
from profile_training.model.starter_model import StarterModel, StarterShape


def model_of(config: Config, inputs: dict, shares: int = 0, category_factors: bool = False) -> nn.Module:
    """`shares`: length of the segment `categories`; `category_factors`: whether it has factors instead of a number for each category."""
    rows = {name: size_of(inputs[name]) for name in ("items", "categories", "kinds", "gaps")}
    attributes = tuple(size_of(a) for a in inputs["attributes"])
    if config.objective == "nearest-users":
        dimension = config.dimension + config.lasting + config.categories + len(SCALES)
        return StarterModel(StarterShape(dimension, config.lasting, config.categories, config.width, config.heads, config.layers,
                                         config.max_events, rows["kinds"], rows["gaps"], attributes), config.dropout)
    time, beside = "time" in inputs, 0  # numbers of a profile besides those of now
    if config.lasting:
        beside = config.lasting + shares + fact_count(rows["kinds"], time)
    else:
        shares, category_factors = 0, False
    return ProfileModel(Shape(config.dimension + beside, config.towers, config.heads, config.layers, config.max_events,
                              config.attention, config.local, **rows, values=inputs["values"]["encoding"] != "none",
                              attributes=attributes, content=inputs.get("content", {}).get("dimension", 0),
                              time=time, lasting=config.lasting, shares=shares, category_factors=category_factors), config.dropout)
