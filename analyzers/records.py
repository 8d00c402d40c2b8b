"""`dataclass`, `field` and `replace` as in the standard library, for a program that starts often.

The standard decorator writes and compiles source text for every method of every class: half a millisecond each, for a
hundred records more than all the rest of a short audit. Here methods are closures over the field names; a class of
which many are made then gets the standard library's initialiser, which is the faster one. Type checkers see the
standard library's functions; `slots=True` is accepted for them and brings nothing at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from analyzers.lazy import dataclasses

OFTEN = 500

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:

    def dataclass(cls: type | None = None, *, frozen: bool = False, slots: bool = False) -> Any:
        return _record(cls, frozen) if cls is not None else lambda cls: _record(cls, frozen)

    def field(*, default: Any = None, default_factory: Callable[[], Any] | None = None) -> Any:
        return default if default_factory is None else _Factory(default_factory)

    def replace(record: Any, /, **changes: Any) -> Any:
        values = {name: getattr(record, name) for name in record.__match_args__}
        return type(record)(**{**values, **changes})


class FrozenRecordError(AttributeError):
    """A field of a frozen record was assigned or deleted."""


class _Factory:
    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


class _Shape:
    """The fields of one record class."""

    def __init__(self, cls: type, frozen: bool) -> None:
        self.names = tuple(vars(cls).get("__annotations__", ()))
        given = {name: vars(cls)[name] for name in self.names if name in vars(cls)}
        self.factories = {name: value.make for name, value in given.items() if isinstance(value, _Factory)}
        self.defaults = {name: value for name, value in given.items() if name not in self.factories}
        self.finish: Callable[[Any], None] | None = getattr(cls, "__post_init__", None)
        self.frozen = frozen

    @cached_property
    def standard(self) -> Any:
        """A class with these fields by the standard library, whose initialiser fits ours too."""
        fields = [(name, object, self._field(name)) for name in self.names]
        namespace = {} if self.finish is None else {"__post_init__": self.finish}
        return dataclasses.make_dataclass("Standard", fields, frozen=self.frozen, namespace=namespace)

    def _field(self, name: str) -> Any:
        if name in self.factories:
            return dataclasses.field(default_factory=self.factories[name])
        return dataclasses.field(default=self.defaults.get(name, dataclasses.MISSING))

    def __get__(self, record: object, cls: type) -> Mapping[str, Any]:
        """As `__dataclass_fields__`, for `dataclasses.replace` and `fields`."""
        found: Mapping[str, Any] = self.standard.__dataclass_fields__
        return found


def _record(cls: Any, frozen: bool) -> Any:
    shape = _Shape(cls, frozen)
    for name in shape.factories:
        delattr(cls, name)
    values_of = attrgetter(*shape.names) if shape.names else lambda record: ()
    type.__setattr__(cls, "__match_args__", shape.names)
    cls.__dataclass_fields__ = shape
    cls.__init__ = _initialiser(cls, shape)
    cls.__repr__ = _describe
    cls.__eq__ = lambda self, other: (
        values_of(self) == values_of(other) if other.__class__ is self.__class__ else NotImplemented
    )
    cls.__hash__ = (lambda self: hash(values_of(self))) if frozen else None
    if frozen:
        cls.__setattr__ = cls.__delattr__ = _refuse
    return cls


def _initialiser(cls: Any, shape: _Shape) -> Callable[..., None]:
    names, count, finish = shape.names, len(shape.names), shape.finish
    made = 0

    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        nonlocal made
        made += 1
        if made == OFTEN:
            cls.__init__ = shape.standard.__init__
        values = self.__dict__
        values.update(shape.defaults)
        values.update(zip(names, args, strict=False))
        values.update(kwargs)
        for name, make in shape.factories.items():
            if name not in values:
                values[name] = make()
        if len(values) != count or len(args) > count or not kwargs.keys().isdisjoint(names[: len(args)]):
            raise TypeError(f"{cls.__name__} takes {', '.join(names)}; not {args} and {kwargs}")
        if finish is not None:
            finish(self)

    return initialise


def _describe(record: Any) -> str:
    values = ", ".join(f"{name}={getattr(record, name)!r}" for name in record.__match_args__)
    return f"{type(record).__qualname__}({values})"


def _refuse(record: object, name: str, value: object = None) -> None:
    raise FrozenRecordError(f"cannot change {name!r} of a {type(record).__name__}")


__all__ = ["FrozenRecordError", "dataclass", "field", "replace"]
