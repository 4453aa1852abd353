// The clock bar: what time it is in the sandbox, and the ways forward. There is no way back. Started by controls.js.

import { api } from './api.js';
import { byId, el } from './dom.js';

const ZONE = 'Asia/Shanghai';
const CLOCK = new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, year: 'numeric', month: 'long', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const SHORT = new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const INPUT = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
const STEPS = [['1 小时', 3600], ['1 天', 86400], ['3 天', 259200]];
const UNITS = [['天', 86400], ['小时', 3600], ['分钟', 60]];
const ACCOUNT = /^\d{10}$/;
const DAYS_BEFORE = 3; // when the reminders of readings and payments go out
const MORNING = '09:30'; // after the quiet hours, and after the timers of those reminders
const DAY_MS = 86400000;

export function startClock(world) {
  const time = el('time', { class: 'now' });
  const ahead = el('span', { class: 'quiet', testid: 'clock-ahead' });
  const refusal = el('p', { class: 'refusal', role: 'alert' });
  const tick = () => {
    time.textContent = CLOCK.format(world.nowMs());
    byId('phone-time').textContent = SHORT.format(world.nowMs());
  };

  function show({ now, ahead_s }) {
    world.setNow(now);
    ahead.textContent = aheadText(ahead_s);
    tick();
  }

  /** `ask` answers the seconds or the moment to go to. */
  const go = (ask) => async (event) => {
    event.preventDefault();
    refusal.textContent = '';
    try {
      show(await api.moveClock(await ask()));
      offer();
    } catch (error) {
      refusal.textContent = error.message;
    }
  };

  const { box, offer } = jump(world, go);
  byId('clock').append(time, ahead,
    el('span', { class: 'steps', role: 'group', 'aria-label': '拨快时钟' }, '前进',
      ...STEPS.map(([label, seconds]) => el('button', { type: 'button', testid: `advance-${seconds}`, onclick: go(() => ({ advance_s: seconds })) }, label))),
    box, refusal);
  show({ now: world.nowMs(), ahead_s: world.aheadS() });
  setInterval(tick, 1000);
}

/** To a moment, or to the days that an account's reminders are counted from. `offer` puts in a moment that is to come. */
function jump(world, go) {
  const to = el('input', { type: 'datetime-local', required: true, 'aria-label': '到', testid: 'clock-to' });
  const offer = () => { to.value = INPUT.format(world.nowMs() + DAY_MS).replace(' ', 'T'); };
  const account = el('input', { required: true, pattern: '\\d{10}', maxlength: 10, inputmode: 'numeric', autocomplete: 'off', placeholder: '10 位户号', testid: 'clock-account' });
  const before = (day, none) => go(async () => {
    if (!account.reportValidity()) throw new Error('请先填 10 位户号');
    const dial = await api.dial(account.value);
    if (!dial[day]) throw new Error(`户号 ${account.value} ${none}`);
    return { to: daysBefore(dial[day]) };
  });
  const box = el('details', { class: 'jump' },
    el('summary', { testid: 'clock-jump' }, '到…'),
    el('form', { onsubmit: go(() => ({ to: to.value })) }, to, el('button', { type: 'submit', testid: 'clock-go' }, '前往')),
    el('div', { class: 'steps' }, el('label', {}, '户号', account),
      el('button', { type: 'button', testid: 'clock-reading', onclick: before('next_reading_on', '没有排定的抄表日') }, '到抄表日前三天'),
      el('button', { type: 'button', testid: 'clock-due', onclick: before('due_on', '没有要缴的账单') }, '到缴费截止前三天')));
  // Not on toggle, which comes later: what has been typed by then would be lost.
  box.querySelector('summary').addEventListener('click', () => {
    if (box.open) return;
    offer();
    account.value = accountOnPhone() || account.value || world.meterAccount();
  });
  return { box, offer };
}

/** The account that the citizen typed last: most likely the one that they have bound. */
function accountOnPhone() {
  const said = [...document.querySelectorAll('#bubbles [data-who="citizen"] .bubble')].map((bubble) => bubble.textContent.trim());
  return said.findLast((words) => ACCOUNT.test(words)) ?? '';
}

function daysBefore(day) {
  const before = new Date(Date.parse(day) - DAYS_BEFORE * DAY_MS);
  return `${before.toISOString().slice(0, 10)}T${MORNING}`;
}

/** “比真实时间快 3 天 2 小时”; nothing while it has not been moved. */
function aheadText(seconds) {
  let left = seconds;
  const parts = UNITS.map(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count > 0 ? `${count} ${unit}` : '';
  }).filter(Boolean);
  return parts.length > 0 ? `沙盒时间比真实时间快 ${parts.join(' ')}` : '';
}
