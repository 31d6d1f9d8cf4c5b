// The sandbox as a story sees it: the inbox of a phone, the bank's journal, faults on demand.

import { until } from './until.mjs';

export class Outside {
  constructor(url, key) {
    this.url = url;
    this.headers = { authorization: `Bearer ${key}` };
  }

  async #json(path) {
    const answer = await fetch(this.url + path, { headers: this.headers });
    if (!answer.ok) throw new Error(`sandbox ${path}: ${answer.status}`);
    return answer.json();
  }

  /** Ids of the messages that a phone has received. */
  async messages(phone) {
    return this.#json(`/sms/v1/messages?to=${phone.replaceAll('-', '')}`);
  }

  /** The code in the newest message to a phone that is none of `before`. */
  async code(phone, before = []) {
    const known = new Set(before.map((message) => message.id));
    return until(`a code for ${phone}`, 10_000, async () => {
      const fresh = (await this.messages(phone)).filter((message) => !known.has(message.id));
      return fresh.map((message) => message.text.match(/(?<!\d)\d{6}(?!\d)/)?.[0]).find(Boolean);
    });
  }

  /** All that the bank has moved, oldest first. */
  async transactions() {
    const all = [];
    for (let after = 0; ; after = all.at(-1).seq) {
      const page = await this.#json(`/bank/v1/transactions?after=${after}`);
      if (page.length === 0) return all;
      all.push(...page);
    }
  }

  /** What was debited for a purchase. */
  async debits(purchases) {
    const wanted = new Set([purchases].flat());
    return (await this.transactions()).filter(({ kind, id }) => kind === 'debit' && wanted.has(id));
  }

  /** Debits that were made after `mark()` was taken. */
  async mark() {
    return (await this.#json('/bank/v1/balance')).last_seq;
  }

  async debitsSince(seq) {
    return (await this.transactions()).filter((movement) => movement.kind === 'debit' && movement.seq > seq);
  }

  async fault(rule) {
    const answer = await fetch(`${this.url}/admin/faults`, {
      method: 'PUT',
      headers: { ...this.headers, 'content-type': 'application/json' },
      body: JSON.stringify(rule),
    });
    if (!answer.ok) throw new Error(`the sandbox refuses ${JSON.stringify(rule)}: ${answer.status} ${await answer.text()}`);
  }

  async noFaults() {
    await fetch(`${this.url}/admin/faults`, { method: 'DELETE', headers: this.headers });
  }
}
