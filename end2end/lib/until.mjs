// Waiting for something to be true. Never for time to pass.

const LOOK_EVERY_MS = 50;

/** Looks again and again until `look` gives something; throws what `what` names when it never does. */
export async function until(what, patience_ms, look) {
  const deadline = Date.now() + patience_ms;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > deadline) throw new Error(`waited ${patience_ms} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
