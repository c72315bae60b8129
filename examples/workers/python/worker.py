#!/usr/bin/env python3
"""A worker: takes jobs of kamflow, does them, and reports. Python 3.9 or newer, nothing to install.

    KAMFLOW_URL=http://127.0.0.1:7070 KAMFLOW_BUSINESS=demo \
    KAMFLOW_CLIENT=greeter KAMFLOW_SECRET='…' python3 worker.py

Write a function for each type of job at the end of this file. What it returns is the `result` that the process reads.
When it raises `BpmnError`, a boundary event catches that; whatever else it raises is a failure, and the job is tried
again after a while. While it runs, the lease is kept. A job may be done twice, when a worker dies before it reports:
what it does outside should bear that, for example by sending `job["id"]` along as an idempotency key.
"""

import base64
import json
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request


class BpmnError(Exception):
    """The job ends with a BPMN error; variables are set before a boundary event catches it."""

    def __init__(self, code, **variables):
        super().__init__(code)
        self.code = code
        self.variables = variables


class Refused(Exception):
    """kamflow said no: `code` is the word for programs, `status` that of HTTP."""

    def __init__(self, status, problem):
        super().__init__(problem.get("detail", f"HTTP {status}"))
        self.status = status
        self.code = problem.get("code", "")


class Kamflow:
    """The API, as far as a worker needs it."""

    def __init__(self, url, business, client, secret):
        self.url = url.rstrip("/") + "/api/v1"
        self.business, self.client, self.secret = business, client, secret
        self.token = None

    def post(self, path, body):
        """Sends JSON under a token; a token that has expired is got anew, once."""
        if self.token is None:
            self.token = self._login()
        try:
            return self._send(path, json.dumps(body).encode(), "application/json", f"Bearer {self.token}")
        except Refused as refused:
            if refused.status != 401:
                raise
        self.token = self._login()
        return self._send(path, json.dumps(body).encode(), "application/json", f"Bearer {self.token}")

    def _login(self):
        quoted = ":".join(urllib.parse.quote_plus(part) for part in (self.client, self.secret))
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "business": self.business})
        basic = "Basic " + base64.b64encode(quoted.encode()).decode()
        return self._send("/auth/token", form.encode(), "application/x-www-form-urlencoded", basic)["access_token"]

    def _send(self, path, body, kind, authorization):
        headers = {"Content-Type": kind, "Authorization": authorization}
        request = urllib.request.Request(self.url + path, body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            try:
                problem = json.load(error)
            except ValueError:
                problem = {}
            raise Refused(error.code, problem) from error


class Worker:
    """Takes one job after the other until it is told to stop."""

    def __init__(self, kamflow, handlers, lease="PT30S"):
        self.kamflow, self.handlers, self.lease = kamflow, handlers, lease
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self.stopping = threading.Event()

    def run(self):
        say(f"{self.name} does {', '.join(self.handlers)}")
        while not self.stopping.is_set():
            try:
                for job in self._take():
                    self._do(job)
            except (Refused, OSError) as error:
                # Busy, restarting, or unreachable: nothing is lost, what we had goes to somebody when its lease runs out.
                say(f"trying again in a moment: {error}")
                self.stopping.wait(2)
        say("stopped")

    def _take(self):
        # The wait is short enough that a stop does not take long.
        wanted = {"types": list(self.handlers), "worker": self.name, "lease": self.lease, "wait": "PT3S"}
        return self.kamflow.post("/jobs/acquire", wanted)["items"]

    def _do(self, job):
        over = threading.Event()
        keeper = threading.Thread(target=self._keep, args=(job, over), daemon=True)
        keeper.start()
        try:
            verb, body = self._outcome(job)
        finally:
            over.set()
            keeper.join()
        try:
            self._report(job, verb, body)
            say(f"{verb}: {job['type']} {job['id']}")
        except Refused as refused:
            # lease_lost: somebody else has it now. job_not_open: the process needs it no more.
            say(f"not heard ({refused.code}): {job['id']}: {refused}")

    def _outcome(self, job):
        try:
            return "complete", {"result": self.handlers[job["type"]](job) or {}}
        except BpmnError as error:
            return "error", {"code": error.code, "variables": error.variables}
        except Exception as error:  # whatever goes wrong is for a person to read
            return "fail", {"message": f"{type(error).__name__}: {error}"}

    def _report(self, job, verb, body):
        """Says what came of a job; said again when the answer got lost, which is done once all the same."""
        for attempt in range(5):
            try:
                return self.kamflow.post(f"/jobs/{job['id']}/{verb}", {"lease": job["lease"]["token"], **body})
            except Refused as refused:
                if refused.status not in (429, 503) or attempt == 4:
                    raise
            except OSError:
                if attempt == 4:
                    raise
            time.sleep(attempt + 1)

    def _keep(self, job, over):
        """Keeps the lease while the job is done."""
        while not over.wait(seconds(self.lease) / 3):
            try:
                self.kamflow.post(f"/jobs/{job['id']}/extend", {"lease": job["lease"]["token"], "by": self.lease})
                say(f"kept longer: {job['id']}")
            except Refused as refused:
                return say(f"not kept ({refused.code}): {job['id']}")
            except OSError:
                pass  # tried again in a third of the lease

    def stop(self, *_):
        self.stopping.set()


def seconds(lease):
    """PT30S as 30."""
    return float(lease.removeprefix("PT").removesuffix("S"))


def say(text):
    print(text, flush=True)


# What this worker can do. Write your own.


def check_address(job):
    name, at, domain = job["input"]["address"].partition("@")
    if not (name and at and domain):
        raise BpmnError("no-such-address")
    return {"domain": domain}


def greet(job):
    if not job["input"]["name"]:
        raise ValueError("there is nobody to greet")
    time.sleep(job["input"].get("seconds", 0))
    return {"text": f"Hello, {job['input']['name']}!"}


if __name__ == "__main__":
    missing = [name for name in ("KAMFLOW_BUSINESS", "KAMFLOW_CLIENT", "KAMFLOW_SECRET") if name not in os.environ]
    if missing:
        sys.exit(f"set {', '.join(missing)}")
    worker = Worker(
        Kamflow(
            os.environ.get("KAMFLOW_URL", "http://127.0.0.1:7070"),
            os.environ["KAMFLOW_BUSINESS"],
            os.environ["KAMFLOW_CLIENT"],
            os.environ["KAMFLOW_SECRET"],
        ),
        {"check-address": check_address, "greet": greet},
        os.environ.get("KAMFLOW_LEASE", "PT30S"),
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    worker.run()
