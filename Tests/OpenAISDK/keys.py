"""Two callers who see their own, and one who sees everything. As a program: a worker.json that knows them."""

import hashlib
import json
import sys

KEYS = {"ann": "key-of-ann", "bob": "key-of-bob", "root": "key-of-root"}


def with_keys(settings):
    settings["keys"] = {
        name: {
            "hash": "sha256:" + hashlib.sha256(key.encode()).hexdigest(),
            "scopes": "admin" if name == "root" else "submit read",
        }
        for name, key in KEYS.items()
    }
    return settings


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        print(json.dumps(with_keys(json.load(file)), indent=2))
