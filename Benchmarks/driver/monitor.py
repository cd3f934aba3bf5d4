"""Who calls which command: MONITOR tells a client's calls from those of a script, which INFO commandstats does not."""

import collections
import re
import threading

import resp

LINE = re.compile(rb'^\+?\d+\.\d+ \[\d+ (lua|[^\]]+)\] "([^"]+)"', re.MULTILINE)
# The driver's own questions.
LOOKS = {"info", "dbsize", "zcard", "hgetall", "monitor", "hstrlen", "scan"}


class Monitor:
    """Counts calls by name, from clients and from scripts, until it is closed."""

    def __init__(self, port):
        self.chunks = []
        self.client = resp.Client(port)
        self.client.call("MONITOR")
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def _read(self):
        try:
            while chunk := self.client.socket.recv(1 << 20):
                self.chunks.append(chunk)
        except OSError:
            pass

    def __exit__(self, *_):
        self.client.socket.shutdown(2)
        self.thread.join()
        self.client.close()

    def counts(self):
        clients, scripts = collections.Counter(), collections.Counter()
        for source, name in LINE.findall(b"".join(self.chunks)):
            word = name.decode().lower()
            if word not in LOOKS:
                (scripts if source == b"lua" else clients)[word] += 1
        return clients, scripts


def client_calls(calls, clients, scripts):
    """Of calls by command, as commandstats counts them, those that came from clients, by the shares that MONITOR saw."""
    total = 0.0
    for name, count in calls.items():
        word = name.split("|")[0]
        seen = clients[word] + scripts[word]
        total += count * (clients[word] / seen if seen else 1)
    return total
