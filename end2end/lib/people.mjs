// People of the stories. Signing up takes five pages; stories about something else send their forms directly.

import assert from 'node:assert/strict';
import { until } from './until.mjs';

export const PIN = '246810';

/** Of the server's demo (server/src/demo/cast.rs). */
export const DEMO = {
  citizen: { name: '김하늘', phone: '010-2345-6701', pin: PIN },
  longAgo: { name: '윤복순', phone: '010-2345-6707', pin: PIN },
  owner: { name: '박도윤', phone: '010-2345-6702', pin: PIN },
  cashier: { name: '이서준', phone: '010-2345-6703', pin: PIN },
  otherOwner: { name: '최지우', phone: '010-2345-6704', pin: PIN },
};
export const KIND = { citywide: '서울한강상품권', mapo: '마포동네상품권', gangnam: '강남동네상품권' };

const FAMILY = ['강', '고', '구', '김', '나', '도', '류', '문', '박', '배', '서', '송', '신', '안', '오', '유', '윤', '이', '장', '조'];
const GIVEN = ['가온', '다온', '도담', '라온', '로운', '미르', '보람', '새론', '슬기', '아라', '여울', '예솔', '초롱', '하람', '한별'];
let born = 0;

/** Somebody new: name, phone, birth date and account that nobody else has. */
export function somebody() {
  born += 1;
  const phone = `010-7${String(100 + born)}-${String(3000 + born)}`;
  return {
    name: FAMILY[born % FAMILY.length] + GIVEN[born % GIVEN.length],
    phone,
    birth: `${1970 + (born % 30)}0${1 + (born % 9)}1${born % 9}`,
    bank: '088',
    account: `110-555-${String(700_100 + born)}`,
    pin: PIN,
  };
}

/** Sends a form as our own code does. Gives the path that it leads to. */
export async function send(context, path, form) {
  const answer = await context.request.post(path, { form, headers: { accept: 'application/json' }, maxRedirects: 0 });
  const body = await answer.text();
  if (!answer.ok()) throw Object.assign(new Error(`${path}: ${answer.status()} ${body}`), { status: answer.status(), body });
  return answer.headers().location ?? body;
}

/** As `send`, for what is expected to be refused: gives the error's text, or null. */
export async function refused(context, path, form) {
  try {
    await send(context, path, form);
    return null;
  } catch (error) {
    if (!error.body) throw error;
    return error.body;
  }
}

/** Between two codes to one phone (store/src/limits.rs). */
const CODE_GAP_MS = 20_000;

async function proven(context, outside, person) {
  const before = await outside.messages(person.phone);
  const lastAt = Math.max(0, ...before.map((message) => Date.parse(message.at)));
  await until(`another code for ${person.phone}`, CODE_GAP_MS + 5_000, () => Date.now() > lastAt + CODE_GAP_MS);
  await send(context, '/api/start/phone', { phone: person.phone, next: '' });
  const code = await outside.code(person.phone, before);
  return send(context, '/api/start/code', { code, next: '' });
}

/** Takes somebody through the sign-up; `upTo` a step before its end. */
export async function signUp(context, outside, person, upTo = 'bank') {
  await proven(context, outside, person);
  const steps = {
    code: () => {},
    identity: () => send(context, '/api/start/identity', { name: person.name, birth_date: person.birth, next: '' }),
    pin: () => send(context, '/api/start/pin', { pin: person.pin, again: person.pin, next: '' }),
    bank: () => send(context, '/api/start/bank', { bank: person.bank, account: person.account, next: '' }),
  };
  for (const [step, take] of Object.entries(steps)) {
    await take();
    if (step === upTo) return person;
  }
  throw new Error(`no such step: ${upTo}`);
}

/** Signs a member in; on a device that is new the PIN is asked too. */
export async function signIn(context, outside, member) {
  const next = await proven(context, outside, member);
  if (next.includes('/start/confirm')) await send(context, '/api/start/confirm', { pin: member.pin, next: '' });
  return member;
}

/** What a device of a member is known by, of those who have signed in once: codes to one phone are few an hour. */
const known = new Map();

/** A member's own device, signed in since long; `signIn` where the signing in itself matters. */
export async function asMember(context, outside, member) {
  const cookies = known.get(member.phone);
  if (cookies) {
    await context.addCookies(cookies);
    if ((await context.request.get('/me', { maxRedirects: 0 })).status() === 200) return member;
    // Ended meanwhile, by the story of that.
    for (const { name } of cookies) await context.clearCookies({ name });
  }
  await signIn(context, outside, member);
  known.set(member.phone, (await context.cookies()).filter(({ name }) => /^payplus_(session|device)$/.test(name)));
  return member;
}

/** JSON whose ids are larger than JavaScript's numbers: they stay text. */
const exact = (text) => JSON.parse(text.replaceAll(/([:[,])(\d{16,})/g, '$1"$2"'));

/** Everything on sale for whoever is signed in, and an id for a purchase. */
export async function counter(context) {
  const answer = await context.request.post('/api/offers/list', { headers: { accept: 'application/json' } });
  assert.equal(answer.status(), 200);
  return exact(await answer.text());
}

/** What is on sale now of a kind. */
export async function offer(context, kind) {
  const { purchase, offers: all } = await counter(context);
  // The sale that is open now, not the sale day to come.
  const offers = all.filter((offer) => offer.kind.name_ko === kind && !JSON.stringify(offer.most).includes('NotYetOpen'));
  assert.ok(offers.length > 0, `${kind} is on sale`);
  return { purchase, window: String(offers[0].window.id) };
}

/** Buys without a screen. Gives the purchase's id. */
export async function buy(context, kind, face, pin = PIN) {
  const { purchase, window } = await offer(context, kind);
  await send(context, '/api/purchases/buy', { purchase, window, face: String(face), pin });
  return purchase;
}

/** Pays without a screen. Gives the payment's id. */
export async function pay(context, shop, amount, pin = PIN) {
  const answer = await context.request.post('/api/pay/desk', { form: { number: shop }, headers: { accept: 'application/json' } });
  assert.equal(answer.status(), 200, await answer.text());
  const { payment } = exact(await answer.text());
  await send(context, '/api/pay', { payment, number: shop, amount: String(amount), pin });
  return payment;
}

/** Gives out of the first lot of a kind without a screen, by link or to a phone. Gives the path of the sender's page. */
export async function give(context, kind, amount, { to = '', message = '', card = 'birthday', pin = PIN } = {}) {
  const ask = async (path, form) => {
    const answer = await context.request.post(path, { form, headers: { accept: 'application/json' } });
    assert.equal(answer.status(), 200, await answer.text());
    return exact(await answer.text());
  };
  const home = await ask('/api/home', {});
  const held = home.Member.held.find((held) => held.kind.name_ko === kind);
  const desk = await ask('/api/gifts/desk', { kind: String(held.kind.id) });
  return send(context, '/api/gifts/give', {
    'typed[gift]': desk.gift,
    'typed[kind]': String(held.kind.id),
    'typed[parts][0][lot]': String(desk.lots[0].id),
    'typed[parts][0][amount]': String(amount),
    'typed[to]': to ? 'phone' : 'link',
    'typed[phone]': to,
    'typed[card]': card,
    'typed[message]': message,
    pin,
  });
}
