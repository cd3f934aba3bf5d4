"""A way to the intake on which connections break."""

import socket
import threading
import urllib.parse

from checks import INTAKE


class BreakingProxy:
    """Passes requests on. The first `breaks` connections are cut when their request has arrived and before its answer."""

    def __init__(self, breaks, after=0.3):
        self.breaks = breaks
        self.after = after
        self.connections = 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._pass, args=(client, self.connections <= self.breaks), daemon=True).start()

    def _pass(self, client, is_cut):
        target = urllib.parse.urlparse(INTAKE)
        intake = socket.create_connection((target.hostname, target.port))
        intake.sendall(self._request(client))
        if is_cut:
            # The intake has it, the client will not hear of it.
            threading.Event().wait(self.after)
        else:
            threading.Thread(target=self._copy, args=(client, intake), daemon=True).start()
            self._copy(intake, client)
        for end in (client, intake):
            end.close()

    @staticmethod
    def _request(client):
        data = b""
        while b"\r\n\r\n" not in data:
            data += client.recv(65536)
        head, body = data.split(b"\r\n\r\n", 1)
        lines = [line.split(b":", 1) for line in head.lower().split(b"\r\n")[1:]]
        length = next((int(value) for name, value in lines if name == b"content-length"), 0)
        while len(body) < length:
            part = client.recv(65536)
            data, body = data + part, body + part
        return data

    @staticmethod
    def _copy(source, target):
        try:
            while part := source.recv(65536):
                target.sendall(part)
        except OSError:
            pass

    def close(self):
        self.server.close()
