import assert from 'node:assert/strict';
import { asMember, buy, DEMO, KIND, pay, signUp, somebody } from '../lib/people.mjs';
import { assertPlayed, listen, nextSpoken, openShop, soundOn, spoken } from '../lib/voice.mjs';

const SHOP = '논현국수';

export default {
  name: 'what a shop missed while its connection was lost is one sentence, and nothing is said twice',
  async run(world) {
    const number = world.shops[SHOP];
    const line = await world.line();
    const shop = await world.context({ baseURL: line.url });
    await listen(shop);
    await asMember(shop, world.outside, DEMO.otherOwner);
    const page = await shop.newPage();
    await openShop(page, number);
    await soundOn(page);

    const payer = await world.context();
    await signUp(payer, world.outside, somebody());
    await buy(payer, KIND.citywide, 100_000);
    await pay(payer, number, 5_000);
    const first = await nextSpoken(page, 0);
    assert.equal(first.text, 'Pay+, 오천 원 결제되었습니다.');

    page.expected.push(/net::ERR_/);
    await line.cut();
    await page.getByText(/다시 연결하고 있어요|연결이 끊겼어요/).waitFor();
    await pay(payer, number, 10_000);
    await pay(payer, number, 30_000);
    await line.mend();
    const gap = await nextSpoken(page, 1);
    assert.equal(gap.text, '끊긴 동안 두 건, 사만 원 결제되었습니다.');
    await assertPlayed(page, gap);
    await page.getByText('연결되어 있어요').waitFor();

    await pay(payer, number, 7_000);
    const after = await nextSpoken(page, 2);
    assert.equal(after.text, 'Pay+, 칠천 원 결제되었습니다.');
    const [begun] = first.numbers;
    assert.deepEqual([gap.numbers, after.numbers], [[begun + 1, begun + 2], [begun + 3]], 'numbers go on without a gap');

    // A reload repeats nothing; the next payment is said as ever.
    await openShop(page, number);
    await soundOn(page);
    await pay(payer, number, 2_000);
    await nextSpoken(page, 0);
    const said = (await spoken(page)).map((announcement) => announcement.text);
    assert.deepEqual(said, ['Pay+, 이천 원 결제되었습니다.']);
    await page.getByText('54,000').first().waitFor();
  },
};
