// A language client over stdio that does as little as it can between an edit and the clock.
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const TIMEOUT = 120_000;

export class Server {
  #child;
  #buffer = Buffer.alloc(0);
  #waiting = new Map();
  #published = [];
  #next = 1;
  #version = 1;
  spawnedAt;

  /** `args`: for node. `env` comes on top of our own. */
  constructor(args, cwd, env = {}) {
    this.spawnedAt = performance.now();
    this.#child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdout.on('data', (data) => this.#take(data));
    this.#child.on('exit', (code) => {
      const error = new Error(`the server ended with ${code}: node ${args.join(' ')}`);
      for (const { reject } of [...this.#waiting.values(), ...this.#published]) reject(error);
    });
  }

  /** Incremental changes are sent to a server that takes them. */
  async start({ pull = false, initializationOptions = {} } = {}) {
    const { capabilities } = (
      await this.#request('initialize', {
        processId: process.pid,
        rootUri: null,
        workspaceFolders: null,
        initializationOptions,
        capabilities: { textDocument: { publishDiagnostics: {}, ...(pull ? { diagnostic: {} } : {}) } },
      })
    ).message.result;
    const sync = capabilities.textDocumentSync;
    this.incremental = (typeof sync === 'number' ? sync : sync?.change) === 2;
    this.#notify('initialized', {});
  }

  /** Resolves to when the diagnostics came, and what they are. */
  open(file, text, pull = false) {
    this.uri = pathToFileURL(file).href;
    const textDocument = { uri: this.uri, languageId: 'dockercompose', version: this.#version, text };
    return this.#answered(pull, () => this.#notify('textDocument/didOpen', { textDocument }));
  }

  /** From the edit to its diagnostics, in ms. */
  async edit({ text, value, range }, pull = false) {
    const textDocument = { uri: this.uri, version: ++this.#version };
    const contentChanges = [this.incremental ? { range, text: value } : { text }];
    const started = performance.now();
    const { at, diagnostics } = await this.#answered(pull, () =>
      this.#notify('textDocument/didChange', { textDocument, contentChanges }),
    );
    return { ms: at - started, diagnostics };
  }

  /** Resident memory in MB; null where it cannot be told. */
  memory() {
    try {
      const status = fs.readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) / 1024;
    } catch {
      return null;
    }
  }

  async stop() {
    const child = this.#child;
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const late = setTimeout(() => child.kill('SIGKILL'), 3000);
    await this.#request('shutdown');
    this.#notify('exit');
    await ended;
    clearTimeout(late);
  }

  async #answered(pull, act) {
    const published = pull ? null : this.#publication();
    act();
    if (published) {
      const { at, message } = await published;
      return { at, diagnostics: message.params.diagnostics };
    }
    const { at, message } = await this.#request('textDocument/diagnostic', { textDocument: { uri: this.uri } });
    return { at, diagnostics: message.result.items };
  }

  #publication() {
    return this.#inTime('publishDiagnostics', (resolve, reject) => this.#published.push({ resolve, reject }));
  }

  #request(method, params) {
    const id = this.#next++;
    const answer = this.#inTime(method, (resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#send({ jsonrpc: '2.0', id, method, params });
    return answer;
  }

  #inTime(what, make) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer in time: ${what}`)), TIMEOUT);
      const settle = (how) => (value) => {
        clearTimeout(timer);
        how(value);
      };
      make(settle(resolve), settle(reject));
    });
  }

  #notify(method, params) {
    this.#send({ jsonrpc: '2.0', method, params });
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify(message));
    this.#child.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  #take(data) {
    this.#buffer = this.#buffer.length === 0 ? data : Buffer.concat([this.#buffer, data]);
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.toString('latin1', 0, end))[1]);
      if (this.#buffer.length < end + 4 + length) return;
      const at = performance.now();
      const message = JSON.parse(this.#buffer.toString('utf8', end + 4, end + 4 + length));
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      this.#handle(message, at);
    }
  }

  #handle(message, at) {
    if (message.method === 'textDocument/publishDiagnostics') {
      if (message.params.uri === this.uri) this.#published.shift()?.resolve({ at, message });
    } else if (message.id !== undefined && message.method === undefined) {
      const { resolve } = this.#waiting.get(message.id) ?? {};
      this.#waiting.delete(message.id);
      resolve?.({ at, message });
    } else if (message.id !== undefined) {
      this.#send({ jsonrpc: '2.0', id: message.id, result: null });
    }
  }
}
