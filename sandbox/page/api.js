// The control API of docs/sandbox.md: one function per call, one long poll that survives an absent server.

const BASE = new URL('api/', document.baseURI);
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15000;
const POLL_WAIT_S = 20;

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export async function call(method, path, { json, form, signal } = {}) {
  const options = { method, signal, headers: { Accept: 'application/json' } };
  if (form) options.body = form;
  if (json !== undefined) {
    options.body = JSON.stringify(json);
    options.headers['Content-Type'] = 'application/json';
  }
  let response;
  try {
    response = await fetch(new URL(path, BASE), options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, '连接不上沙盒');
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, answer?.error ?? `沙盒回答了 ${response.status}`);
  if (answer === null) throw new ApiError(response.status, '沙盒的回答不是 JSON');
  return answer;
}

const citizen = (openid, what) => `citizens/${encodeURIComponent(openid)}/${what}`;
const pushes = (openid, what) => `pushes/${citizen(openid, what)}`;
const agent = (openid, what) => `agents/${encodeURIComponent(openid)}/${what}`;

export const api = {
  state: () => call('GET', 'state'),
  newCitizen: (name) => call('POST', 'citizens', { json: name ? { name } : {} }),
  follow: (openid, scene) => call('POST', citizen(openid, 'follow'), { json: scene ? { scene } : {} }),
  unfollow: (openid) => call('POST', citizen(openid, 'unfollow'), { json: {} }),
  send: (openid, action) => call('POST', citizen(openid, 'send'), { json: action }),
  photo(openid, file) {
    const form = new FormData();
    form.append('photo', file, file.name || 'photo.jpg');
    return call('POST', citizen(openid, 'photos'), { form });
  },
  blockPushes: (openid, blocked) => call('PUT', pushes(openid, 'blocked'), { json: { blocked } }),
  pushTemplates: () => call('GET', 'pushes/templates'),
  answerSubscriptions: (openid, answers, forGood) => call('POST', pushes(openid, 'subscriptions'), { json: { answers, for_good: forGood } }),
  subscriptions: (openid) => call('GET', pushes(openid, 'subscriptions')),
  switchOffSubscription: (openid, id) => call('POST', pushes(openid, 'subscriptions/off'), { json: { template_id: id } }),
  paySheet: (openid, values) => call('POST', 'pay/sheet', { json: { openid, call: values } }),
  payConfirm: (openid, values) => call('POST', 'pay/confirm', { json: { openid, call: values } }),
  payCancel: (openid) => call('POST', 'pay/cancel', { json: { openid } }),
  menu: () => call('GET', 'menu'),
  faults: () => call('GET', 'faults'),
  putFaults: (part) => call('PUT', 'faults', { json: part }),
  verify: () => call('POST', 'verify', { json: {} }),
  invalidateToken: () => call('POST', 'token/invalidate', { json: {} }),
  moveClock: (where) => call('POST', 'clock', { json: where }),
  jobs: () => call('GET', 'jobs'),
  runJob: (name, dryRun) => call('POST', 'jobs', { json: { name, dry_run: dryRun } }),
  agentAccept: (openid) => call('POST', agent(openid, 'accept'), { json: {} }),
  agentSay: (openid, text) => call('POST', agent(openid, 'say'), { json: { text } }),
  agentClose: (openid) => call('POST', agent(openid, 'close'), { json: {} }),
  dial: (acctNo) => call('GET', `office/accounts/${encodeURIComponent(acctNo)}`),
  meterPhotoUrl: (question) => new URL(`photos/meter?${new URLSearchParams(question)}`, BASE).href,
  async meterPhoto(question) {
    const response = await fetch(api.meterPhotoUrl(question)).catch(() => { throw new ApiError(0, '连接不上沙盒'); });
    if (!response.ok) throw new ApiError(response.status, (await response.json().catch(() => null))?.error ?? `沙盒回答了 ${response.status}`);
    return response.blob();
  },
  mediaUrl: (mediaId) => new URL(`media/${encodeURIComponent(mediaId)}`, BASE).href,
  bubblesPath: (openid) => citizen(openid, 'bubbles'),
};

/**
 * Follows a feed until the signal aborts. `onNews(answer)` gets each answer; `onRestart()` is told when the
 * sandbox began anew; `onAway(info)` gets {tries, pause_s} while it is away and null when it is back.
 */
export async function follow(path, { onNews, onRestart, onAway, signal }) {
  let after = 0;
  let tries = 0;
  let wait = 0;
  while (!signal.aborted) {
    try {
      const answer = await news(`${path}?after=${after}&wait_s=${wait}`, signal);
      if (tries > 0) onAway(null);
      tries = 0;
      if (answer.last < after) onRestart();
      else onNews(answer);
      wait = answer.last < after ? 0 : POLL_WAIT_S;
      after = answer.last < after ? 0 : answer.last;
    } catch (error) {
      if (error.name === 'AbortError') continue;
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) onRestart(); // the sandbox is there, but no longer knows this citizen
      wait = 0;
      tries += 1;
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
      if (error.status !== 404) onAway({ tries, pause_s: Math.round(pause / 1000) });
      await pauseOrOnline(pause, signal);
    }
  }
}

/** A tab in the background gives its connection back: browsers hold six to one address, all tabs together. */
async function news(path, signal) {
  if (document.hidden) await once(document, 'visibilitychange', signal);
  const away = new AbortController();
  const onChange = () => { if (document.hidden) away.abort(); };
  document.addEventListener('visibilitychange', onChange);
  try {
    return await call('GET', path, { signal: AbortSignal.any([signal, away.signal]) });
  } finally {
    document.removeEventListener('visibilitychange', onChange);
  }
}

/** Resolves on the event, or when the signal aborts; leaves no listener behind then. */
function once(target, event, signal) {
  return new Promise((resolve) => {
    target.addEventListener(event, resolve, { once: true, signal });
    signal.addEventListener('abort', resolve, { once: true });
  });
}

/** Resolves after the pause, or at once when the network comes back or the feed is dropped. */
async function pauseOrOnline(ms, signal) {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), ms);
  await once(window, 'online', AbortSignal.any([signal, over.signal]));
  clearTimeout(timer);
  over.abort();
}
