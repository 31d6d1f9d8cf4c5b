// Counter mode for hours: two counters of one shop, payments all the while, and whatever happens to tablets, lines and servers. At the end
// every notice of the ledger was spoken, once.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { alive, close, launch } from './lib/browser.mjs';
import { House } from './lib/house.mjs';
import { asMember, buy, DEMO, KIND, PIN, send, signUp, somebody } from './lib/people.mjs';
import { shops } from './lib/shops.mjs';
import { button, says } from './lib/steps.mjs';
import { until } from './lib/until.mjs';
import { World } from './lib/world.mjs';

const HELP = `node end2end/soak.mjs [--minutes 120] [--seed 1]
    Environment: as of run.mjs. \`cargo xtask soak\` builds and sets it.`;
const SHOP = '논현국수';
const TABLET = { width: 1180, height: 820 };
const PAYERS = 12;
const FACE = 400_000;
/** Between two payments, in milliseconds; and between two faults. */
const PAY_GAP = [500, 4_000];
const FAULT_GAP = [10_000, 35_000];
/** Of so many payments one is given back, in part. */
const CANCELLED_OF = 25;
/** Longer than the server keeps the word for a speaker that is not seen (domain::listening::GONE_AFTER), and the next asks. */
const ALL_SAID_MS = 120_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function options(args) {
  const found = { minutes: 120, seed: 1 };
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at].replace(/^--/, '');
    if (!(name in found) || !(Number(args[at + 1]) > 0)) {
      console.log(HELP);
      process.exit(args[at] === '--help' ? 0 : 2);
    }
    found[name] = Number(args[at + 1]);
  }
  return found;
}

/** The same seed is the same day, as far as the machine goes along (mulberry32). */
function dice(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    between: ([from, to]) => Math.floor(from + next() * (to - from)),
    one: (list) => list[Math.floor(next() * list.length)],
  };
}

/** A tablet on the counter, with a telephone line of its own. What it says is kept here, whatever becomes of its page. */
class Counter {
  constructor(name) {
    Object.assign(this, { name, said: [], clips: 0 });
  }

  async open(world, number) {
    this.path = `/merchant/${number}/counter`;
    this.line = await world.line();
    this.context = await world.context({ viewport: TABLET, baseURL: this.line.url });
    await this.context.exposeFunction('keepSpoken', (detail) => this.said.push({ ...detail, at: Date.now() }));
    await this.context.exposeFunction('keepClip', () => (this.clips += 1));
    await this.context.addInitScript((name) => {
      if (!location.protocol.startsWith('http')) return;
      localStorage.setItem('payplus.device.name', JSON.stringify(name));
      const start = AudioBufferSourceNode.prototype.start;
      AudioBufferSourceNode.prototype.start = function (...when) {
        globalThis.keepClip();
        return start.apply(this, when);
      };
      document.addEventListener('payplus:spoken', ({ detail }) => globalThis.keepSpoken(detail));
    }, this.name);
    await asMember(this.context, world.outside, DEMO.otherOwner);
    await this.newPage();
  }

  async newPage() {
    this.page = await this.context.newPage();
    await this.page.goto(this.path);
    await this.turnOn();
  }

  async turnOn() {
    await alive(this.page);
    await says(this.page, '연결되어 있어요');
    await button(this.page, '소리 켜기').click();
    await button(this.page, '소리 끄기').waitFor();
  }

  /** As somebody at the counter does who sees that the sound is off or asleep. */
  async look() {
    if (await this.page.getByText('화면을 한 번 눌러 주세요').isVisible()) await this.page.mouse.click(5, 400);
    const on = button(this.page, '소리 켜기');
    // It may come on by itself meanwhile: then there is nothing to press.
    if (await on.isVisible()) await on.click({ timeout: 3_000 }).catch(() => {});
  }

  async heap() {
    const session = await this.context.newCDPSession(this.page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    await session.detach();
    return Math.round(usedSize / 1024);
  }
}

/** As our pages make ids (UUIDv7). */
function newId() {
  const [time, rest] = [Date.now().toString(16).padStart(12, '0'), crypto.randomUUID()];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(15)}`;
}

/** Sends until it is answered, as a phone does: the same id is the same payment. */
async function surely(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error.status && error.status < 500) throw error;
      await sleep(300);
    }
  }
}

class Soak {
  constructor(world, number, random) {
    Object.assign(this, { world, number, random, isOver: false, paid: [], cancelled: 0, faults: {}, doing: '' });
  }

  async begin() {
    this.payers = [];
    for (let at = 0; at < PAYERS; at += 1) {
      const context = await this.world.context();
      await signUp(context, this.world.outside, somebody());
      await buy(context, KIND.citywide, FACE);
      this.payers.push({ context, left: FACE });
    }
    [this.left, this.right] = [new Counter('왼쪽 카운터'), new Counter('오른쪽 카운터')];
    await this.left.open(this.world, this.number);
    await this.right.open(this.world, this.number);
    this.owner = await this.world.context();
    await asMember(this.owner, this.world.outside, DEMO.otherOwner);
    this.first = (await this.today()).last_number;
  }

  async today() {
    const ask = () => this.owner.request.post('/api/merchant/today', { form: { number: this.number }, headers: { accept: 'application/json' } });
    return (await surely(ask)).json();
  }

  async pay() {
    const amount = this.random.between([1, 21]) * 100;
    const payer = this.random.one(this.payers.filter(({ left }) => left >= amount));
    if (!payer) throw new Error('all vouchers are spent: fewer minutes, or more payers');
    const desk = async () => {
      const answer = await payer.context.request.post('/api/pay/desk', { form: { number: this.number }, headers: { accept: 'application/json' } });
      if (!answer.ok()) throw Object.assign(new Error(await answer.text()), { status: answer.status() });
      return (await answer.json()).payment;
    };
    const payment = await surely(desk);
    await surely(() => send(payer.context, '/api/pay', { payment, number: this.number, amount: String(amount), pin: PIN }));
    payer.left -= amount;
    this.paid.push({ payment, amount });
    if (this.paid.length % CANCELLED_OF === 0) await this.giveBack(this.random.one(this.paid.slice(-CANCELLED_OF)));
  }

  async giveBack(whole) {
    if (whole.isCancelled) return;
    whole.isCancelled = true;
    const id = newId();
    await surely(() => send(this.owner, '/api/merchant/cancel', { number: this.number, payment: whole.payment, id, amount: '100' }));
    this.cancelled += 1;
  }

  async payAllTheWhile() {
    while (!this.isOver) {
      await this.pay();
      await sleep(this.random.between(PAY_GAP));
    }
  }

  /** What can happen to a shop; each leaves everything working. */
  happenings() {
    const { random, left, right } = this;
    const some = () => random.one([left, right]);
    const briefly = () => random.between([500, 15_000]);
    const long = () => random.between([46_000, 75_000]);
    const cut = async (counters, ms) => {
      for (const { line } of counters) await line.cut();
      await sleep(ms);
      for (const { line } of counters) await line.mend();
    };
    const restart = async (signal) => {
      await this.world.house.endServer(signal);
      await sleep(random.between([0, 6_000]));
      await this.world.house.startServer();
    };
    const frozen = async (counter, ms) => {
      const session = await counter.context.newCDPSession(counter.page);
      await session.send('Page.setWebLifecycleState', { state: 'frozen' });
      await sleep(ms);
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      await session.detach();
    };
    return {
      'a line is cut for a moment': () => cut([some()], briefly()),
      'a line is cut for a minute': () => cut([some()], long()),
      'both lines are cut': () => cut([left, right], briefly()),
      'the server is killed': () => restart('SIGKILL'),
      'the server is replaced': () => restart('SIGTERM'),
      'a line is cut while the server is killed': () => Promise.all([cut([some()], briefly()), restart('SIGKILL')]),
      'a tablet sleeps for a moment': () => frozen(some(), briefly()),
      'a tablet sleeps for a minute': () => frozen(some(), long()),
      'a page is loaded anew': async () => {
        await right.page.reload();
        await right.turnOn();
      },
      'a page is closed and opened': async () => {
        await right.page.close();
        await sleep(random.one([0, briefly(), long()]));
        await right.newPage();
      },
      'the other shall speak': async () => {
        for (const { page } of [left, right]) {
          const take = button(page, '이 기기에서 읽기');
          if (await take.isVisible()) return take.click();
        }
        return null;
      },
      'the sound is off for a while': async () => {
        const { page } = some();
        await button(page, '소리 끄기').click();
        await sleep(briefly());
        await button(page, '소리 켜기').click();
      },
    };
  }

  async breakThings(until_ms) {
    const happenings = Object.entries(this.happenings());
    while (Date.now() < until_ms) {
      await sleep(this.random.between(FAULT_GAP));
      const [name, happen] = this.random.one(happenings);
      this.doing = name;
      this.log(name);
      try {
        await happen();
      } catch (error) {
        this.log(`  ${error.message.split('\n')[0]}`);
        await this.mend();
      }
      this.faults[name] = (this.faults[name] ?? 0) + 1;
      this.doing = '';
      for (const counter of [this.left, this.right]) await counter.look();
    }
  }

  /** After a happening that could not be played to its end. */
  async mend() {
    for (const counter of [this.left, this.right]) {
      if (counter.page.isClosed()) await counter.newPage();
    }
  }

  log(text) {
    const minute = ((Date.now() - this.began) / 60_000).toFixed(1);
    console.log(`${minute.padStart(6)} min  ${text}`);
  }

  /** Each notice since the beginning, with how often it was said. */
  async reckon() {
    const { last_number: last } = await this.today();
    const said = [...this.left.said, ...this.right.said];
    const times = new Map();
    for (const { numbers } of said) for (const number of numbers) times.set(number, (times.get(number) ?? 0) + 1);
    const all = Array.from({ length: last - this.first }, (_, at) => this.first + 1 + at);
    return {
      notices: all.length,
      payments: this.paid.length,
      cancels: this.cancelled,
      sentences: said.length,
      gaps: said.filter(({ numbers }) => numbers.length > 1).length,
      clips: { wanted: said.reduce((sum, { clips }) => sum + clips.length, 0), played: this.left.clips + this.right.clips },
      unsaid: all.filter((number) => !times.has(number)),
      twice: all.filter((number) => times.get(number) > 1),
      strange: [...times.keys()].filter((number) => number <= this.first || number > last),
    };
  }

  async reportNowAndThen() {
    let last = 0;
    while (!this.isOver) {
      await sleep(5_000);
      if (Date.now() - last < 300_000 || this.doing) continue;
      last = Date.now();
      const { notices, sentences, gaps, unsaid, twice } = await this.reckon();
      const [left, right] = await Promise.all([this.left.heap(), this.right.heap()]).catch(() => [0, 0]);
      this.log(`${notices} notices, ${sentences} sentences (${gaps} of several); unsaid yet ${unsaid.length}, twice ${twice.length}; heaps ${left} and ${right} kB`);
    }
  }

  async run(minutes) {
    this.began = Date.now();
    const failed = [];
    const note = (error) => failed.push(error);
    const working = [this.payAllTheWhile().catch(note), this.reportNowAndThen().catch(note)];
    await this.breakThings(this.began + minutes * 60_000).catch(note);
    this.isOver = true;
    await Promise.all(working);
    const isAllSaid = async () => (await this.reckon()).unsaid.length === 0;
    await until('everything to be said', ALL_SAID_MS, isAllSaid).catch(note);
    return { minutes: Math.round((Date.now() - this.began) / 60_000), faults: this.faults, ...(await this.reckon()), failed: failed.map((error) => error.stack) };
  }
}

async function main() {
  const { minutes, seed } = options(process.argv.slice(2));
  const house = await House.open();
  const browser = await launch(path.join(house.data, 'camera.mjpeg'));
  try {
    const numbers = await shops(house);
    const soak = new Soak(new World(house, browser, null, numbers), numbers[SHOP], dice(seed));
    await soak.begin();
    const found = await soak.run(minutes);
    found.audit = await house.audit();
    console.log(JSON.stringify(found, null, 2));
    await writeFile(path.join(house.data, 'said.json'), JSON.stringify({ left: soak.left.said, right: soak.right.said }));
    const isRight = found.unsaid.length + found.twice.length + found.strange.length + found.failed.length === 0 && found.audit === null;
    console.log(isRight ? `${found.notices} notices, each said once` : `NOT right; kept: ${house.data}`);
    process.exitCode = isRight ? 0 : 1;
  } finally {
    await close(browser);
    await house.close({ keep: process.exitCode !== 0 });
  }
  process.exit();
}

await main();
