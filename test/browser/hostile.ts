// Texts that would run if any of them were taken for HTML, a script, a style or an address. Each calls `hacked`.

const call = 'hacked()'
const tags = [
  'img',
  'svg',
  'iframe',
  'object',
  'embed',
  'video',
  'audio',
  'body',
  'input',
  'details',
  'marquee',
  'math',
]
const events = [
  'onerror',
  'onload',
  'onfocus',
  'onmouseover',
  'ontoggle',
  'onanimationstart',
  'onpointerenter',
  'onclick',
  'onwheel',
  'onscrollend',
  'onbeforetoggle',
]
const addresses = [
  'javascript:',
  'JaVaScRiPt:',
  'java\tscript:',
  'data:text/html,<script>',
  'vbscript:',
  '&#106;avascript:',
]
const ways = ['"><', "'><", '</textarea><', '</title><', '</script><', '</style><', '-->', ']]>', '${', '{{', '<%= ']

const elements = tags.flatMap(tag => events.map(event => `<${tag} src=x ${event}=${call} autofocus open>`))
const links = addresses.flatMap(address => [
  `<a href="${address}${call}">click</a>`,
  `${address}${call}`,
  `<iframe src="${address}${call}">`,
  `[click](${address}${call})`,
])
const broken = ways.flatMap(way => [
  `${way}script>${call}</script>`,
  `${way}img src=x onerror=${call}>`,
  `${way}${call}}}`,
])
const others = [
  `<script>${call}</script>`,
  `<script src="data:text/javascript,${call}"></script>`,
  `<style>@import 'javascript:${call}';</style>`,
  `<svg><script>${call}</script></svg>`,
  `<svg><animate onbegin=${call} attributeName=x dur=1s>`,
  `<img src="x" style="width:expression(${call})">`,
  `<meta http-equiv="refresh" content="0;url=javascript:${call}">`,
  `<base href="javascript:${call}//">`,
  `<form action="javascript:${call}"><button>go</button></form>`,
  `\u202e<img src=x onerror=${call}>`,
  `\u0000<script>${call}</script>`.replaceAll('\u0000', '\ufffd'),
  `<noscript><p title="</noscript><img src=x onerror=${call}>">`,
  `<template><script>${call}</script></template>`,
  `<xmp><img src=x onerror=${call}></xmp>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${call}>`,
  `constructor.constructor('${call}')()`,
  `__proto__`,
  `{"__proto__":{"hacked":true}}`,
  `%3Cscript%3E${call}%3C/script%3E`,
  `&lt;script&gt;${call}&lt;/script&gt;`,
]

export const hostile: readonly string[] = [...elements, ...links, ...broken, ...others]
