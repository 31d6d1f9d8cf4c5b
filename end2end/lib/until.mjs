// Waiting for something to be true. Never for time to pass.

const LOOK_EVERY_MS = 50;

/** What `work` gives, or a complaint when it takes longer: a story that hangs is a story that failed. */
export async function within(patience_ms, what, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${patience_ms / 1000} s`)), patience_ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

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
