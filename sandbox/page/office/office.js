// 后台: the staff of CSMS and of the hotline, the editors of the website. Looks again every two seconds while it is seen. Started by main.js.

import { byId, el } from '../dom.js';
import { startTabs } from '../tabs.js';
import { startApplications } from './applications.js';
import { startEvents } from './events.js';
import { startReview } from './review.js';
import { startTickets } from './tickets.js';
import { startWebsite } from './website.js';

const LOOK_EVERY_MS = 2000;

/** Answers {look()}: to be called when the office comes forward. */
export function startOffice(world) {
  const seen = (id) => byId(id).checkVisibility();
  // What waits in the first three is counted on their tabs, so they are looked at even from another tab.
  const parts = [
    part('office-review', startReview, () => true),
    part('office-applications', startApplications, () => true),
    part('office-tickets', startTickets, () => true),
    part('office-website', startWebsite, () => seen('office-website')),
    part('office-events', startEvents, () => seen('office-events')),
  ];

  function part(id, start, wanted) {
    const trouble = el('p', { class: 'netline', role: 'alert', hidden: true });
    const body = el('div', { class: 'office-body' });
    byId(id).append(trouble, body);
    const look = onlyOne(async () => {
      try {
        showCount(id, await looks());
        trouble.hidden = true;
      } catch (error) {
        trouble.textContent = error.message;
        trouble.hidden = false;
      }
    });
    const looks = start(body, world, look);
    return { look, wanted };
  }

  const look = () => {
    if (!seen('office') || document.hidden) return;
    for (const one of parts.filter(({ wanted }) => wanted())) one.look();
  };
  startTabs(byId('office-tabs'), look);
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener('visibilitychange', look);
  return { look };
}

/** One at a time: a slow answer is waited for, and one more look follows when somebody asked meanwhile. */
function onlyOne(work) {
  let running = null;
  let again = false;
  return function run() {
    if (running) {
      again = true;
      return running;
    }
    running = work().finally(() => {
      running = null;
      if (!again) return undefined;
      again = false;
      return run();
    });
    return running;
  };
}

function showCount(id, count) {
  const badge = document.querySelector(`[aria-controls="${id}"] .count`);
  if (!badge) return;
  badge.textContent = String(count);
  badge.hidden = !count;
}
