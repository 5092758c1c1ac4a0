"""What the embedded server cannot do yet: name of the test -> branch that brings it. Empty when all is there."""

from __future__ import annotations

from collections.abc import Mapping

SIGNAL = "signal: one peer connection"

MISSING: Mapping[str, str] = {
    "test_a_good_token_is_told_from_a_bad_one[embedded-single]": SIGNAL,
    "test_a_client_connects_by_the_path_of_its_mode[embedded-single]": SIGNAL,
}
