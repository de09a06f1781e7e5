"""`--set NAME=VALUE`."""

from dataclasses import fields, replace

from profile_training.errors import DataError


def changed(config, settings: list):
    """The configuration, any frozen dataclass, with NAME=VALUE settings; a value has the type of the one that it replaces."""
    types = {field.name: type(getattr(config, field.name)) for field in fields(config)}
    for setting in settings:
        name, _, text = setting.partition("=")
        if name not in types:
            raise DataError(f"--set {setting}: expected NAME=VALUE with NAME one of {', '.join(types)}")
        try:
            value = tuple_like(getattr(config, name), text) if types[name] is tuple else types[name](text)
        except ValueError:
            expected = "values separated by commas" if types[name] is tuple else f"of type {types[name].__name__}"
            raise DataError(f"--set {setting}: {text!r} is not {expected}") from None
        config = replace(config, **{name: value})
    return config


def tuple_like(old: tuple, text: str) -> tuple:
    return tuple(type(old[0])(part) if old else part for part in text.split(",") if part)
