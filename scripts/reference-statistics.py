"""Prints the table of scripts/reference-statistics: Swift that holds only numbers."""
import numpy
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint


def splitmix(seed):
    """The same numbers as PacketTestSupport's SeededRNG."""
    mask = 2**64 - 1
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield z ^ (z >> 31)


def delays(seed, count):
    """Between 1 and 65 ms with a long tail, as ReferenceSample makes them."""
    numbers = splitmix(seed)
    return [(1_000_000 << (next(numbers) % 7)) + next(numbers) % 1_000_000 for _ in range(count)]


def order(seed, count):
    """Probe numbers as they come in: each was held up for up to 15 places, and one in eight lost."""
    numbers = splitmix(seed)
    places = [(number + next(numbers) % 16, number) for number in range(1, count + 1)]
    return [number for _, number in sorted(places) if next(numbers) % 8]


def jitter(values):
    """RFC 3550 section 6.4.1."""
    estimate = 0.0
    for before, value in zip(values, values[1:]):
        estimate += (abs(value - before) - estimate) / 16
    return estimate


def extents(arrivals):
    """RFC 4737 sections 3.3 and 4.2.2, word for word and without any memory but the whole list."""
    expected, found = 0, []
    for i, number in enumerate(arrivals):
        if number >= expected:
            expected = number + 1
        else:
            found.append(i - next(j for j in range(i) if arrivals[j] > number))
    return found


def show(kind, name, comment, rows):
    print(f"\n  /// {comment}\n  static let {name}: [{kind}] = [")
    for row in rows:
        print("    (" + ", ".join("nil" if cell is None else repr(cell) for cell in row) + "),")
    print("  ]")


print("// Made by scripts/reference-statistics. Do not edit.\n")
print("/// What statsmodels, scipy and numpy say.\nenum ReferenceStatistics {", end="")

wilson = []
for lost, sent in [(0, 1), (1, 1), (0, 5), (1, 2), (2, 4), (5, 5), (0, 10), (1, 10), (3, 250), (9, 10), (0, 1000),
                   (1, 1000), (999, 1000), (1000, 1000), (123, 4567), (1, 10**6), (5 * 10**8, 10**9)]:
    low, high = proportion_confint(lost, sent, alpha=0.05, method="wilson")
    wilson.append((lost, sent, float(low), float(high)))
show("(lost: Int, sent: Int, lower: Double, upper: Double)", "wilson",
     "`proportion_confint(lost, sent, alpha=0.05, method=\"wilson\")` of statsmodels.", wilson)

ranks = []
for share in (0.5, 0.25, 0.9, 0.95, 0.99, 0.999):
    for count in (1, 5, 6, 10, 20, 35, 36, 72, 100, 367, 368, 1000, 12345, 10**6, 10**8):
        low, high = int(binom.ppf(0.025, count, share)), int(binom.ppf(0.975, count, share)) + 1
        ranks.append((share, count, low or None, high if high <= count else None))
show("(share: Double, count: Int, lower: Int?, upper: Int?)", "ranks",
     "`binom.ppf(0.025, count, share)` and one more than `binom.ppf(0.975, count, share)` of scipy.", ranks)

quantiles = []
for seed, count in ((1, 1), (2, 2), (3, 20), (4, 101), (5, 1000), (6, 50000)):
    values = delays(seed, count)
    for share in (0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999):
        value = int(numpy.quantile(values, share, method="inverted_cdf"))
        quantiles.append((seed, count, share, value))
show("(seed: UInt64, count: Int, share: Double, value: Int64)", "quantiles",
     "`numpy.quantile(…, method=\"inverted_cdf\")`, which is nearest rank.", quantiles)

variations = []
for seed, count in ((7, 2), (8, 20), (9, 1000), (10, 50000)):
    values = delays(seed, count)
    steps = numpy.diff(values)
    variations.append((seed, count, jitter(values), float(numpy.mean(numpy.abs(steps))), int(steps.min()),
                       int(steps.max()), int(numpy.quantile(numpy.abs(steps), 0.9, method="inverted_cdf"))))
show("(seed: UInt64, count: Int, jitter: Double, meanAbsolute: Double, minimum: Int64, maximum: Int64, "
     "ninth: Int64)", "variations",
     "RFC 3550's jitter, and of `numpy.diff`: mean of the absolute values, ends, 90 % of the absolute values.",
     variations)

reorderings = []
for seed, count in ((11, 10), (12, 100), (13, 1000), (14, 5000)):
    arrivals = order(seed, count)
    found = extents(arrivals)
    reorderings.append((seed, count, len(arrivals), len(found), max(found), sum(found) / len(found)))
show("(seed: UInt64, count: Int, arrived: Int, reordered: Int, largest: Int, mean: Double)", "reorderings",
     "RFC 4737's definition of extent, applied to the whole list of arrivals.", reorderings)
print("}")
