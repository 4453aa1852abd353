// What stands in the chat of somebody who does not follow: one big button. Called by phone.js.

import { byId, el, icon } from './dom.js';

/** `onfollow(scene)` gets the scene of a scanned code, "" without one. */
export function showFollowCard(accountName, onfollow) {
  const scene = el('input', { name: 'scene', maxlength: 64, placeholder: '例如 hall_01', autocomplete: 'off' });
  const submit = (event) => {
    event.preventDefault();
    onfollow(scene.value.trim());
  };
  byId('follow-card').replaceChildren(el('form', { class: 'follow-card', onsubmit: submit },
    el('span', { class: 'avatar account big', 'aria-hidden': 'true' }, icon('drop')),
    el('strong', {}, accountName),
    el('p', { class: 'quiet' }, '关注后可以查水费、抄表、报修。'),
    el('button', { type: 'submit', class: 'follow-button', testid: 'follow' }, '关注'),
    el('details', {}, el('summary', {}, '扫门店二维码关注'), el('label', {}, '场景值', scene))));
  byId('follow-card').hidden = false;
}

export function hideFollowCard() {
  byId('follow-card').hidden = true;
  byId('follow-card').replaceChildren();
}
