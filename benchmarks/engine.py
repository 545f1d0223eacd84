"""What the engine of coverage costs: every line beside its goal, in one run of turns.

    .venv/bin/python -m benchmarks.engine [PEOPLE ...] [--sqlite | --postgresql]

The last size is measured, the first is what growth is told against (10,000 and 1,000,000 when
none is given). Figures are medians; a ratio is of medians taken in turns, so that a busy machine
slows both. DuckDB scans the same spans in memory, which is the columnar limit.
"""

import sys
from contextlib import ExitStack

from benchmarks import ground
from benchmarks.engine_reads import measure_reads
from benchmarks.engine_sizes import measure_sizes
from benchmarks.engine_writers import measure_writers
from benchmarks.engine_writes import measure_writes
from benchmarks.timing import HEAD, show

SIZES = (10_000, 1_000_000)


def measure(engine: str, few: int, many: int) -> bool:
    """Print the lines of one engine; whether all goals are met."""
    print(f"\n{engine}, {many:,} people (growth from {few:,})\n{HEAD}", flush=True)
    with ExitStack() as stack:
        folder = stack.enter_context(ground.folder_of_run())
        small = stack.enter_context(ground.built(engine, few))
        large = small if few == many else stack.enter_context(ground.built(engine, many))
        good = show(measure_reads(small, large, (few, many), folder))
        good &= show(measure_sizes(large, many))
        good &= show(measure_writes(large))
        if engine == "postgresql":
            good &= show(measure_writers(large))
    return good


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:] if text.isdigit()] or list(SIZES)
    engines = [name for name in ground.ENGINES if f"--{name}" in sys.argv] or ground.ENGINES
    found = [measure(engine, sizes[0], sizes[-1]) for engine in engines]
    sys.exit(0 if all(found) else 1)


if __name__ == "__main__":
    main()
