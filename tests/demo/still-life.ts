import sharp from 'sharp';
import { motifs, type MotifName } from './motifs.ts';

/** A picture to take: what stands there, in which colours, seen how (0 is the cover, the others come closer or from aside). */
export type Sitting = { motif: MotifName; colours: readonly [string, string, string]; light: number; view: number };

const walls = [
  ['#efe3d2', '#d9c6ab', '#b58b63', '#94694a'],
  ['#dfe5df', '#c2cec4', '#a98a66', '#876a4c'],
  ['#ecdcd6', '#d8bfb6', '#9c7458', '#7b5841'],
  ['#dde3ea', '#c0cbd8', '#b39a7c', '#8d765b'],
  ['#f1e8c9', '#ddcf9f', '#a87f55', '#845f3d'],
  ['#e6dfe8', '#cbc0d0', '#9f8266', '#7c634b']
] as const;

const views = ['', 'translate(-90 -130) scale(1.45)', 'translate(400 0) scale(-1 1) rotate(-3 200 320)'];

function scene({ motif, colours, light, view }: Sitting): string {
  const [wall, wallShade, table, tableShade] = walls[light % walls.length] ?? walls[0];
  const windowX = 30 + ((light * 67) % 150);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">
  <defs>
    <linearGradient id="wall" x2="1" y2="1"><stop stop-color="${wall}"/><stop offset="1" stop-color="${wallShade}"/></linearGradient>
    <linearGradient id="table" x2="0" y2="1"><stop stop-color="${table}"/><stop offset="1" stop-color="${tableShade}"/></linearGradient>
    <radialGradient id="edge" r=".75"><stop offset=".6" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#2a1608" stop-opacity=".3"/></radialGradient>
    <filter id="soft"><feGaussianBlur stdDeviation="9"/></filter>
  </defs>
  <rect width="400" height="400" fill="url(#wall)"/>
  <path d="M${windowX} 0h110l-70 292h-110z" fill="#fffaf0" opacity=".38" filter="url(#soft)"/>
  <rect y="288" width="400" height="112" fill="url(#table)"/>
  <path d="M0 330h400M0 366h400" stroke="${tableShade}" stroke-width="2" opacity=".5"/>
  <g transform="${views[view] ?? ''}">
    <ellipse cx="220" cy="322" rx="128" ry="17" fill="#2a1608" opacity=".38" filter="url(#soft)"/>
    ${motifs[motif](...colours)}
  </g>
  <rect width="400" height="400" fill="url(#edge)"/>
</svg>`;
}

/** Draws it as a JPEG of 800 × 800, about 30 kB, without metadata. */
export async function takePicture(sitting: Sitting): Promise<Buffer> {
  return sharp(Buffer.from(scene(sitting)), { density: 144 })
    .resize(800, 800)
    .jpeg({ quality: 64, mozjpeg: true })
    .toBuffer();
}
