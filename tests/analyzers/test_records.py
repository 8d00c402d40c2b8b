import dataclasses
import pickle
from typing import Any

import pytest

from analyzers import records
from analyzers.records import FrozenRecordError, dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 2
    tags: list[str] = field(default_factory=list)


@dataclass
class Counter:
    value: int = 0

    def __post_init__(self) -> None:
        self.value += 1


def test_positions_names_and_defaults_fill_the_fields() -> None:
    point = Point(1, tags=["a"])
    assert (point.x, point.y, point.tags) == (1, 2, ["a"])


def test_a_factory_makes_a_new_value_for_each() -> None:
    assert Point(1).tags is not Point(1).tags


@pytest.mark.parametrize(("args", "kwargs"), [((), {}), ((1, 2, [], 4), {}), ((1,), {"z": 1}), ((1,), {"x": 1})])
def test_arguments_that_do_not_fit_are_refused(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Point(*args, **kwargs)


def test_records_of_one_class_are_equal_by_their_fields() -> None:
    assert Point(1) == Point(1) != Point(2)
    assert Counter(1) != Point(1)


def test_a_frozen_record_has_a_hash_and_cannot_be_changed() -> None:
    point: Any = Point(1, tags=())  # type: ignore[arg-type]
    assert hash(point) == hash(Point(1, 2, ()))  # type: ignore[arg-type]
    with pytest.raises(FrozenRecordError):
        point.x = 3
    with pytest.raises(FrozenRecordError):
        del point.x


def test_an_open_record_can_be_changed_and_has_no_hash() -> None:
    counter = Counter(4)
    counter.value = 9
    assert counter == Counter(8)
    with pytest.raises(TypeError):
        hash(counter)


def test_both_replace_functions_work() -> None:
    assert replace(Point(1), x=5) == dataclasses.replace(Point(1), x=5) == Point(5)
    assert [found.name for found in dataclasses.fields(Point)] == ["x", "y", "tags"]


def test_a_record_survives_pickling_and_says_what_it_holds() -> None:
    assert pickle.loads(pickle.dumps(Point(1))) == Point(1)
    assert repr(Point(1)) == "Point(x=1, y=2, tags=[])"


def test_the_fields_match_by_position() -> None:
    match Point(1):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_a_class_that_is_made_often_stays_the_same() -> None:
    @dataclass(frozen=True)
    class Often:
        x: int
        values: list[int] = field(default_factory=list)
        seen: int = 0

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError("below zero")

    before = [Often(n, seen=1) for n in range(records.OFTEN + 5)]
    assert before[3] == Often(3, [], 1)
    assert before[-1] == Often(records.OFTEN + 4, seen=1)
    assert Often(1).values is not Often(1).values
    with pytest.raises(ValueError, match="below zero"):
        Often(-1)
    with pytest.raises(TypeError):
        Often()  # type: ignore[call-arg]
