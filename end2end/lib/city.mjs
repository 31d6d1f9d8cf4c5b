// The city's operators of the demo.

import { alive } from './browser.mjs';
import { send } from './people.mjs';
import { until } from './until.mjs';

/** Of all of them. */
const PASSWORD = 'city-demo-2022';

/** A code is good once: for so long there is no other. */
const STEP_MS = 30_000;
const step = () => Math.floor(Date.now() / STEP_MS);
/** The step of each operator's last code. */
const used = new Map();

/** Signs in at the console: password, then the code that the entrance shows where a sandbox stands behind. */
export async function enterCity(context, login) {
  await until(`a code of ${login} that was not used`, STEP_MS + 5_000, () => used.get(login) !== step());
  const page = await context.newPage();
  await page.goto('/city/start');
  await alive(page);
  await page.getByLabel('아이디').fill(login);
  await page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD);
  await page.locator('main form button').click();
  await page.waitForURL('**/city/start/code');
  await alive(page);
  const line = await page.locator('.city-demo li').filter({ hasText: login }).innerText();
  used.set(login, step());
  await page.getByLabel('인증 코드', { exact: true }).fill(line.match(/\d{6}/)[0]);
  await page.locator('main form button').click();
  await page.locator('.desk-nav').waitFor();
  await page.close();
}

const SEOUL_MS = 9 * 3_600_000;
const MINUTE_MS = 60_000;
const LEAST_MS = 45_000;

/** The next full minute that leaves time to get ready, as the console's form wants it: day, and from when to when. */
function soon() {
  const opensAt = Math.ceil((Date.now() + LEAST_MS) / MINUTE_MS) * MINUTE_MS;
  const seoul = new Date(opensAt + SEOUL_MS).toISOString();
  const hour = Number(seoul.slice(11, 13));
  const to = hour < 23 ? `${String(hour + 1).padStart(2, '0')}:59` : '24:00';
  return { opensAt, day: seoul.slice(0, 10), from: seoul.slice(11, 16), to };
}

/** A sale with a room, planned by one operator and released by another, that opens within two minutes: the id of its plan and when it opens. */
export async function planSale({ planner, controller }, { name, kind, amount, room }) {
  const { opensAt, day, from, to } = soon();
  const made = await send(planner, '/api/city/plans/make', { name_ko: name, name_en: name, kind, day, total: '', shape: 'empty' });
  const id = made.split('/').at(-1);
  const typed = { kind, name_ko: name, name_en: name, day, room: 'on', ...room };
  const window = { from, to, who: 'anyone', amount: String(amount) };
  const form = { id, version: '1' };
  for (const [field, value] of Object.entries(typed)) form[`typed[${field}]`] = value;
  for (const [field, value] of Object.entries(window)) form[`typed[windows][0][${field}]`] = value;
  await send(planner, '/api/city/plans/save', form);

  const page = await controller.newPage();
  await page.goto(`/city/plans/${id}`);
  await alive(page);
  await page.getByRole('button', { name: '이 계획 승인하기' }).click();
  await page.getByText('승인됨').first().waitFor();
  await page.close();
  return { id, opensAt };
}
