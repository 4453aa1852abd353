// Request and response of an inspector entry → readable blocks: XML and JSON indented, cipher text folded.

import { el } from './dom.js';

const WRITE = new XMLSerializer();

export function prettyXml(xml) {
  const parsed = new DOMParser().parseFromString(xml, 'application/xml');
  return parsed.querySelector('parsererror') ? xml : indented(parsed.documentElement, '');
}

function indented(node, indent) {
  if (node.children.length === 0) return indent + WRITE.serializeToString(node);
  const inner = [...node.children].map((child) => indented(child, `${indent}  `));
  return [`${indent}<${node.nodeName}>`, ...inner, `${indent}</${node.nodeName}>`].join('\n');
}

export function pretty(text) {
  const trimmed = text.trim();
  if (trimmed.startsWith('<')) return prettyXml(trimmed);
  if (!/^[{[]/.test(trimmed)) return text;
  try {
    return JSON.stringify(JSON.parse(trimmed), null, 2);
  } catch {
    return text;
  }
}

function block(text) {
  return el('pre', { tabindex: 0 }, pretty(text));
}

function folded(text) {
  return el('details', { class: 'sealed' }, el('summary', {}, `线上原文（加密，${text.length} 字）`), block(text));
}

/** `part` is {line, clear, wire}: the first line, the readable content, what went over the socket. */
export function exchangePart(part) {
  const blocks = [];
  if (part?.line) blocks.push(el('p', { class: 'wire-line' }, part.line));
  if (part?.clear) blocks.push(block(part.clear));
  if (part?.wire) blocks.push(folded(part.wire));
  return blocks.length > 0 ? blocks : [el('p', { class: 'quiet' }, '（空）')];
}
