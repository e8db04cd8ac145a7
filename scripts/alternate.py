"""Commands timed in alternation, so that what slows the machine down slows all of them."""
import os
import statistics
import subprocess
import time


def medians(commands, runs, environments=None, before=lambda: None):
    """The median wall time of each command in seconds, its output thrown away. What `before` does, before
    each of them, is not in it."""
    environments = environments or [{}] * len(commands)
    times = [[] for _ in commands]
    for run in range(runs):
        order = range(len(commands))
        for side in order if run % 2 == 0 else reversed(order):
            environment = {**os.environ, **environments[side]}
            before()
            start = time.perf_counter()
            subprocess.run(commands[side], env=environment, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            times[side].append(time.perf_counter() - start)
    return [statistics.median(side) for side in times]
