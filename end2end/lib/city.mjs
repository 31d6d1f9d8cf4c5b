// The city's operators of the demo.

import { alive } from './browser.mjs';

/** Of all of them. */
const PASSWORD = 'city-demo-2022';

/** Signs in at the console: password, then the code that the entrance shows where a sandbox stands behind. */
export async function enterCity(context, login) {
  const page = await context.newPage();
  await page.goto('/city/start');
  await alive(page);
  await page.getByLabel('아이디').fill(login);
  await page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD);
  await page.locator('main form button').click();
  await page.waitForURL('**/city/start/code');
  await alive(page);
  const line = await page.locator('.city-demo li').filter({ hasText: login }).innerText();
  await page.getByLabel('인증 코드', { exact: true }).fill(line.match(/\d{6}/)[0]);
  await page.locator('main form button').click();
  await page.locator('.desk-nav').waitFor();
  await page.close();
}
