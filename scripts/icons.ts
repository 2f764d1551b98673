// Makes every icon of the manifest from static/icons/icon.svg: node scripts/icons.ts
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from './ground.js';

const folder = join(root, 'static', 'icons');
const svg = await readFile(join(folder, 'icon.svg'), 'utf8');
const paper = '#fbf7f0';

// What a launcher may cut away of a maskable icon lies outside a circle of 80 %: the fruit keeps within it.
const onPaper = svg.replace(/ rx="\d+"/, '').replace('<g id="jujube">', '<g transform="translate(38 38) scale(.85)">');
// A monochrome icon is a shape: what is light in it is cut out.
const shape = svg
  .replace(/<rect.*\/>/, '')
  .replace(/<path[^>]*(#e8806f|#6f1c13)[^>]*\/>/g, '')
  .replace(/(fill|stroke)="#\w+"/g, '$1="#fff"');

async function png(name: string, source: string, size: number, flat = false) {
  const image = sharp(Buffer.from(source), { density: 144 }).resize(size, size);
  await (flat ? image.flatten({ background: paper }) : image)
    .png({ palette: true, effort: 10 })
    .toFile(join(folder, name));
}

await png('icon-192.png', svg, 192);
await png('icon-512.png', svg, 512);
await png('maskable-512.png', onPaper, 512, true);
await png('monochrome-512.png', shape, 512);
await png('apple-touch-icon.png', onPaper, 180, true);
