// Browser stories: the whole of Pay+ as people use it, in Chromium, against a sandbox.

import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { close, launch } from './lib/browser.mjs';
import { House } from './lib/house.mjs';
import { shops } from './lib/shops.mjs';
import { within } from './lib/until.mjs';
import { SCREENS, World } from './lib/world.mjs';

const HELP = `node end2end/run.mjs [--only NAME] [--screens] [--keep]
    --only NAME   only stories whose name or file holds NAME
    --screens     only the screens: pictures into target/screens, each looked at
    --keep        leave the data folder and the logs
Environment: PAYPLUS_BIN, SANDBOX_BIN, AUDITOR_BIN, PAYPLUS_SITE_DIR, CHROMIUM (/usr/bin/chromium). LEPTOS_HASH_FILES=true for a release.`;

/** The longest story is a sale day, of under three minutes; the screens take about two, and eight on a machine that does much else. */
const STORY_MS = 12 * 60_000;

const here = path.dirname(fileURLToPath(import.meta.url));

function options(args) {
  const found = { only: '', screens: false, keep: false };
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === '--only' && args[at + 1]) found.only = args[(at += 1)];
    else if (args[at] === '--screens') found.screens = true;
    else if (args[at] === '--keep') found.keep = true;
    else {
      console.log(HELP);
      process.exit(args[at] === '--help' ? 0 : 2);
    }
  }
  return found;
}

/** The stories in the order of their files. */
async function stories({ only, screens }) {
  const files = (await readdir(path.join(here, 'stories'))).filter((file) => file.endsWith('.mjs')).sort();
  const all = await Promise.all(files.map(async (file) => ({ file, ...(await import(`./stories/${file}`)).default })));
  const wanted = screens ? all.filter((story) => story.file.startsWith('screens')) : all;
  return wanted.filter((story) => `${story.file} ${story.name}`.includes(only));
}

async function tell(world, story) {
  const began = Date.now();
  let why = null;
  try {
    await within(STORY_MS, 'the story', story.run(world));
  } catch (error) {
    why = error;
  }
  const troubles = await world.leave(story.file, why !== null);
  await world.outside.noFaults();
  if (troubles.length > 0) why = new Error(`${why ? `${why.stack}\n` : ''}on the pages:\n  ${troubles.join('\n  ')}`);
  const broken = await world.house.audit();
  if (broken) why = new Error(`${why ? `${why.message}\n` : ''}the auditor:\n${broken}`);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`${why ? 'FAIL' : 'ok'} ${story.name} (${seconds} s)`);
  if (why) console.log(`    ${(why.stack ?? `${why}`).replaceAll('\n', '\n    ')}`);
  return why === null;
}

async function main() {
  const chosen = options(process.argv.slice(2));
  const list = await stories(chosen);
  await mkdir(path.join(SCREENS, 'failed'), { recursive: true });
  const house = await House.open();
  const film = path.join(house.data, 'camera.mjpeg');
  const browser = await launch(film);
  const count = { passed: 0, failed: 0 };
  try {
    const world = new World(house, browser, film, await shops(house));
    for (const story of list) count[(await tell(world, story)) ? 'passed' : 'failed'] += 1;
    if (count.failed > 0) console.log(`\nWhat troubled the server:\n${await house.server.worries()}`);
  } finally {
    await close(browser);
    await house.close(chosen);
    if (chosen.keep) console.log(`kept: ${house.data}`);
  }
  console.log(`\n${count.passed} passed, ${count.failed} failed`);
  // Not only `exitCode`: a line or a socket that a failed story left open would keep this process, and CI, for ever.
  process.exit(count.failed > 0 || count.passed === 0 ? 1 : 0);
}

await main();
