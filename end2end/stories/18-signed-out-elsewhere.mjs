import { alive } from '../lib/browser.mjs';
import { enterCity } from '../lib/city.mjs';
import { asMember, buy, DEMO, KIND, pay, send, signIn, signUp, somebody } from '../lib/people.mjs';
import { openShop } from '../lib/voice.mjs';

const SHOP = '논현국수';

export default {
  name: 'a living page whose session was ended elsewhere leads to the sign-in, instead of standing there silent',
  async run(world) {
    const number = world.shops[SHOP];
    const counter = await world.context();
    await asMember(counter, world.outside, DEMO.otherOwner);
    const page = await counter.newPage();
    await openShop(page, number);
    const phone = await world.context();
    await signIn(phone, world.outside, DEMO.otherOwner);
    page.expected.push(/status of 401|net::ERR_/);
    await send(phone, '/api/me/sessions/end-others', {});
    // The stream is judged again with each notice.
    const payer = await world.context();
    await signUp(payer, world.outside, somebody());
    await buy(payer, KIND.citywide, 100_000);
    await pay(payer, number, 5_000);
    await page.waitForURL(/\/start\?.*next=/);

    const office = await world.context();
    await enterCity(office, 'planner');
    const day = await office.newPage();
    await day.goto('/city');
    await alive(day);
    day.expected.push(/status of 401/);
    await send(office, '/api/city/start/out', {});
    await day.waitForURL(/\/city\/start/);
  },
};
