import assert from 'node:assert/strict';
import { alive } from '../lib/browser.mjs';
import { asMember, buy, DEMO, KIND, pay, signUp, somebody } from '../lib/people.mjs';
import { button, says } from '../lib/steps.mjs';
import { assertPlayed, listen, nextSpoken, spoken } from '../lib/voice.mjs';

const SHOP = '논현국수';
const TABLET = { width: 1180, height: 820 };

async function counter(world, number, name) {
  const context = await world.context({ viewport: TABLET });
  await listen(context);
  await context.addInitScript((name) => {
    // The blank page before the first one has no storage.
    if (location.protocol.startsWith('http')) localStorage.setItem('payplus.device.name', JSON.stringify(name));
  }, name);
  await asMember(context, world.outside, DEMO.otherOwner);
  const page = await context.newPage();
  await page.goto(`/merchant/${number}/counter`);
  await alive(page);
  await says(page, '연결되어 있어요');
  return page;
}

export default {
  name: 'of two counters one speaks and the other shows, and the word goes over when it is asked for, put away or closed; quiet hours are quiet',
  async run(world) {
    const number = world.shops[SHOP];
    const left = await counter(world, number, '왼쪽 카운터');
    const right = await counter(world, number, '오른쪽 카운터');
    const payer = await world.context();
    await signUp(payer, world.outside, somebody());
    await buy(payer, KIND.citywide, 100_000);

    await button(left, '소리 켜기').click();
    await says(left, '소리로 알려 드려요');
    await button(right, '소리 켜기').click();
    await says(right, '왼쪽 카운터에서 읽고 있어요.');
    const before = (await spoken(left)).length;
    await pay(payer, number, 12_000);
    const first = await nextSpoken(left, before);
    assert.equal(first.text, 'Pay+, 만 이천 원 결제되었습니다.');
    await assertPlayed(left, first);
    await right.locator('.at-counter-amount').getByText('12,000').waitFor();
    assert.equal((await spoken(right)).length, 0, 'only one speaks');

    // Somebody at the other one wants to hear it there.
    await button(right, '이 기기에서 읽기').click();
    await says(right, '소리로 알려 드려요');
    await pay(payer, number, 7_000);
    const second = await nextSpoken(right, 0);
    assert.equal(second.text, 'Pay+, 칠천 원 결제되었습니다.');
    await left.locator('.at-counter-amount').getByText('7,000').waitFor();

    // Put away: the first hears of it, takes the word by itself, and repeats nothing.
    await says(left, '오른쪽 카운터에서 읽고 있어요.');
    await button(right, '소리 끄기').click();
    await says(right, '소리가 꺼져 있어요');
    await says(left, '소리로 알려 드려요');
    await pay(payer, number, 3_000);
    await left.locator('.at-counter-amount').getByText('3,000').waitFor();
    const said = async () => [...(await spoken(left)), ...(await spoken(right))].flatMap((one) => one.numbers);
    await nextSpoken(left, before + 1);
    const numbers = await said();
    assert.equal(new Set(numbers).size, numbers.length, `nothing is said twice: ${numbers}`);
    assert.equal(numbers.length, 3);

    // Closed in the moment after it spoke: the other has the word at once, and does not say it again.
    await button(right, '소리 켜기').click();
    await says(right, '왼쪽 카운터에서 읽고 있어요.');
    await button(right, '이 기기에서 읽기').click();
    await says(right, '소리로 알려 드려요');
    await says(left, '오른쪽 카운터에서 읽고 있어요.');
    const here = (await spoken(right)).length;
    await pay(payer, number, 1_000);
    await nextSpoken(right, here);
    await right.close();
    await says(left, '소리로 알려 드려요');
    await pay(payer, number, 1_500);
    assert.equal((await nextSpoken(left, before + 2)).text, 'Pay+, 천오백 원 결제되었습니다.');

    // Another tab of the same browser is another device: it shows.
    const tab = await left.context().newPage();
    await tab.goto(left.url());
    await alive(tab);
    await says(tab, '연결되어 있어요');
    await button(tab, '소리 켜기').click();
    await says(tab, '왼쪽 카운터에서 읽고 있어요.');

    // Quiet hours, typed one field after the other, are kept; what is paid in them is only shown.
    await left.locator('.counter-settings summary').click();
    await left.locator('#quiet-from').fill('00:01');
    await left.locator('#quiet-to').fill('00:00');
    const kept = await left.evaluate(() => JSON.parse(localStorage.getItem('payplus.sounding')).quiet);
    assert.deepEqual(Object.values(kept ?? {}).map((time) => time.slice(0, 5)), ['00:01', '00:00']);
    const sentences = (await spoken(left)).length;
    await pay(payer, number, 2_500);
    await left.locator('.at-counter-amount').getByText('2,500').waitFor();
    await tab.locator('.at-counter-amount').getByText('2,500').waitFor();
    assert.deepEqual([(await spoken(left)).length, (await spoken(tab)).length], [sentences, 0], 'nobody speaks in quiet hours');
  },
};
