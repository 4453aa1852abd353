// Starts the page: fetches the sandbox's state, then the phone, the inspector and the office, which share it.

import { millis } from './bubbles.js';
import { api } from './api.js';
import { startCitizens } from './citizens.js';
import { startControls } from './controls.js';
import { startDesk } from './desk.js';
import { byId, el } from './dom.js';
import { startInspector } from './inspector.js';
import { startJobs } from './jobs.js';
import { startOffice } from './office/office.js';
import { Phone } from './phone.js';
import { startTabs } from './tabs.js';

const RETRY_MS = 2000;
const READABLE = /上次读数/; // the hint whose account may be read now
const SIDE = ['inspector', 'office', 'jobs'];
const MODES = { safe: '安全模式', plain: '明文模式' };

const shared = { state: null, citizen: null, ahead_ms: 0 };
const world = {
  account: () => shared.state.account,
  citizen: () => shared.citizen,
  citizens: () => shared.state.citizens,
  nowMs: () => Date.now() + shared.ahead_ms,
  aheadS: () => shared.state.ahead_s,
  setNow: (now) => { shared.ahead_ms = millis(now) - Date.now(); },
  meterAccount: () => (shared.state.hints ?? []).find((hint) => READABLE.test(hint.title))?.text ?? '',
  choose, refresh,
};

async function load() {
  shared.state = await api.state();
  world.setNow(shared.state.now);
  const known = shared.state.citizens.find((one) => one.openid === shared.citizen?.openid);
  if (!known && shared.state.citizens.length === 0) shared.state.citizens.push(await api.newCitizen());
  shared.citizen = known ?? shared.state.citizens[0];
  return Boolean(known);
}

let parts = null;
let refreshing = Promise.resolve();

/** Fetches the state again, one after the other: an older answer never lands on a newer one. */
function refresh() {
  refreshing = refreshing.then(fetchAgain);
  return refreshing;
}

/** A citizen who is gone (the sandbox began anew) gives way to the first one. */
async function fetchAgain() {
  let known;
  try {
    known = await load();
  } catch {
    return; // the feeds show that the sandbox is away, and call again when it is back
  }
  parts.citizens.show();
  parts.desk.show();
  if (known) parts.phone.showFollowing();
  else parts.phone.open();
}

function choose(openid) {
  shared.citizen = shared.state.citizens.find((one) => one.openid === openid);
  parts.citizens.show();
  parts.phone.open();
}

function showHints(hints) {
  byId('hint-list').replaceChildren(...hints.map((hint) => el('li', {},
    el('button', { type: 'button', class: 'hint', testid: 'hint', onclick: () => { showView('phone'); parts.phone.prefill(hint.text); } },
      el('strong', {}, hint.title), el('span', {}, hint.text)))));
  document.querySelector('.hints').hidden = hints.length === 0;
}

const office = startOffice(world);
const jobs = startJobs();
const side = startTabs(byId('side-tabs'), (id) => {
  if (id === 'office') office.look();
  if (id === 'jobs') jobs.look();
  if (SIDE.includes(document.body.dataset.view)) showView(id);
});

/** On a narrow screen one view fills it; inspector, office and jobs share the right column of a wide one. */
function showView(view) {
  if (document.body.dataset.view === view) return;
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll('[data-show]')) {
    button.setAttribute('aria-pressed', String(button.dataset.show === view));
  }
  if (SIDE.includes(view)) side.show(view);
}

function showAccount({ name, mode }) {
  document.title = `${name} · 微信沙盒`;
  const chip = byId('account-mode');
  chip.textContent = MODES[mode] ?? mode;
  chip.hidden = !mode;
}

async function start() {
  for (;;) {
    try {
      await load();
      break;
    } catch (error) {
      const line = byId('netline');
      line.hidden = false;
      line.textContent = `连接不上沙盒，正在重试（${error.message}）`;
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
    }
  }
  byId('netline').hidden = true;
  showAccount(world.account());
  const phone = new Phone(world);
  const desk = startDesk(world);
  const controls = startControls(world, shared.state.faults);
  parts = { phone, desk, citizens: startCitizens(world) };
  startInspector({ onMenuChange: () => phone.loadMenu(), onServiceChange: refresh, onAway: controls.away });
  parts.citizens.show();
  desk.show();
  showHints(shared.state.hints ?? []);
  phone.open();
}

for (const button of document.querySelectorAll('[data-show]')) {
  button.addEventListener('click', () => showView(button.dataset.show));
}
start();
