// The staff's calls of the control API (docs/sandbox.md): CSMS under office/, the hotline under hotline/, the website under website/.

import { call } from '../api.js';

const get = (path) => call('GET', path);
const post = (path, json = {}) => call('POST', path, { json });
const part = encodeURIComponent;
// The hotline answers its staff in the words of a program.
const REFUSED = { 404: '没有这个编号', 409: '现在的状态不能这样办：可能别人刚办过，请看最新的状态' };
const NO_HOTLINE = '这个沙盒没有热线系统，热线工单不可用';

async function inWords(answer, words) {
  try {
    return await answer;
  } catch (error) {
    if (error.status in words) error.message = words[error.status];
    throw error;
  }
}

const list = (path) => inWords(get(`hotline/${path}`), { 404: NO_HOTLINE });
const hotline = (path, json = {}) => inWords(post(`hotline/${path}`, json), REFUSED);

export const csms = {
  queue: (state, kinds) => get(`office/queue?state=${part(state)}&kind=${part(kinds.join(','))}`),
  accept: (no) => post(`office/requests/${part(no)}/accept`),
  modify: (no, value, text) => post(`office/requests/${part(no)}/modify`, { value, text }),
  reject: (no, reason, text) => post(`office/requests/${part(no)}/reject`, { reason, text }),
  approve: (no) => post(`office/requests/${part(no)}/approve`),
  sendBack: (no, reason, text) => post(`office/requests/${part(no)}/return`, { reason, text }),
  turnDown: (no, text) => post(`office/requests/${part(no)}/refuse`, { text }),
  stage: (no, stage, promisedOn, text) => post(`office/requests/${part(no)}/stage`, { stage, promised_on: promisedOn, text }),
  pass: (no, text) => post(`office/requests/${part(no)}/pass`, { text }),
  adjust: (no, value, text) => post(`office/requests/${part(no)}/adjust`, { value, text }),
  retake: (no, reason, text) => post(`office/requests/${part(no)}/retake`, { reason, text }),
  onSite: (no, text) => post(`office/requests/${part(no)}/on-site`, { text }),
  draw: (account) => post('office/spot-checks', { accounts: [account] }),
  drawAtRandom: (count) => post('office/spot-checks', { count }),
  bill: (acctNo, volume) => post(`office/accounts/${part(acctNo)}/bill`, { volume_m3: volume }),
  pay: (acctNo) => post(`office/accounts/${part(acctNo)}/payment`),
  visit: (acctNo, reason) => post(`office/accounts/${part(acctNo)}/visit`, { reason }),
  visits: () => get('office/visits'),
  visitDone: (no, value) => post(`office/visits/${part(no)}/done`, { value }),
  visitMissed: (no) => post(`office/visits/${part(no)}/missed`),
  events: (after, limit) => get(`office/events?after=${after}&limit=${limit}`),
};

export const desk = {
  tickets: () => list('tickets'),
  act: (no, action, text) => hotline(`tickets/${part(no)}/${action}`, { text }),
  join: (no, into) => hotline(`tickets/${part(no)}/join`, { into }),
  outages: () => list('outages'),
  publish: (announcement) => hotline('outages', announcement),
  end: (no) => hotline(`outages/${part(no)}/end`),
};

const NO_WEBSITE = { 404: '这个沙盒没有官网' };

export const site = {
  notices: () => inWords(get('website/notices'), NO_WEBSITE),
  publish: (draft) => post('website/notices', draft),
  extend: (id, endsAt) => post(`website/notices/${part(id)}/extend`, { ends_at: endsAt }),
  restore: (id) => post(`website/notices/${part(id)}/restore`),
  cancel: (id) => post(`website/notices/${part(id)}/cancel`),
  quality: () => inWords(get('website/quality'), NO_WEBSITE),
  publishQuality: (values) => post('website/quality', values),
};
