from __future__ import annotations

from media_server.metrics import Family, Histogram, counter, gauge, merged, render


def test_a_page_says_name_kind_and_value() -> None:
    page = render([counter("a_total", "How many.", 3), gauge("b", "Now.", 0.5)])
    assert page.splitlines() == [
        "# HELP a_total How many.",
        "# TYPE a_total counter",
        "a_total 3",
        "# HELP b Now.",
        "# TYPE b gauge",
        "b 0.5",
    ]


def test_big_numbers_are_not_rounded() -> None:
    samples: dict[str, float] = {'direction="incoming"': 123_456_789_012}
    page = render([Family(name="bytes", kind="counter", help="Many.", samples=samples)])
    assert 'bytes{direction="incoming"} 123456789012\n' in page


def test_a_histogram_counts_upwards() -> None:
    delays = Histogram((0.001, 0.01))
    for value in (0.0005, 0.001, 0.002, 7.0):
        delays.observe(value)
    page = render([Family(name="d", kind="histogram", help="Delay.", histogram=delays)])
    assert page.splitlines()[2:] == [
        'd_bucket{le="0.001"} 2',
        'd_bucket{le="0.01"} 3',
        'd_bucket{le="+Inf"} 4',
        "d_sum 7.003500",
        "d_count 4",
    ]


def test_pages_of_several_processes_become_one() -> None:
    pages = {
        'worker="0"': render([counter("a", "A.", 1), gauge("b", "B.", 2)]),
        'worker="1"': render([counter("a", "A.", 3)]),
    }
    assert merged(pages).splitlines() == [
        "# HELP a A.",
        "# TYPE a counter",
        'a{worker="0"} 1',
        'a{worker="1"} 3',
        "# HELP b B.",
        "# TYPE b gauge",
        'b{worker="0"} 2',
    ]
