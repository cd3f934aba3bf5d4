"""A collector of traces: takes what OTLP/HTTP sends in JSON, and reads it with OpenTelemetry's own classes."""

import base64
import http.server
import json
import threading

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Span:
    def __init__(self, span, role):
        self.role = role
        self.name, self.kind, self.state = span.name, span.kind, span.trace_state
        self.trace, self.id, self.parent = span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()
        self.start, self.end = span.start_time_unix_nano, span.end_time_unix_nano
        self.has_failed = span.status.code == 2
        self.said = attributes(span.attributes)


def attributes(pairs):
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in pairs}


def read(body):
    """Fails on whatever OpenTelemetry's classes do not know."""
    request = json.loads(body)
    for span in (s for r in request["resourceSpans"] for scope in r["scopeSpans"] for s in scope["spans"]):
        # OTLP departs from protobuf's JSON in one point: ids are hexadecimal, not base64.
        for name, size in (("traceId", 16), ("spanId", 8), ("parentSpanId", 8)):
            if name in span:
                value = bytes.fromhex(span[name])
                if len(value) != size or not any(value):
                    raise ValueError(f"{name} of {span['name']}: {span[name]}")
                span[name] = base64.b64encode(value).decode()
    message = json_format.ParseDict(request, ExportTraceServiceRequest())
    return [Span(span, attributes(resource.resource.attributes))
            for resource in message.resource_spans for scope in resource.scope_spans for span in scope.spans]


class Collector:
    """Listens on a free port, until the process ends."""

    def __init__(self):
        self.spans, self.headers, self.faults = [], [], []
        self.bodies = set()
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                collector.take(self.path, self.headers, body)
                try:
                    self.send_response(200)
                    self.send_header("content-length", "2")
                    self.end_headers()
                    self.wfile.write(b"{}")
                except OSError:
                    pass  # Its sender has given up.

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def take(self, path, headers, body):
        try:
            if path != "/v1/traces" or headers["content-type"] != "application/json":
                raise ValueError(f"{path} {headers['content-type']}")
            # The answer came too late for its sender, on a busy machine: it is the same batch again.
            if body not in self.bodies:
                self.spans += read(body)
            self.bodies.add(body)
            self.headers.append(headers)
        except Exception as fault:
            self.faults.append(repr(fault))
