// What a tapped menu button does, by its type: an event for the server, a page, or a question to the
// citizen first (photo, place, scan). Called by phone.js.

import { toast } from './dom.js';
import { isServers, openInPhone } from './phonebrowser.js';
import { webUrl } from './richtext.js';
import { formSheet } from './sheets.js';

/** `send(action)` answers a promise; `attach` is the + panel, which photo and place buttons open; `open(url)` a page. */
export function tapMenu(button, send, attach, open) {
  const { type, key = '' } = button;
  const tell = (fields) => send({ type: 'event', event: type, key, fields });
  if (type === 'click') send({ type, key });
  else if (button.url) view(button.url, send, open);
  else if (type.startsWith('scancode')) scan(tell);
  else if (type === 'location_select') attach.choosePlace((place) => tell(chosenPlace(place)));
  else if (type.startsWith('pic_')) attach.pickPhotos({ byCamera: type === 'pic_sysphoto', before: (files) => tell(chosenPhotos(files)) });
  else toast(`沙盒还不会点这种菜单：${type}`);
}

function view(url, send, open) {
  open(url); // first, while the tap still counts as the reader's own
  send({ type: 'view', url });
}

/** The server's own pages open in the phone's browser, as `holder`; the others anywhere. */
export function openPage(url, holder) {
  if (!webUrl(url)) toast(`打不开这个地址：${url}`);
  else if (isServers(url)) openInPhone(url, holder);
  else window.open(url, '_blank', 'noopener,noreferrer');
}

function scan(tell) {
  formSheet('扫一扫', [
    { label: '码里的内容', name: 'result', required: true, value: 'WM0000000001' },
  ], '扫描', ({ result }) => tell({ ScanCodeInfo: { ScanType: 'qrcode', ScanResult: result } }));
}

function chosenPlace({ lat, lon, label }) {
  return { SendLocationInfo: { Location_X: String(lat), Location_Y: String(lon), Scale: '15', Label: label, Poiname: '' } };
}

function chosenPhotos(files) {
  return { SendPicsInfo: { Count: files.length, PicList: { item: files.map(() => ({ PicMd5Sum: randomHex(16) })) } } };
}

function randomHex(bytes) {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
