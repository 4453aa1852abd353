// The staff's calls of the control API (docs/sandbox.md): CSMS under office/, the hotline under hotline/.

import { call } from '../api.js';

const get = (path) => call('GET', path);
const post = (path, json = {}) => call('POST', path, { json });
const part = encodeURIComponent;
// The hotline answers its staff in the words of a program.
const REFUSED = { 404: '没有这个编号', 409: '现在的状态不能这样办：可能别人刚办过，看一眼最新状态' };

async function hotline(path, json) {
  try {
    return await (json === undefined ? get(`hotline/${path}`) : post(`hotline/${path}`, json));
  } catch (error) {
    if (error.status in REFUSED) error.message = REFUSED[error.status];
    throw error;
  }
}

export const csms = {
  queue: (state) => get(`office/queue?state=${part(state)}`),
  accept: (no) => post(`office/requests/${part(no)}/accept`),
  modify: (no, value, text) => post(`office/requests/${part(no)}/modify`, { value, text }),
  reject: (no, reason, text) => post(`office/requests/${part(no)}/reject`, { reason, text }),
  bill: (acctNo, volume) => post(`office/accounts/${part(acctNo)}/bill`, { volume_m3: volume }),
  visit: (acctNo, reason) => post(`office/accounts/${part(acctNo)}/visit`, { reason }),
  visits: () => get('office/visits'),
  visitDone: (no, value) => post(`office/visits/${part(no)}/done`, { value }),
  visitMissed: (no) => post(`office/visits/${part(no)}/missed`),
  events: (after, limit) => get(`office/events?after=${after}&limit=${limit}`),
};

export const desk = {
  tickets: () => hotline('tickets'),
  act: (no, action, text) => hotline(`tickets/${part(no)}/${action}`, { text }),
  join: (no, into) => hotline(`tickets/${part(no)}/join`, { into }),
  outages: () => hotline('outages'),
  publish: (announcement) => hotline('outages', announcement),
  end: (no) => hotline(`outages/${part(no)}/end`, {}),
};
