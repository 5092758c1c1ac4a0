"""Which browser asks, and the way out of one inside another application."""

from __future__ import annotations

import pytest

from meetings.pages.browsers import is_apple, is_inside_app, outside

LINK = "https://chibo.example/l/abc?m=1"
ZALO_ANDROID = "Mozilla/5.0 (Linux; Android 12; SM-A022F) Chrome/151.0.0.0 Mobile Zalo android/26040102"
ZALO_IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) Mobile Zalo iOS/700 ZaloTheme/light"
CHROME = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/151.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "inside", "apple"),
    [
        (ZALO_ANDROID, True, False),
        (ZALO_IOS.format("17_5"), True, True),
        (CHROME, False, False),
        ("", False, False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) [FBAN/FBIOS]", True, True),
    ],
)
def test_who_asks(agent: str, inside: bool, apple: bool) -> None:
    assert (is_inside_app(agent), is_apple(agent)) == (inside, apple)


def test_android_goes_by_an_intent_that_falls_back_to_the_link() -> None:
    assert outside(ZALO_ANDROID, LINK) == (
        "intent://chibo.example/l/abc?m=1#Intent;scheme=https;"
        "S.browser_fallback_url=https%3A%2F%2Fchibo.example%2Fl%2Fabc%3Fm%3D1;end"
    )


def test_an_iphone_goes_by_safaris_own_scheme_where_it_knows_one() -> None:
    assert outside(ZALO_IOS.format("17_5"), LINK) == "x-safari-https://chibo.example/l/abc?m=1"
    assert outside(ZALO_IOS.format("18_0_1"), LINK) == "x-safari-https://chibo.example/l/abc?m=1"
    assert outside(ZALO_IOS.format("16_7"), LINK) == ""
    assert outside(ZALO_IOS.format("17_5"), LINK.replace("https", "http")) == ""
    assert outside("Mozilla/5.0 (X11; Linux)", LINK) == ""
