// The phone's browser: pages of this address open in a window of the phone's size, as their holder sees them,
// with WeChat's bridge in it. The bridge is put in from here, so that the pages are exactly the server's.
// Called by menutaps.js.

import { dress, payCall } from './paysheet.js';

const NAME = 'sandbox-phone';
const SIZE = 'popup,width=390,height=780';
const LOOK_EVERY_MS = 100;

const shown = { window: null, holder: '', timer: 0 };

/** Not the sandbox's own pages: those are nobody's. */
export function isServers(url) {
  if (!URL.canParse(url)) return false;
  const { origin, pathname } = new URL(url);
  return origin === location.origin && !/^\/sandbox(\/|$)/.test(pathname);
}

export function openInPhone(url, holder) {
  const { pathname, search, hash } = new URL(url);
  const way = new URL('browse', document.baseURI);
  way.search = new URLSearchParams({ as: holder, url: `${pathname}${search}${hash}` });
  shown.holder = holder;
  shown.window = window.open(way, NAME, SIZE);
  shown.window?.focus();
  clearInterval(shown.timer);
  shown.timer = setInterval(look, LOOK_EVERY_MS);
}

/** Every page that the window comes to gets the bridge, some moments after it has loaded: as in WeChat. */
function look() {
  const { window: phone, holder } = shown;
  if (!phone || phone.closed) clearInterval(shown.timer);
  else if (isReady(phone)) install(phone, holder);
}

function isReady(phone) {
  try {
    return phone.location.origin === location.origin && phone.document.readyState !== 'loading' && !phone.WeixinJSBridge;
  } catch {
    return false; // somebody else's page
  }
}

function install(phone, holder) {
  const does = {
    getBrandWCPayRequest: (values) => payCall(phone, holder, values),
    closeWindow: () => { phone.close(); return { err_msg: 'close_window:ok' }; },
  };
  const invoke = async (name, values, done) => {
    const answer = does[name] ? await does[name](values) : { err_msg: `${name}:function not exist` };
    if (!phone.closed) done?.(answer);
  };
  dress(phone);
  phone.WeixinJSBridge = { invoke, call: (name) => invoke(name), on: () => {} };
  phone.document.dispatchEvent(new phone.Event('WeixinJSBridgeReady', { bubbles: true }));
}
