import assert from 'node:assert/strict';
import { KIND, signUp, somebody } from '../lib/people.mjs';
import { buyOnPage, heading, receipt, says } from '../lib/steps.mjs';

export default {
  name: 'a bank that breaks in the middle is neither success nor failure, until it can be asked',
  async run(world) {
    const context = await world.context();
    const person = await signUp(context, world.outside, somebody());
    const page = await context.newPage();

    // It debits, but the line is cut before it says so; then it is down for a while.
    await world.outside.fault({ service: 'bank', operation: 'debit', fault: 'drop_after', times: 1 });
    await world.outside.fault({ service: 'bank', operation: 'inquiry', fault: 'down', times: 1 });
    const cut = await buyOnPage(page, KIND.citywide, '20,000', '18,600원 결제하고 2만 원 사기', person.pin);
    await heading(page, '사고 있어요').waitFor();
    await says(page, '은행 응답이 늦어지고 있어요. 자리는 그대로예요. 닫아도 괜찮아요.');
    await receipt(page);
    assert.equal((await world.outside.debits(cut)).length, 1, 'what was debited is not debited again');

    // It is down before it does anything.
    await world.outside.fault({ service: 'bank', operation: 'debit', fault: 'down', times: 1 });
    const down = await buyOnPage(page, KIND.citywide, '20,000', '18,600원 결제하고 2만 원 사기', person.pin);
    await receipt(page);
    assert.equal((await world.outside.debits(down)).length, 1, 'what was not debited is, once');

    // It says no.
    const no = await buyOnPage(page, KIND.citywide, '80,000', '74,400원 결제하고 8만 원 사기', person.pin);
    await heading(page, '사지 못했어요').waitFor();
    await says(page, '계좌에서 돈이 나가지 않았어요.');
    assert.equal((await world.outside.debits(no)).length, 0);
  },
};
