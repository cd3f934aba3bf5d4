"""Sluice with secrets of AWS and tokens of Entra ID. moto stands in for AWS, and refuses what is not signed as AWS wants it;
Entra ID is a few lines here, which answer as it was recorded."""

import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

import boto3
from counted import check, failures

SLUICE = os.environ["SLUICE"]
SECRET = "prod/llm-config"
# Made while moto takes any signature: user, policy, key, secret; role and its policy. The last is the exchange of a web
# identity, which AWS wants unsigned, and moto does not know.
SETUP_ACTIONS = 7


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def eventually(what, holds, within=30):
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            if holds():
                return check(what, True)
        except OSError:
            pass
        time.sleep(0.05)
    check(what, False, "never")


class Cloud:
    def __init__(self, folder):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(SETUP_ACTIONS)},
            stdout=open(f"{folder}/moto.log", "w"), stderr=subprocess.STDOUT)
        eventually("moto listens", lambda: socket.create_connection(("127.0.0.1", self.port)).close() is None)
        policy = json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*"}]})
        iam = self.client("iam", "any", "any")
        iam.create_user(UserName="worker")
        iam.put_user_policy(UserName="worker", PolicyName="read", PolicyDocument=policy)
        key = iam.create_access_key(UserName="worker")["AccessKey"]
        self.key, self.secret = key["AccessKeyId"], key["SecretAccessKey"]
        self.client("secretsmanager", "any", "any").create_secret(
            Name=SECRET, SecretString=json.dumps({"eastus_key": "first"}))
        trust = json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Federated": "*"}, "Action": "sts:AssumeRoleWithWebIdentity"}]})
        self.role = iam.create_role(RoleName="pod", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        iam.put_role_policy(RoleName="pod", PolicyName="read", PolicyDocument=policy)

    def client(self, service, key, secret):
        return boto3.client(
            service, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret)

    def put(self, value):
        self.client("secretsmanager", self.key, self.secret).put_secret_value(
            SecretId=SECRET, SecretString=json.dumps({"eastus_key": value}))

    def stop(self):
        self.process.terminate()
        self.process.wait()


class EntraID:
    """Gives one token after another for a client's secret; each counts as expired after a while."""

    def __init__(self, lifetime):
        self.asked = []
        entra = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                entra.asked.append((self.path, dict(urllib.parse.parse_qsl(body))))
                answer = json.dumps({"token_type": "Bearer", "expires_in": lifetime, "access_token": "token"}).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


def configuration(folder, secrets, endpoint, **how):
    path = f"{folder}/worker.json"
    with open(path, "w") as file:
        json.dump({
            "intake": {"listen": "127.0.0.1:0"}, "worker": {"listen": "127.0.0.1:0", "processes": 1},
            "audit": {"path": f"{folder}/audit.sqlite"}, "log": {"format": "json"}, "cache": {"enabled": False},
            "secrets": secrets,
            "pool": {"endpoints": [{
                "name": "eastus", "url": endpoint, "deployment": "gpt-4o", "model": "gpt-4o", **how}]},
        }, file)
    return path


def managed(folder, cloud, endpoint, id=SECRET, refresh="5m"):
    secrets = {"source": "aws-secrets-manager", "id": id, "endpoint": cloud.url, "refresh": refresh}
    return configuration(folder, secrets, endpoint, api_key="${secret:eastus_key}")


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AZURE_"))}
    return {**kept, "HOME": "/nowhere", **more}


def on_aws(cloud, **more):
    return environment(AWS_ENDPOINT_URL_STS=cloud.url, **more)


def shown(path, env):
    done = subprocess.run(
        [SLUICE, "check", "--print", "--offline", "--config", path], env=env, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def credentials(folder, cloud):
    """Settings load with each kind of credentials, and with none that is right."""
    path = managed(folder, cloud, "http://127.0.0.1:9")
    with open(f"{folder}/token", "w") as file:
        file.write("a.web.identity\n")
    web = {"AWS_ROLE_ARN": cloud.role, "AWS_WEB_IDENTITY_TOKEN_FILE": f"{folder}/token"}
    code, text = shown(path, on_aws(cloud, **web))
    check("a web identity opens it", code == 0, text)
    keys = {"AWS_ACCESS_KEY_ID": cloud.key, "AWS_SECRET_ACCESS_KEY": cloud.secret}
    code, text = shown(path, on_aws(cloud, **keys))
    check("keys of the environment open the secret", code == 0, text)
    check("the key is not shown", "first" not in text, text)
    with open(f"{folder}/credentials", "w") as file:
        file.write(f"[default]\naws_access_key_id = {cloud.key}\naws_secret_access_key = {cloud.secret}\n")
    code, text = shown(path, on_aws(cloud, AWS_SHARED_CREDENTIALS_FILE=f"{folder}/credentials"))
    check("a shared file opens it", code == 0, text)
    code, text = shown(path, on_aws(cloud, **{**keys, "AWS_SECRET_ACCESS_KEY": "wrong"}))
    check("a wrong signature is told", code != 0 and "403 (SignatureDoesNotMatch)" in text, text)
    code, text = shown(path, on_aws(cloud, **{**keys, "AWS_ACCESS_KEY_ID": "AKIAUNKNOWN"}))
    check("an unknown key is told", code != 0 and "secrets.source" in text and "403" in text, text)
    path = managed(folder, cloud, "http://127.0.0.1:9", id="prod/other")
    code, text = shown(path, on_aws(cloud, **keys))
    check("a secret that is not there is told", code != 0 and "ResourceNotFoundException" in text, text)


def fetch(url, body=None):
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode())
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.loads(response.read())


class Stack:
    """A pool that wants a key, a Redis, an intake and a worker that has the key from a cloud."""

    def __init__(self, folder, env, wanted, configure):
        self.processes = []
        redis, self.simulator = free_port(), f"127.0.0.1:{free_port()}"
        env = {**env, "SLUICE_REDIS_URL": f"redis://127.0.0.1:{redis}/0"}
        self.start(["redis-server", "--port", str(redis), "--save", "", "--appendonly", "no"], env, f"{folder}/redis.log")
        scenario = f"{folder}/scenario.json"
        with open(scenario, "w") as file:
            json.dump({"endpoints": [{"name": "eastus", "region": "eastus", "deployments": ["gpt-4o"], "api_key": wanted,
                                      "latency_ms": 0}]}, file)
        self.start([SLUICE, "simulate", "--listen", self.simulator, "--scenario", scenario], env, f"{folder}/pool.log")
        path = configure(f"http://{self.simulator}/eastus")
        self.log = f"{folder}/worker.log"
        self.start([SLUICE, "intake", "--config", path], env, f"{folder}/intake.log")
        self.start([SLUICE, "worker", "--config", path], env, self.log)
        eventually("the intake listens", lambda: self.address(f"{folder}/intake.log"))
        if failures:
            sys.exit("".join(open(f"{folder}/{name}.log").read()[-1500:] for name in ("intake", "pool", "worker")))
        self.intake = self.address(f"{folder}/intake.log")
        eventually("the worker listens", lambda: self.address(self.log))

    def start(self, argv, env, log):
        self.processes.append(subprocess.Popen(argv, env=env, stdout=open(log, "w"), stderr=subprocess.STDOUT))

    @staticmethod
    def address(log):
        for line in open(log):
            if '"message":"listening"' in line:
                return json.loads(line)["address"]
        return None

    def ask(self, what):
        job = fetch(f"http://{self.intake}/v1/jobs", {"prompt": what, "model": "gpt-4o"})
        return fetch(f"http://{self.intake}/v1/jobs/{job['id']}?wait=30")

    def logged(self, text):
        return sum(text in line for line in open(self.log))

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def with_keys(folder, cloud, wanted, refresh):
    env = on_aws(cloud, AWS_ACCESS_KEY_ID=cloud.key, AWS_SECRET_ACCESS_KEY=cloud.secret)
    return Stack(folder, env, wanted, lambda endpoint: managed(folder, cloud, endpoint, refresh=refresh))


def rotation(folder, cloud):
    """A key that was changed is had again after one refusal."""
    stack = with_keys(folder, cloud, wanted="second", refresh="1h")
    cloud.put("second")
    job = stack.ask("one")
    check("a job is answered with a key that was changed", job["status"] == "completed", job)
    check("it was read again once", stack.logged("a secret was read again after a 401") == 1)
    stack.stop()


def refresh(folder, cloud):
    """A key that was changed is had before any refusal, and kept while the cloud is away."""
    cloud.put("first")
    stack = with_keys(folder, cloud, wanted="third", refresh="1s")
    cloud.put("third")
    eventually("the key is renewed by itself", lambda: stack.logged("an endpoint's credential was renewed") == 1)
    job = stack.ask("one")
    check("and no job was refused", job["status"] == "completed" and not stack.logged("read again after a 401"), job)
    cloud.stop()
    eventually("that the cloud is away is told", lambda: stack.logged("the secrets could not be read again"))
    check("and the last key stays", stack.ask("two")["status"] == "completed")
    stack.stop()


def entra(folder):
    """A worker asks for a token, and once for all its calls."""
    entra = EntraID(lifetime=3599)
    env = environment(
        AZURE_TENANT_ID="tenant", AZURE_CLIENT_ID="client", AZURE_CLIENT_SECRET="hush", AZURE_AUTHORITY_HOST=entra.url)
    stack = Stack(folder, env, "token", lambda endpoint: configuration(folder, {"source": "none"}, endpoint, auth="entra"))
    for number in range(5):
        check("a job is answered with a token", stack.ask(f"number {number}")["status"] == "completed")
    check("one token was asked for", len(entra.asked) == 1, entra.asked)
    path, form = entra.asked[0]
    check("of the tenant", path == "/tenant/oauth2/v2.0/token", path)
    check("for Azure OpenAI", form["scope"] == "https://cognitiveservices.azure.com/.default", form)
    check("neither is logged", not stack.logged("hush") and not stack.logged('"token"'))
    stack.stop()


with tempfile.TemporaryDirectory() as root:
    def folder(name):
        os.mkdir(f"{root}/{name}")
        return f"{root}/{name}"

    cloud = Cloud(root)
    try:
        credentials(folder("credentials"), cloud)
        rotation(folder("rotation"), cloud)
        refresh(folder("refresh"), cloud)
        entra(folder("entra"))
    finally:
        cloud.stop()
        if failures:
            print(open(f"{root}/moto.log").read()[-3000:])
print("AWS Secrets Manager: credentials, rotation, refresh; Entra ID: a token")
if failures:
    sys.exit(f"{len(failures)} do not hold")
