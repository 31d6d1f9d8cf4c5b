// A camera that looks at a shop's QR: the code that the shop's page shows, as a film of JPEG frames.

import { writeFile } from 'node:fs/promises';

const FRAMES = 8;

/** Films the first QR code on `page` and writes the film into `file`. */
export async function film(page, file) {
  const picture = await page.locator('svg.qr').first().evaluate((svg) => svg.outerHTML);
  const context = await page.context().browser().newContext({ viewport: { width: 640, height: 480 } });
  const scene = await context.newPage();
  // On a table, a little askew, as hands hold phones.
  await scene.setContent(`<style>
    body { margin: 0; background: #b9b2a6; display: grid; place-items: center; height: 100vh }
    svg { width: 400px; height: 400px; shape-rendering: auto; transform: rotate(3deg) } .qr-paper { fill: #fff } .qr-ink { fill: #000 }
  </style>${picture}`);
  const frame = await scene.screenshot({ type: 'jpeg', quality: 92 });
  await context.close();
  await writeFile(file, Buffer.concat(Array(FRAMES).fill(frame)));
}
