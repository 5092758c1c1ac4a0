"""Every page in real Chromium: axe-core finds nothing, targets are large, no scrolling sideways, one red thing."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.pages.chromium import phone
from tests.pages.every_page import stages
from tests.pages.looks import (
    SCREENS,
    SMALLEST,
    Screen,
    axe,
    red_things,
    show,
    small_targets,
    too_wide,
    violations,
)
from tests.pages.scripts import built
from tests.serving import Serving


async def found(house: Serving, screens: Iterable[Screen]) -> list[str]:
    """Everything that is wrong, page by page."""
    built()
    source, wrong = axe(), list[str]()
    async with phone(house.base, {}) as tab:
        async for places in stages(house):
            for place in places:
                await tab.become(house.base, place.who.cookies())
                for screen in screens:
                    await show(tab, house.base + place.path, screen)
                    here = f"{place.path} ({screen}): "
                    wrong += [here + one for one in await violations(tab, source)]
                    wrong += [f"{here}small {one}" for one in await small_targets(tab)]
                    wrong += [f"{here}wide {one}" for one in await too_wide(tab)]
                    if (red := await red_things(tab)) > 1:
                        wrong.append(f"{here}{red} red actions")
                await show(tab, house.base + place.path, SMALLEST)
                wrong += [f"{place.path} (320 px, 200 %): wide {one}" for one in await too_wide(tab)]
        wrong += tab.problems
    return wrong


@pytest.mark.timeout(300)
async def test_every_page_on_a_phone(house: Serving) -> None:
    assert await found(house, SCREENS[:1]) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_every_page_on_every_screen(house: Serving) -> None:
    assert await found(house, SCREENS[1:]) == []
