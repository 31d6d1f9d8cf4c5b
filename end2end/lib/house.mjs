// A Pay+ of its own for the stories: sandbox and server on free ports of this machine, with a new data folder.

import { spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from './until.mjs';

const START_MS = 60_000;
const KEY = 'end2end-key';

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: see end2end/run.mjs --help`);
  return value;
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A program that we started, with its log. Only such are ever stopped. */
class Program {
  constructor(name, child, log) {
    Object.assign(this, { name, child, log, ended: false });
    this.over = new Promise((resolve) => child.once('exit', (code, signal) => resolve((this.ended = `${code ?? signal}`))));
  }

  static async start(name, file, args, env, log) {
    const out = await open(log, 'a');
    const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', out.fd, out.fd] });
    const failed = new Promise((_, reject) => child.once('error', reject));
    await Promise.race([new Promise((resolve) => child.once('spawn', resolve)), failed]);
    await out.close();
    return new Program(name, child, log);
  }

  /** Waits until `url` answers with 200. */
  async ready(url) {
    await until(`${this.name} to answer at ${url}`, START_MS, async () => {
      if (this.ended) throw new Error(`${this.name} ended (${this.ended}):\n${await this.tail()}`);
      return fetch(url).then((answer) => answer.ok, () => false);
    });
    return this;
  }

  async tail() {
    return (await readFile(this.log, 'utf8')).split('\n').slice(-25).join('\n');
  }

  /** Warnings and errors of its log, the last ones. */
  async worries() {
    const lines = (await readFile(this.log, 'utf8')).split('\n');
    return lines.filter((line) => /\b(WARN|ERROR)\b|panicked/.test(line)).slice(-25).join('\n');
  }

  async stop() {
    if (this.ended) return;
    this.child.kill('SIGTERM');
    const patience = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await this.over;
    clearTimeout(patience);
  }
}

export class House {
  static async open() {
    const house = new House();
    house.key = KEY;
    house.data = await mkdtemp(path.join(tmpdir(), 'payplus-end2end-'));
    const [web, outside] = [await freePort(), await freePort()];
    house.base = `http://127.0.0.1:${web}`;
    house.outside = `http://127.0.0.1:${outside}`;
    house.database = `sqlite://${path.join(house.data, 'payplus.sqlite')}`;
    const args = ['--addr', `127.0.0.1:${outside}`, '--data', path.join(house.data, 'sandbox.jsonl')];
    const log = (name) => path.join(house.data, `${name}.log`);
    house.sandbox = await Program.start('sandbox', needed('SANDBOX_BIN'), args, { SANDBOX_KEY: KEY }, log('sandbox'));
    await house.sandbox.ready(`${house.outside}/health`);
    await house.startServer();
    return house;
  }

  async startServer() {
    const env = {
      PAYPLUS_ADDR: new URL(this.base).host,
      PAYPLUS_DATA_DIR: this.data,
      DATABASE_URL: `${this.database}?mode=rwc`,
      PAYPLUS_SITE_DIR: path.resolve(needed('PAYPLUS_SITE_DIR')),
      PAYPLUS_SANDBOX_URL: this.outside,
      PAYPLUS_OUTSIDE_KEY: KEY,
      PAYPLUS_DEMO: 'basic',
    };
    this.server = await Program.start('server', needed('PAYPLUS_BIN'), [], env, path.join(this.data, 'server.log'));
    await this.server.ready(`${this.base}/ready`);
  }

  /** Ends the server: as a deployment does (SIGTERM), or as a power cut does (SIGKILL). It can be started again. */
  async endServer(signal) {
    this.server.child.kill(signal);
    await this.server.over;
  }

  /** What the auditor finds wrong; nothing when all is right. */
  async audit() {
    const args = [this.database, '--bank', this.outside, '--bank-key', KEY];
    const child = spawn(needed('AUDITOR_BIN'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    return code === 0 ? null : said.trim();
  }

  async close({ keep = false } = {}) {
    await this.server?.stop();
    await this.sandbox?.stop();
    if (!keep) await rm(this.data, { recursive: true, force: true });
  }
}
