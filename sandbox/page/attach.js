// The + panel: photo, camera, location, voice, file, link. `acts` is {send(action), photos(files)}.

import { el, icon } from './dom.js';
import { formSheet } from './sheets.js';

// Places of the synthetic city 云川市; a phone would offer what is near.
const PLACES = [
  { label: '云川市江北区望江路 118 号', lat: 29.9512, lon: 118.4673 },
  { label: '云川市湖滨区翠湖花园 3 幢', lat: 29.9108, lon: 118.3046 },
  { label: '云川市青山区建设大道 56 号', lat: 29.7725, lon: 118.3829 },
  { label: '云川市高新区凤凰路口公交站', lat: 29.8741, lon: 118.2715 },
];

export function createAttach(acts) {
  let before = () => {}; // what the platform tells the server ahead of photos that a menu asked for
  const gallery = picker({ multiple: true });
  const camera = picker({ capture: 'environment' });

  function picker(attributes) {
    const input = el('input', { type: 'file', accept: 'image/*', class: 'hidden', tabindex: -1, 'aria-hidden': 'true', testid: attributes.capture ? 'camera-file' : 'photo-file', ...attributes });
    input.addEventListener('change', async () => {
      const files = [...input.files];
      input.value = '';
      await before(files);
      acts.photos(files);
    });
    return input;
  }

  function pickPhotos(byCamera, tell = () => {}) {
    before = tell;
    (byCamera ? camera : gallery).click();
  }

  /** `tell(place)` goes ahead of the place when a menu button asked for it. */
  function location(tell = () => {}) {
    const choose = async (place) => {
      await tell(place);
      acts.send({ type: 'location', ...place });
    };
    formSheet('发送位置', [
      { label: '地点名称', name: 'label', maxlength: 100, placeholder: '可不填' },
      { label: '纬度', name: 'lat', type: 'number', step: 'any', min: -90, max: 90, required: true, value: PLACES[0].lat },
      { label: '经度', name: 'lon', type: 'number', step: 'any', min: -180, max: 180, required: true, value: PLACES[0].lon },
    ], '发送', ({ label, lat, lon }) => choose({ lat: Number(lat), lon: Number(lon), label }), (dialog) => placeList(dialog, choose));
  }

  function placeList(dialog, choose) {
    return el('ul', { class: 'places' }, ...PLACES.map((place) => el('li', {},
      el('button', { type: 'button', onclick: () => { dialog.close(); choose(place); } }, icon('pin'), place.label))));
  }

  function voice() {
    formSheet('发送语音', [
      { label: '识别出的文字', name: 'recognition', maxlength: 500, placeholder: '不填就是没有识别结果' },
    ], '发送', ({ recognition }) => acts.send(recognition.trim() ? { type: 'voice', recognition } : { type: 'voice' }));
  }

  function link() {
    formSheet('发送链接', [
      { label: '标题', name: 'title', required: true, maxlength: 120, value: '停水通知' },
      { label: '网址', name: 'url', type: 'url', required: true, value: 'https://example.com/' },
    ], '发送', ({ title, url }) => acts.send({ type: 'link', title, url }));
  }

  const tiles = [
    ['photo', '照片', () => pickPhotos(false)],
    ['camera', '拍摄', () => pickPhotos(true)],
    ['pin', '位置', () => location()],
    ['voice', '语音', voice],
    ['file', '文件', () => acts.send({ type: 'unsupported' })],
    ['link', '链接', link],
  ];
  const panel = el('div', { class: 'attach-panel', role: 'group', 'aria-label': '发送更多内容' },
    ...tiles.map(([name, label, onclick]) => el('button', { type: 'button', class: 'tile', testid: `attach-${name}`, onclick }, el('span', { class: 'tile-icon' }, icon(name)), label)),
    gallery, camera);
  return { panel, pickPhotos, location };
}
