"""The external images of the plan, with what the bundled tables know of them."""

from __future__ import annotations

from analyzers import bases
from analyzers.artifacts.bases import Bases
from analyzers.artifacts.build_plan import BuildPlan
from analyzers.gather import gatherer


@gatherer
def look_up_bases(plan: BuildPlan) -> Bases:
    base = plan.final_base
    known = base.base_image is not None and base.base_image.resolved
    return Bases(
        final=bases.look_up(base.base_image) if base.base_image is not None and known else None,
        final_scratch=base.scratch,
        all=tuple(bases.look_up(image) for image in plan.images),
        table_date=bases.table_date(),
    )
