import assert from 'node:assert/strict';
import { visit } from '../lib/browser.mjs';
import { until } from '../lib/until.mjs';

export default {
  name: 'Pay+ can be installed: manifest, icons and service worker are as Chromium wants them',
  async run(world) {
    const context = await world.context();
    const page = await context.newPage();
    await visit(page, '/');
    await until('the service worker', 15_000, () => page.evaluate(() => Boolean(navigator.serviceWorker.controller)));
    const inside = await context.newCDPSession(page);
    const { url, errors, data } = await inside.send('Page.getAppManifest');
    assert.ok(url.endsWith('/manifest.webmanifest'));
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data);
    assert.equal(manifest.display, 'standalone');
    for (const { src, sizes, type } of manifest.icons) {
      const answer = await context.request.get(src);
      assert.equal(answer.status(), 200, src);
      assert.ok(answer.headers()['content-type'].startsWith(type), `${src} is ${type}`);
      if (type === 'image/png') {
        const png = await answer.body();
        assert.equal(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, sizes, src);
      }
    }
    const { installabilityErrors } = await inside.send('Page.getInstallabilityErrors');
    // The stories' browser windows are private ones, in which nothing can be installed.
    const ids = installabilityErrors.map((error) => error.errorId).filter((id) => id !== 'in-incognito');
    assert.deepEqual(ids, []);
  },
};
