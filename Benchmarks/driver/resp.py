"""A Redis client of fifty lines: what the driver asks a server is little, and the standard library has none."""

import socket


class RedisError(Exception):
    pass


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb", buffering=1 << 20)

    def close(self):
        self.stream.close()
        self.socket.close()

    def call(self, *words):
        return self.pipeline([words])[0]

    def pipeline(self, commands):
        """The replies; an error among them is raised."""
        self.socket.sendall(b"".join(self._encode(words) for words in commands))
        replies = [self._reply() for _ in commands]
        for reply in replies:
            if isinstance(reply, RedisError):
                raise reply
        return replies

    @staticmethod
    def _encode(words):
        parts = [b"*%d\r\n" % len(words)]
        for word in words:
            data = word if isinstance(word, bytes) else str(word).encode()
            parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
        return b"".join(parts)

    def _reply(self):
        line = self.stream.readline()
        if not line:
            raise ConnectionError("redis closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            return RedisError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self.stream.read(int(rest) + 2)[:-2]
        if kind == b"*":
            return None if rest == b"-1" else [self._reply() for _ in range(int(rest))]
        raise RedisError(f"unknown reply {line!r}")

    def info(self, section):
        text = self.call("INFO", section).decode()
        return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)

    def keys(self, pattern):
        """All keys that match, by SCAN, which may name one more than once."""
        cursor, found = b"0", set()
        while True:
            cursor, page = self.call("SCAN", cursor, "MATCH", pattern, "COUNT", 2000)
            found.update(page)
            if cursor == b"0":
                return sorted(found)
