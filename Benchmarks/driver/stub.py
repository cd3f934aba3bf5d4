"""The upstream: nginx, which answers a chat completion of about a kilobyte at once, or after a while."""

import json
import pathlib
import urllib.request

import servers

MODULES = ["/usr/lib/nginx/modules", "/usr/lib64/nginx/modules"]
# Seconds that a location waits before it answers.
DELAYS = {"0": 0, "50ms": 0.05, "200ms": 0.2, "30s": 30}


def answer():
    """A chat completion, padded to 1,024 bytes."""
    def body(text):
        return json.dumps({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1764000000, "model": "gpt-4o",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 250, "completion_tokens": 200, "total_tokens": 450}}, separators=(",", ":"))
    return body("a" * (1024 - len(body(""))))


def configuration(folder, port):
    module = next((f"{path}/ngx_http_echo_module.so" for path in MODULES
                   if pathlib.Path(path, "ngx_http_echo_module.so").exists()), None)
    if module is None:
        raise RuntimeError("nginx has no echo module: install libnginx-mod-http-echo")
    text = f"default_type application/json; return 200 '{answer()}';"
    # The prompt of a slow call has to be read off the connection before the wait: echo_read_request_body does.
    slow = "".join(
        f"location /{name}/ {{ echo_read_request_body; echo_sleep {seconds}; echo_exec /0/; }}\n"
        for name, seconds in DELAYS.items() if seconds)
    return f"""
load_module {module};
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log warn;
worker_processes 2;
events {{ worker_connections 32768; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 300s; client_body_buffer_size 16k;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=16384 reuseport;
    location /0/ {{ {text} }}
    {slow}
    location = /status {{ stub_status; }}
  }}
}}
"""


class Stub(servers.Process):
    def __init__(self, folder):
        self.port = servers.free_port()
        file = pathlib.Path(folder) / "nginx.conf"
        file.write_text(configuration(folder, self.port))
        super().__init__("nginx", ["nginx", "-c", file, "-e", f"{folder}/nginx-error.log"], folder)
        servers.wait_until(lambda: self.check() or servers.is_open(self.port), 10, "nginx")

    def url(self, delay="0"):
        """Where an endpoint lives; clients append `/v1/chat/completions`."""
        return f"http://127.0.0.1:{self.port}/{delay}"

    def _status(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/status", timeout=10) as reply:
            return reply.read().decode().split()

    def waiting(self):
        """Connections that wait for an answer, this question's own left out."""
        words = self._status()
        return int(words[words.index("Writing:") + 1]) - 1

    def requests(self):
        """Requests that were answered so far, this one too."""
        words = self._status()
        return int(words[words.index("requests") + 3])
