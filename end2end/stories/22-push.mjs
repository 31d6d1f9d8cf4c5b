import assert from 'node:assert/strict';
import { alive } from '../lib/browser.mjs';
import { asMember, buy, DEMO, KIND, pay, signUp, somebody } from '../lib/people.mjs';
import { until } from '../lib/until.mjs';

const SHOP = '논현국수';

export default {
  name: 'a pushed payment is shown by the service worker, acknowledged at once, and stands among its tries',
  async run(world) {
    const number = world.shops[SHOP];
    const shop = await world.context();
    await asMember(shop, world.outside, DEMO.otherOwner);
    await shop.grantPermissions(['notifications'], { origin: world.base });
    const page = await shop.newPage();
    // Chromium without its maker's service has nobody to subscribe at; what a push does is told to the worker as its tools do.
    const tools = await shop.newCDPSession(page);
    const found = new Promise((resolve) => {
      tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const ours = registrations.find(({ scopeURL, isDeleted }) => scopeURL.startsWith(world.base) && !isDeleted);
        if (ours) resolve(ours.registrationId);
      });
    });
    await tools.send('ServiceWorker.enable');
    await page.goto(`/merchant/${number}/alerts`);
    await alive(page);
    const registrationId = await found;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));

    const payer = await world.context();
    await signUp(payer, world.outside, somebody());
    await buy(payer, KIND.citywide, 100_000);
    const payment = await pay(payer, number, 9_900);
    const today = await shop.request.post('/api/merchant/today', { form: { number }, headers: { accept: 'application/json' } });
    const { last_number: last } = await today.json();

    const told = { title: 'Pay+ 9,900원 결제되었습니다', body: `${SHOP} · 오후 3:00`, tag: `shop-${number}`, url: `/merchant/${number}`, shop: number, first: last, last, lang: 'ko' };
    await tools.send('ServiceWorker.deliverPushMessage', { origin: world.base, registrationId, data: JSON.stringify(told) });
    const shown = () =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        return (await registration.getNotifications()).map(({ title, body, lang }) => ({ title, body, lang }));
      });
    await until('the notification', 10_000, async () => (await shown()).length > 0);
    assert.deepEqual(await shown(), [{ title: told.title, body: told.body, lang: 'ko' }]);
    await until('the acknowledgement', 10_000, async () => {
      await page.goto(`/merchant/${number}/payments/${payment}`);
      return page.getByText(/화면에 [\d.]+초 만에 보여 드렸어요|초 만에 보여/).first().isVisible();
    });
  },
};
