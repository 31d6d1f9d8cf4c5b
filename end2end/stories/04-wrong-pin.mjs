import assert from 'node:assert/strict';
import { KIND, signUp, somebody } from '../lib/people.mjs';
import { openBuying, orderOf, pinSheet, pressPin, says } from '../lib/steps.mjs';

export default {
  name: 'wrong PINs are counted down, the fifth locks, and then the right one does not help',
  async run(world) {
    const context = await world.context();
    const person = await signUp(context, world.outside, somebody());
    const before = await world.outside.mark();
    const page = await context.newPage();
    await openBuying(page, KIND.citywide);
    await orderOf(page, '10,000', '9,300원 결제하고 1만 원 사기');
    const sheet = pinSheet(page);
    for (const left of [4, 3, 2, 1]) {
      await pressPin(sheet, '975310');
      await says(sheet, `PIN이 맞지 않아요. ${left}번 더 해 볼 수 있어요.`);
    }
    await pressPin(sheet, '975310');
    await says(sheet, /PIN을 여러 번 잘못 눌러서 잠갔어요/);
    const [answer] = await Promise.all([page.waitForResponse('**/api/purchases/buy'), pressPin(sheet, person.pin)]);
    assert.ok(answer.status() >= 400, 'locked is locked');
    await says(sheet, /잠갔어요/);
    await sheet.getByRole('link', { name: /새 PIN을 만들 수 있어요/ }).waitFor();
    assert.deepEqual(await world.outside.debitsSince(before), [], 'no money moved');
  },
};
