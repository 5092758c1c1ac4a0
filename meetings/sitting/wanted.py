"""Pure: a committee's minimum in the hall, as written in its policy, in numbers."""

from __future__ import annotations

import re

from meetings.kernel.errors import Invalid


class BadHallMinimum(Invalid):
    """A policy value that is neither a share such as >1/2 or >=2/3 nor a number of persons."""

    code = "bad-hall-minimum"
    message = "Mức tối thiểu tại hội trường phải viết như >1/2, >=2/3 hoặc một số người."


def wanted_in_hall(value: str, base: int) -> int:
    """How many of `base` the policy asks for. Integer arithmetic. Raises BadHallMinimum."""
    if value.isdecimal():
        return int(value)
    if not (found := re.fullmatch(r"(>=?)(\d{1,3})/(\d{1,3})", value)) or not int(found[3]):
        raise BadHallMinimum
    part, whole = int(found[2]), int(found[3])
    if found[1] == ">":
        return base * part // whole + 1
    return -(-base * part // whole)
