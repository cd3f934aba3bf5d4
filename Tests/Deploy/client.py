"""A client as docs/operations.md wants it: a submission that failed is sent again under the same key."""

import json
import threading
import time
import urllib.error
import urllib.request

from checks import get

ENDS = ("completed", "failed", "cancelled", "expired")


class Client:
    """Submits prompts, all of them different, and reads answers as they come."""

    def __init__(self, intake, name):
        # The name is in the prompts: an equal one would be served from the cache.
        self.intake, self.name, self.accepted, self.read, self.retries = intake, name, [], {}, 0
        self.stopping = False
        self.thread = threading.Thread(target=self._submit)
        self.thread.start()

    def _submit(self):
        while not self.stopping:
            body = {"model": "gpt-4o", "prompt": f"{self.name} {len(self.accepted)}", "queue": "batch"}
            request = urllib.request.Request(
                f"{self.intake}/v1/jobs", json.dumps(body).encode(),
                {"content-type": "application/json", "idempotency-key": f"{self.name}-{len(self.accepted)}"})
            try:
                with urllib.request.urlopen(request, timeout=10) as response:
                    self.accepted.append(json.load(response)["id"])
            except OSError:
                self.retries += 1
            time.sleep(0.02)

    def stop(self):
        self.stopping = True
        self.thread.join()

    def job(self, id):
        return json.loads(get(f"{self.intake}/v1/jobs/{id}"))

    def look(self):
        for id in self.accepted:
            if id not in self.read and (job := self.job(id))["status"] in ENDS:
                self.read[id] = job

    def wait_for_all(self, ids, within=60):
        """Those that have not ended by then, with their last state; None: unknown."""
        left, end = {id: None for id in ids}, time.monotonic() + within
        while left and time.monotonic() < end:
            for id in list(left):
                try:
                    left[id] = self.job(id)["status"]
                except urllib.error.HTTPError as error:
                    left[id] = None if error.code == 404 else error.code
                except OSError as error:
                    left[id] = str(error)
                if left[id] in ENDS:
                    del left[id]
            time.sleep(0.1)
        return left
