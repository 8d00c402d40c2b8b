from __future__ import annotations

import datetime
import re
from xml.etree import ElementTree

import pytest

from reviews import charts
from reviews.charts import HistoryPoint


def point(number: int, value: float, *, model: int = 1, url: str = "/a/") -> HistoryPoint:
    when = datetime.datetime(2026, 11, number, tzinfo=datetime.UTC)
    return HistoryPoint(number, value, 0.9, when, url, model)


def arc(svg: str) -> float:
    return float(re.findall(r'class="gauge-arc".*?stroke-dasharray="([\d.]+)', svg)[0])


@pytest.mark.parametrize(
    ("value", "word"), [(None, "Not scored"), (0, "Poor"), (49.4, "Poor"), (49.6, "Needs work"), (89.6, "Good")]
)
def test_the_band_follows_the_number_that_is_shown(value: float | None, word: str) -> None:
    assert charts.band_word(value) == word


def test_the_gauge_fills_in_proportion() -> None:
    assert arc(charts.gauge(50)) == pytest.approx(arc(charts.gauge(100)) / 2, abs=0.01)
    assert "gauge-arc" not in charts.gauge(0)
    assert 'aria-label="No score yet"' in charts.gauge(None)


@pytest.mark.parametrize("share", [None, -1, 0, 0.5, 1, 7])
def test_a_bar_stays_in_its_track(share: float | None) -> None:
    widths = [float(width) for width in re.findall(r'width="([\d.]+)%"', charts.bar(share))]
    assert max(widths) <= 100
    assert min(widths) >= 0


def test_small_changes_do_not_look_like_cliffs() -> None:
    def tall(values: list[float]) -> float:
        heights = [float(y) for y in re.findall(r",([\d.]+)", charts.sparkline(values).split("spark-line")[1])]
        return max(heights) - min(heights)

    assert tall([50, 51]) < 3
    assert tall([10, 90]) > 20


@pytest.mark.parametrize("values", [[], [50.0], [50.0, 60.0], [0.0] * 20])
def test_every_length_draws_well_formed(values: list[float]) -> None:
    points = [point(index + 1, value) for index, value in enumerate(values)]
    for svg in (charts.sparkline(values), charts.history(points) if points else ""):
        if svg:
            ElementTree.fromstring(svg)
            assert "style=" not in svg


def test_better_is_higher_and_each_point_is_a_link() -> None:
    svg = charts.history([point(1, 20, url="/one/"), point(2, 80, url="/two/")])
    heights = [float(y) for y in re.findall(r'class="point" cx="[\d.]+%" cy="([\d.]+)"', svg)]
    assert heights[0] > heights[1]
    assert 'href="/one/"' in svg
    assert "score 80.0, coverage 90%, 02 Nov 2026" in svg


def test_a_new_scoring_model_is_drawn_between_its_audits() -> None:
    svg = charts.history([point(1, 50), point(2, 50, model=2)])
    assert svg.count('class="model"') == 1
    assert "model 2" in svg
    assert 'class="model"' not in charts.history([point(1, 50), point(2, 50)])
