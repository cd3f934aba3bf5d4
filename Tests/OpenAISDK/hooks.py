"""Webhooks, verified by the SDK and by the reference library of Standard Webhooks."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import openai
import standardwebhooks

import clients
from checks import INTAKE, check, equal, eventually, http, prompt, raises

PORT = int(os.environ["WEBHOOK_PORT"])
SECRET = os.environ["WEBHOOK_SECRET"]

received = []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        received.append((dict(self.headers.items()), body.decode()))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def run():
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    background(clients.plain())
    job(clients.plain())
    server.shutdown()
    server.server_close()


def told(id):
    """The delivery that is about this job or response."""
    return next((one for one in received if json.loads(one[1])["data"]["id"] == id), None)


def background(client):
    response = client.responses.create(model="gpt-4o", input=prompt(), background=True)
    eventually("a background response is told", lambda: told(response.id))
    headers, body = told(response.id)
    event = client.webhooks.unwrap(body, headers, secret=SECRET)
    equal("its type", event.type, "response.completed")
    equal("its class", type(event).__name__, "ResponseCompletedWebhookEvent")
    equal("its response", event.data.id, response.id)
    equal("its name", event.id, headers["webhook-id"])
    equal("the answer that it leads to", client.responses.retrieve(event.data.id).status, "completed")
    wrong = openai.InvalidWebhookSignatureError
    raises("another body", wrong, lambda: client.webhooks.unwrap(body + " ", headers, secret=SECRET))
    other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
    raises("another secret", wrong, lambda: client.webhooks.unwrap(body, headers, secret=other))


def job(client):
    request = {"prompt": prompt(), "model": "gpt-4o", "webhook_url": f"http://127.0.0.1:{PORT}/job"}
    id = json.loads(http("POST", f"{INTAKE}/v1/jobs", request))["id"]
    eventually("a job is told", lambda: told(id))
    headers, body = told(id)
    client.webhooks.verify_signature(body, headers, secret=SECRET)
    event = standardwebhooks.Webhook(SECRET).verify(body, headers)
    equal("the type of a job's end", event["type"], "job.completed")
    check("it brings the answer", event["data"]["result"]["body"]["choices"], event)
    raises(
        "another body", standardwebhooks.WebhookVerificationError,
        lambda: standardwebhooks.Webhook(SECRET).verify(body + " ", headers))
    eventually("the job shows it", lambda: shown(id) == "delivered")


def shown(id):
    return json.loads(http("GET", f"{INTAKE}/v1/jobs/{id}"))["webhook"]["status"]
