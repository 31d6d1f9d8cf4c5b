// What a shop's page gives to the loudspeaker: each clip that WebAudio is told to play, beside what the page says it spoke.

import assert from 'node:assert/strict';
import { alive } from './browser.mjs';
import { button } from './steps.mjs';
import { until } from './until.mjs';

/** Before any page of the context: writes down each clip and each announcement. */
export async function listen(context) {
  await context.addInitScript(() => {
    const heard = (globalThis.heard = { clips: [], spoken: [] });
    const start = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (when, offset, duration) {
      const is_ours = this.buffer !== null && this.context instanceof AudioContext;
      heard.clips.push({ when, offset, duration, is_ours, state: this.context.state, length: this.buffer?.duration });
      return start.call(this, when, offset, duration);
    };
    document.addEventListener('payplus:spoken', ({ detail }) => {
      heard.spoken.push({ ...detail, at: Date.now(), clips_so_far: heard.clips.length });
    });
  });
}

export const spoken = (page) => page.evaluate(() => globalThis.heard.spoken);

/** Opens a shop's day, connected. */
export async function openShop(page, number) {
  await page.goto(`/merchant/${number}`);
  await alive(page);
  await page.getByText('연결되어 있어요').waitFor();
}

/** The one tap. */
export async function soundOn(page) {
  await button(page, '소리 켜기').click();
  await page.getByText('소리로 알려 드려요').waitFor();
}

/** The announcement after `count` earlier ones, when it has come. */
export async function nextSpoken(page, count) {
  return until('the shop to speak', 10_000, async () => (await spoken(page))[count]);
}

/** Every clip that was named is on the tape, and just that piece of it was given to the loudspeaker, in order. */
export async function assertPlayed(page, announcement) {
  const tape = await page.evaluate(() => fetch('/voice/voice-ko.json').then((answer) => answer.json()));
  const clips = await page.evaluate(() => globalThis.heard.clips);
  const played = clips.slice(announcement.clips_so_far - announcement.clips.length, announcement.clips_so_far);
  assert.equal(played.length, announcement.clips.length, `${announcement.clips} were all played`);
  const near = (a, b) => Math.abs(a - b) < 0.0005;
  let before = -1;
  for (const [at, name] of announcement.clips.entries()) {
    assert.ok(tape[name], `the clip ${name} is on the tape`);
    const [start_ms, length_ms] = tape[name];
    const { when, offset, duration, state, length, is_ours } = played[at];
    assert.ok(is_ours && near(offset, start_ms / 1000) && near(duration, length_ms / 1000), `${name} is played from its place on the tape`);
    assert.ok(offset + duration <= length + 0.05, `${name} ends before the tape does`);
    assert.ok(when > before, `${name} comes after the clip before it`);
    assert.equal(state, 'running', 'the loudspeaker is awake');
    before = when;
  }
}
