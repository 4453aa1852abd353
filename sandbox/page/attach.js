// The + panel: photo, camera, drawn meter photo, place, voice, file, link. Called by phone.js and menutaps.js.

import { el, icon } from './dom.js';
import { meterPhotoSheet } from './meterphotos.js';
import { formSheet } from './sheets.js';
import { subscriptionSheet } from './subscriptions.js';

// Places of the synthetic city 云川市; a phone would offer what is near.
const PLACES = [
  { label: '云川市江北区望江路 118 号', lat: 29.9512, lon: 118.4673 },
  { label: '云川市湖滨区翠湖花园 3 幢', lat: 29.9108, lon: 118.3046 },
  { label: '云川市青山区建设大道 56 号', lat: 29.7725, lon: 118.3829 },
  { label: '云川市高新区凤凰路口公交站', lat: 29.8741, lon: 118.2715 },
];
const nothing = () => {};

export class Attach {
  #acts;
  #beforePhotos = nothing;
  #gallery = this.#picker('photo-file', { multiple: true });
  #camera = this.#picker('camera-file', { capture: 'environment' });
  panel = el('div', { class: 'attach-panel', role: 'group', 'aria-label': '发送更多内容' },
    this.#tile('photo', '照片', () => this.pickPhotos()),
    this.#tile('camera', '拍摄', () => this.pickPhotos({ byCamera: true })),
    this.#tile('meter', '水表照片', () => meterPhotoSheet(this.#acts.meter(), (photo) => this.#acts.photos([photo]))),
    this.#tile('pin', '位置', () => this.choosePlace()),
    this.#tile('voice', '语音', () => this.#voice()),
    this.#tile('file', '文件', () => this.#acts.send({ type: 'unsupported' })),
    this.#tile('link', '链接', () => this.#link()),
    this.#tile('scan', '扫一扫', () => this.#scan()),
    this.#tile('bell', '订阅通知', () => subscriptionSheet(this.#acts.meter().citizen)),
    this.#gallery, this.#camera);

  /** `acts` is {send(action), photos(files), meter()}: whose drawn photos, and of which account's meter first. */
  constructor(acts) {
    this.#acts = acts;
  }

  /** `before(files)` tells the server ahead of photos that a menu button asked for. */
  pickPhotos({ byCamera = false, before = nothing } = {}) {
    this.#beforePhotos = before;
    (byCamera ? this.#camera : this.#gallery).click();
  }

  /** `before(place)` tells the server ahead of a place that a menu button asked for. */
  choosePlace(before = nothing) {
    const choose = async (place) => {
      await before(place);
      this.#acts.send({ type: 'location', ...place });
    };
    formSheet('发送位置', [
      { label: '地点名称', name: 'label', maxlength: 100, placeholder: '可不填' },
      { label: '纬度', name: 'lat', type: 'number', step: 'any', min: -90, max: 90, required: true, value: PLACES[0].lat },
      { label: '经度', name: 'lon', type: 'number', step: 'any', min: -180, max: 180, required: true, value: PLACES[0].lon },
    ], '发送', ({ label, lat, lon }) => choose({ lat: Number(lat), lon: Number(lon), label }), (dialog) => placeList(dialog, choose));
  }

  #picker(testid, attributes) {
    const input = el('input', { type: 'file', accept: 'image/*', class: 'hidden', tabindex: -1, 'aria-hidden': 'true', testid, ...attributes });
    input.addEventListener('change', async () => {
      const files = [...input.files];
      input.value = '';
      await this.#beforePhotos(files);
      this.#acts.photos(files);
    });
    return input;
  }

  #tile(name, label, onclick) {
    return el('button', { type: 'button', class: 'tile', testid: `attach-${name}`, onclick }, el('span', { class: 'tile-icon' }, icon(name)), label);
  }

  #voice() {
    formSheet('发送语音', [
      { label: '识别出的文字', name: 'recognition', maxlength: 500, placeholder: '不填就是没有识别结果' },
    ], '发送', ({ recognition }) => this.#acts.send({ type: 'voice', ...(recognition.trim() && { recognition }) }));
  }

  #scan() {
    formSheet('扫公众号的二维码', [
      { label: '场景值', name: 'key', required: true, maxlength: 64, placeholder: '例如 shop_01', value: 'shop_01' },
    ], '扫描', ({ key }) => this.#acts.send({ type: 'scan', key: key.trim() }));
  }

  #link() {
    formSheet('发送链接', [
      { label: '标题', name: 'title', required: true, maxlength: 120, value: '停水通知' },
      { label: '网址', name: 'url', type: 'url', required: true, value: 'https://example.com/' },
    ], '发送', ({ title, url }) => this.#acts.send({ type: 'link', title, url }));
  }
}

function placeList(dialog, choose) {
  const pick = (place) => () => {
    dialog.close();
    choose(place);
  };
  return el('ul', { class: 'places' }, ...PLACES.map((place) => el('li', {}, el('button', { type: 'button', onclick: pick(place) }, icon('pin'), place.label))));
}
