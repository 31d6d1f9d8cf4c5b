import assert from 'node:assert/strict';
import { KIND, offer, send, signUp, somebody } from '../lib/people.mjs';
import { openBuying, orderOf, pinSheet, pressPin, purchaseShown, receipt } from '../lib/steps.mjs';

export default {
  name: 'a double tap on buy is one purchase and one debit',
  async run(world) {
    const context = await world.context();
    const person = await signUp(context, world.outside, somebody());
    const before = await world.outside.mark();
    const page = await context.newPage();
    await openBuying(page, KIND.citywide);
    await orderOf(page, '10,000', '9,300원 결제하고 1만 원 사기');
    const sheet = pinSheet(page);
    await pressPin(sheet, person.pin.slice(0, 5));
    // The last digit sends; a nervous finger presses it and the button again before anything can answer.
    await sheet.evaluate(async (dialog, digit) => {
      const key = [...dialog.querySelectorAll('button')].find((button) => button.textContent.trim() === digit);
      const buy = [...dialog.querySelectorAll('button')].find((button) => button.textContent.includes('사기'));
      const channel = new MessageChannel();
      for (const press of [key, key, buy, buy, key, buy]) {
        press.click();
        // Each press is an event of its own, as close to the one before as a browser can have them.
        await new Promise((resolve) => {
          channel.port1.onmessage = resolve;
          channel.port2.postMessage(null);
        });
      }
    }, person.pin[5]);
    const purchase = await purchaseShown(page);
    await receipt(page);
    const debits = await world.outside.debitsSince(before);
    assert.deepEqual(debits.map((debit) => debit.id), [purchase]);

    // The same request twice at the same moment, as a shaky network does it.
    const same = { ...(await offer(context, KIND.citywide)), face: '10000', pin: person.pin };
    const led = await Promise.all([1, 2, 3].map(() => send(context, '/api/purchases/buy', same)));
    assert.equal(new Set(led).size, 1, 'each leads to the same receipt');
    assert.equal((await world.outside.debits(same.purchase)).length, 1);
  },
};
