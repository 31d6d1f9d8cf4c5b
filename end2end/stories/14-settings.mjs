import assert from 'node:assert/strict';
import { visit } from '../lib/browser.mjs';
import { signUp, somebody } from '../lib/people.mjs';
import { button, heading } from '../lib/steps.mjs';

export default {
  name: 'English and back, and large text, from the first letter of the next page on',
  async run(world) {
    const context = await world.context();
    await signUp(context, world.outside, { ...somebody(), name: 'Robin' });
    const page = await context.newPage();
    const root = page.locator('html');
    await visit(page, '/me');
    assert.equal(await root.getAttribute('lang'), 'ko');
    const usual = await bodySize(page);
    await button(page, 'English').click();
    await heading(page, 'Me').waitFor();
    assert.equal(await root.getAttribute('lang'), 'en');
    for (const path of ['/', '/buy', '/pay', '/history']) {
      await visit(page, path);
      // But for the name of a language and what the bank calls the account.
      const text = (await page.getByRole('main').innerText()).replaceAll(/한국어|신한 \*+\d+/g, '');
      assert.equal(text.match(/[가-힣]+/)?.[0], undefined, `${path} speaks English`);
    }
    await visit(page, '/me');
    await button(page, 'Large').click();
    await page.locator('html[data-text="large"]').waitFor();
    assert.ok((await bodySize(page)) > usual, 'the text has grown');
    await button(page, '한국어').click();
    await heading(page, '나').waitFor();
    assert.equal(await root.getAttribute('data-text'), 'large', 'one setting leaves the other alone');
    await button(page, '보통').click();
    await page.locator('html:not([data-text="large"])').waitFor();
    assert.equal(await bodySize(page), usual);

    // Kept with the person, not only with this browser.
    const html = await (await context.request.get('/me')).text();
    assert.match(html, /<html[^>]*lang="ko"/);
  },
};

const bodySize = (page) => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('main p, main dt')).fontSize));
