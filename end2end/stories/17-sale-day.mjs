import assert from 'node:assert/strict';
import { alive } from '../lib/browser.mjs';
import { enterCity, planSale } from '../lib/city.mjs';
import { counter, KIND, PIN, signUp, somebody } from '../lib/people.mjs';
import { button, heading, orderOf, pinSheet, pressPin, purchaseShown, receipt, says } from '../lib/steps.mjs';
import { until } from '../lib/until.mjs';

const SHORT_MS = 10_000;
const LONG_MS = 60_000;
const TURN_MS = 30_000;

/** One in at a time; the usual grace. */
const ROOM = { pre_queue_minutes: '30', grace_s: '30', rate_per_s: '1', most_inside: '1', pass_minutes: '5' };

const isInside = (page) => /\/buy\?window=/.test(page.url());

/** The number that a waiting page shows. */
async function place(page) {
  const text = await page.getByText(/^내 번호 \d/).innerText();
  return Number(text.match(/\d+/)[0]);
}

async function buysAll(page) {
  await alive(page);
  await orderOf(page, '60,000', '55,800원 결제하고 6만 원 사기');
  await pressPin(pinSheet(page), PIN);
  await purchaseShown(page);
  await receipt(page);
}

export default {
  name: 'a sale day: planned, released, drawn; ten seconds in airplane mode keep the place, a minute costs it; sold out is told at once',
  async run(world) {
    const [planner, controller] = [await world.context(), await world.context()];
    await enterCity(planner, 'planner');
    await enterCity(controller, 'controller');
    const people = [];
    for (let at = 0; at < 3; at += 1) {
      const context = await world.context();
      await signUp(context, world.outside, somebody());
      people.push({ context, page: await context.newPage() });
    }
    const kindOf = (offers) => String(offers.find((offer) => offer.kind.name_ko === KIND.citywide).kind.id);
    const kind = kindOf((await counter(people[0].context)).offers);
    const { opensAt } = await planSale({ planner, controller }, { name: '모두의 판매', kind, amount: 120_000, room: ROOM });

    // Whoever comes before it opens takes part in the draw.
    const { offers } = await counter(people[0].context);
    const ours = offers.find((offer) => Date.parse(offer.window.span.from) === opensAt);
    assert.ok(ours, 'the released sale is on the page that buys');
    for (const { page } of people) {
      await page.goto(`/wait/${ours.window.id}`);
      await alive(page);
      await heading(page, '추첨에 참여했어요').waitFor();
    }
    await says(people[2].page, '지금까지 3명 참여');

    // The draw, and the first one is let in, all by itself.
    await until('the first one to come in', opensAt - Date.now() + TURN_MS, () => people.some(({ page }) => isInside(page)));
    const first = people.find(({ page }) => isInside(page));
    const waiting = people.filter((one) => one !== first);
    for (const one of waiting) await one.page.getByText(/^내 번호 \d/).waitFor();
    for (const one of waiting) one.place = await place(one.page);
    const [second, third] = waiting.sort((a, b) => a.place - b.place);
    assert.deepEqual([second.place, third.place], [2, 3], 'the draw gave each of three a place');
    await third.page.getByText('추첨이 공정했는지 확인하기').click();
    await button(third.page, '내 번호 다시 계산하기').click();
    await says(third.page, '다시 계산해도 3번이에요. 화면의 번호와 같아요.');

    // Airplane mode, for both at once.
    const cutAt = Date.now();
    for (const { context, page } of [second, third]) {
      page.expected.push(/ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_FAILED|Failed to fetch/);
      await context.setOffline(true);
    }
    await says(second.page, '연결이 끊겼어요');
    await until('ten seconds to pass', SHORT_MS + 5_000, () => Date.now() - cutAt >= SHORT_MS);
    await second.context.setOffline(false);
    await second.page.getByText('연결이 끊겼어요').waitFor({ state: 'hidden' });
    assert.equal(await place(second.page), 2, 'ten seconds away cost nothing');
    await until('a minute to pass', LONG_MS + 5_000, () => Date.now() - cutAt >= LONG_MS);
    await third.context.setOffline(false);
    await heading(third.page, '자리를 비워서 차례가 지나갔어요').waitFor();
    await button(third.page, '다시 줄 서기').click();
    await third.page.getByText('내 번호 4').waitFor();

    // Whoever is done makes room for the next; whoever can get nothing any more is told so.
    await buysAll(first.page);
    await until('the second one to come in', TURN_MS, () => isInside(second.page));
    await third.page.getByText('내 번호 4').waitFor();
    await buysAll(second.page);
    await heading(third.page, '이번에는 차례가 오지 않아요').waitFor();
    await says(third.page, /모두 팔렸어요|모두 팔려/);
  },
};
