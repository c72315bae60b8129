/**
 * A worker: takes jobs of kamflow, does them, and reports. Node 22.18 or newer, nothing to install.
 *
 *     KAMFLOW_URL=http://127.0.0.1:7070 KAMFLOW_BUSINESS=demo KAMFLOW_CLIENT=greeter KAMFLOW_SECRET='…' \
 *     node worker.ts
 *
 * Write a function for each type of job at the end of this file. What it returns is the `result` that the process reads.
 * When it throws `BpmnError`, a boundary event catches that; whatever else it throws is a failure, and the job is tried
 * again after a while. While it runs, the lease is kept. A job may be done twice, when a worker dies before it reports:
 * what it does outside should bear that, for example by sending `job.id` along as an idempotency key.
 */

import { hostname } from "node:os";

/** `Lease` of the OpenAPI document. */
type Lease = { token: string; fence: number; worker: string; until: string };

/** `Job` of the OpenAPI document, as far as a worker reads it. */
type Job<Input = Record<string, unknown>> = {
  id: string;
  type: string;
  instance: string;
  process: string;
  node: string;
  input: Input;
  retries: number;
  failures: number;
  lease: Lease;
};

/** `Problem` of the OpenAPI document, as far as a worker reads it. */
type Problem = { code?: string; detail?: string };

type Result = Record<string, unknown>;
type Handler = (job: Job<any>) => Promise<Result | void> | Result | void;
type Report =
  | { verb: "complete"; body: { result: Result } }
  | { verb: "fail"; body: { message: string; retryAfter?: string } }
  | { verb: "error"; body: { code: string; variables: Result } };

/** The job ends with a BPMN error; variables are set before a boundary event catches it. */
class BpmnError extends Error {
  code: string;
  variables: Result;

  constructor(code: string, variables: Result = {}) {
    super(code);
    this.code = code;
    this.variables = variables;
  }
}

/** kamflow said no: `code` is the word for programs, `status` that of HTTP. */
class Refused extends Error {
  status: number;
  code: string;

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? `HTTP ${status}`);
    this.status = status;
    this.code = problem.code ?? "";
  }
}

/** The API, as far as a worker needs it. */
class Kamflow {
  url: string;
  business: string;
  client: string;
  secret: string;
  token: string | undefined;

  constructor(url: string, business: string, client: string, secret: string) {
    this.url = `${url.replace(/\/$/, "")}/api/v1`;
    this.business = business;
    this.client = client;
    this.secret = secret;
  }

  /** Sends JSON under a token; a token that has expired is got anew, once. */
  async post<Answer>(path: string, body: unknown): Promise<Answer> {
    this.token ??= await this.login();
    try {
      return await this.send<Answer>(path, JSON.stringify(body), "application/json", `Bearer ${this.token}`);
    } catch (error) {
      if (!(error instanceof Refused && error.status === 401)) throw error;
    }
    this.token = await this.login();
    return this.send<Answer>(path, JSON.stringify(body), "application/json", `Bearer ${this.token}`);
  }

  async login(): Promise<string> {
    const quoted = new URLSearchParams([[this.client, this.secret]]).toString().replace("=", ":");
    const form = new URLSearchParams({ grant_type: "client_credentials", business: this.business }).toString();
    const basic = `Basic ${Buffer.from(quoted).toString("base64")}`;
    const answer = await this.send<{ access_token: string }>(
      "/auth/token",
      form,
      "application/x-www-form-urlencoded",
      basic,
    );
    return answer.access_token;
  }

  async send<Answer>(path: string, body: string, kind: string, authorization: string): Promise<Answer> {
    const answer = await fetch(this.url + path, {
      method: "POST",
      headers: { "Content-Type": kind, Authorization: authorization },
      body,
      signal: AbortSignal.timeout(60_000),
    });
    if (answer.ok) return (await answer.json()) as Answer;
    throw new Refused(answer.status, (await answer.json().catch(() => ({}))) as Problem);
  }
}

/** Takes one job after the other until it is told to stop. */
class Worker {
  kamflow: Kamflow;
  handlers: Record<string, Handler>;
  lease: string;
  name = `${hostname()}-${process.pid}`;
  stopping = false;

  constructor(kamflow: Kamflow, handlers: Record<string, Handler>, lease = "PT30S") {
    this.kamflow = kamflow;
    this.handlers = handlers;
    this.lease = lease;
  }

  async run(): Promise<void> {
    console.log(`${this.name} does ${Object.keys(this.handlers).join(", ")}`);
    while (!this.stopping) {
      try {
        for (const job of await this.take()) await this.do(job);
      } catch (error) {
        // Busy, restarting, or unreachable: nothing is lost, what we had goes to somebody when its lease runs out.
        console.log(`trying again in a moment: ${text(error)}`);
        await pause(2_000);
      }
    }
    console.log("stopped");
  }

  async take(): Promise<Job[]> {
    // The wait is short enough that a stop does not take long.
    const wanted = { types: Object.keys(this.handlers), worker: this.name, lease: this.lease, wait: "PT3S" };
    return (await this.kamflow.post<{ items: Job[] }>("/jobs/acquire", wanted)).items;
  }

  async do(job: Job): Promise<void> {
    const keeper = setInterval(() => void this.keep(job), (seconds(this.lease) * 1_000) / 3);
    const { verb, body } = await this.outcome(job).finally(() => clearInterval(keeper));
    try {
      await this.report(job, verb, body);
      console.log(`${verb}: ${job.type} ${job.id}`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // lease_lost: somebody else has it now. job_not_open: the process needs it no more.
      console.log(`not heard (${error.code}): ${job.id}: ${error.message}`);
    }
  }

  async outcome(job: Job): Promise<Report> {
    try {
      return { verb: "complete", body: { result: (await this.handlers[job.type]!(job)) ?? {} } };
    } catch (error) {
      if (error instanceof BpmnError) {
        return { verb: "error", body: { code: error.code, variables: error.variables } };
      }
      return { verb: "fail", body: { message: text(error) } };
    }
  }

  /** Says what came of a job; said again when the answer got lost, which is done once all the same. */
  async report(job: Job, verb: string, body: object): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.kamflow.post(`/jobs/${job.id}/${verb}`, { lease: job.lease.token, ...body });
        return;
      } catch (error) {
        const final = error instanceof Refused && error.status !== 429 && error.status !== 503;
        if (final || attempt === 5) throw error;
      }
      await pause(attempt * 1_000);
    }
  }

  /** Keeps the lease while the job is done. */
  async keep(job: Job): Promise<void> {
    try {
      await this.kamflow.post(`/jobs/${job.id}/extend`, { lease: job.lease.token, by: this.lease });
      console.log(`kept longer: ${job.id}`);
    } catch (error) {
      // Tried again in a third of the lease.
      console.log(`not kept: ${job.id}: ${text(error)}`);
    }
  }

  stop(): void {
    this.stopping = true;
  }
}

/** PT30S as 30. */
function seconds(lease: string): number {
  return Number(lease.replace(/^PT/, "").replace(/S$/, ""));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function text(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function setting(name: string, otherwise?: string): string {
  const value = process.env[name] ?? otherwise;
  if (value === undefined) {
    console.error(`set ${name}`);
    process.exit(2);
  }
  return value;
}

// What this worker can do. Write your own.

function checkAddress(job: Job<{ address: string }>): Result {
  const [name, domain] = job.input.address.split("@");
  if (!name || !domain) throw new BpmnError("no-such-address");
  return { domain };
}

async function greet(job: Job<{ name: string; seconds?: number }>): Promise<Result> {
  if (!job.input.name) throw new Error("there is nobody to greet");
  await pause((job.input.seconds ?? 0) * 1_000);
  return { text: `Hello, ${job.input.name}!` };
}

const worker = new Worker(
  new Kamflow(
    setting("KAMFLOW_URL", "http://127.0.0.1:7070"),
    setting("KAMFLOW_BUSINESS"),
    setting("KAMFLOW_CLIENT"),
    setting("KAMFLOW_SECRET"),
  ),
  { "check-address": checkAddress, greet },
  setting("KAMFLOW_LEASE", "PT30S"),
);
for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => worker.stop());
await worker.run();
