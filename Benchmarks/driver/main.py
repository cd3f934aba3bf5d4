"""scripts/bench: measures what it is asked for, prints the ratios, and writes docs/performance.md after a full run."""

import argparse
import contextlib
import os
import pathlib
import resource
import shutil
import sys
import tempfile
import time
import traceback

import machine
import report
import servers
import sluice
import stub
from figures import FIGURES, Skipped
from figures import depth, door, draining, intake, observing, others, pool, raw, starting, upstreams  # noqa: F401 - they register themselves

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ORDER = ["raw", "drain", "latency", "rivals", "rivals-slow", "upstream-50ms", "upstream-200ms", "inflight", "submit", "poll",
         "memory", "depth", "start", "observe", "reload", "scaling"]
# Of `scripts/bench pool`: how the pool is used, and what its faults cost.
POOL = ["pool", "pool-blackout", "pool-brownout", "pool-repeats", "pool-deadlines"]
# Of `scripts/bench door`: what OpenAI's clients do at the door, and what comes in by the many.
DOOR = ["door-chat", "door-batch", "door-lines", "door-stream"]
FAMILIES = {"pool": POOL, "door": DOOR}


class Bench:
    """What every figure needs: the servers, Sluice, and whether time is short."""

    def __init__(self, folder, quick, stack):
        self.folder, self.quick = folder, quick
        self.redis = stack.enter_context(servers.Redis(folder))
        self.stub = stack.enter_context(stub.Stub(folder))
        self.sluice = sluice.Sluice(program(), helper(), folder, self.redis, self.stub)

    @staticmethod
    def say(text):
        print(text, flush=True)

    @staticmethod
    def versions_of(rival):
        return machine.versions(rival)


def program():
    return os.environ["BENCH_SLUICE"]


def helper():
    return os.environ["BENCH_HELPER"]


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures Sluice. docs/performance.md says how.")
    parser.add_argument("family", nargs="?", choices=sorted(FAMILIES), help="the figures of the endpoint pool or of the door, and no others")
    parser.add_argument("--quick", action="store_true", help="a few minutes: the ratios, without the rivals")
    parser.add_argument("--only", metavar="NAME[,NAME]", help="these figures")
    parser.add_argument("--list", action="store_true", help="the figures that there are")
    parser.add_argument("--keep", action="store_true", help="keep logs and data")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md, though it is not a full run")
    return parser.parse_args()


def chosen(options):
    if options.family and not options.only:
        return FAMILIES[options.family]
    if not options.only:
        return [name for name in ORDER if FIGURES[name].quick or not options.quick]
    names = [one for name in options.only.split(",") for one in (DOOR if name == "door" else [name])]
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        sys.exit(f"bench: no figure is called {unknown[0]}; scripts/bench --list names them")
    return names


def run(bench, names):
    """The results by name, and the faults: a figure that cannot be had here is none, one that broke is."""
    results, faults = {}, []
    for number, name in enumerate(names, 1):
        print(f"[{number}/{len(names)}] {name}: {FIGURES[name].what}", flush=True)
        begin = time.monotonic()
        try:
            results[name] = FIGURES[name](bench)
            report.print_result(results[name])
        except Skipped as reason:
            results[name] = reason
            print(f"  not measured: {reason}", flush=True)
        except Exception as error:  # noqa: BLE001 - whatever broke, the other figures are still wanted
            results[name] = error
            faults.append(name)
            traceback.print_exc()
        print(f"  ({time.monotonic() - begin:.0f} s)", flush=True)
    return results, faults


def main():
    options = arguments()
    if options.list:
        for name in ORDER + POOL + DOOR:
            print(f"{name:15} {FIGURES[name].what}{' (quick)' if FIGURES[name].quick else ''}")
        return
    names = chosen(options)
    # 10,000 calls and 2,000 connections need files; the hard limit is what can be had.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    build = ROOT / ".build"
    build.mkdir(exist_ok=True)
    folder = tempfile.mkdtemp(prefix="bench-", dir=build)
    begin = time.monotonic()
    facts = machine.facts(ROOT, program())
    print(report.heading(facts), flush=True)
    try:
        with contextlib.ExitStack() as stack:
            results, faults = run(Bench(folder, options.quick, stack), names)
    finally:
        if options.keep:
            print(f"logs and data: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    minutes = (time.monotonic() - begin) / 60
    print()
    print(report.summary(results))
    if options.write or not (options.quick or options.only):
        file = f"{options.family}-performance.md" if options.family else "performance.md"
        text = report.document(results, facts, " ".join(["scripts/bench", *sys.argv[1:]]), minutes, options.family)
        (ROOT / "docs" / file).write_text(text)
        print(f"\nwritten: docs/{file}")
    if faults:
        sys.exit(f"bench: broken: {', '.join(faults)}")


if __name__ == "__main__":
    main()
