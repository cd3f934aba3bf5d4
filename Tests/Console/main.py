"""The web console in a real browser. See scripts/check-console."""

import argparse
import os
import tempfile
import time

import access
import dead
import endpoints
import jobs
import overview
import polling
import sight
from browser import Console
from checks import finish
from intake import Intake, keyed_intake

arguments = argparse.ArgumentParser()
arguments.add_argument("--sluice", required=True)
arguments.add_argument("--pictures")
given = arguments.parse_args()

started = time.monotonic()
intake = Intake(os.environ["INTAKE_URL"], os.environ["SIMULATOR_URL"])
intake.seed()
with Console(intake.url) as console:
    overview.run(console, intake)
    jobs.run(console, intake)
    endpoints.run(console, intake)
    sight.run(console, intake, given.pictures)
    dead.run(console, intake)
    polling.run(console)
    with tempfile.TemporaryDirectory() as folder, keyed_intake(folder, given.sluice, os.environ["REDIS_URL"]) as keyed:
        access.run(console, keyed)
    console.judge()
finish(f"console, in {time.monotonic() - started:.0f} s")
