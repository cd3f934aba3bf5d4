"""A process that knows nothing but a response's id and a number: prints the events behind it."""

import sys

import clients

id, seen = sys.argv[1], int(sys.argv[2])
for event in clients.plain().responses.retrieve(id, stream=True, starting_after=seen):
    print(event.to_json(indent=None))
