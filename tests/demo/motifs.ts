/** What stands on the table: each draws itself on a 400 × 400 sheet with the table at y = 320, in a main, a second and a dark colour. */
type Motif = (main: string, second: string, dark: string) => string;

const round = 'stroke-linecap="round" stroke-linejoin="round"';
const line = (d: string, colour: string, width: number) =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" ${round}/>`;
const shape = (d: string, colour: string) => `<path d="${d}" fill="${colour}"/>`;
const oval = (x: number, y: number, rx: number, ry: number, colour: string, turn = 0) =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${colour}" transform="rotate(${turn} ${x} ${y})"/>`;
const box = (x: number, y: number, width: number, height: number, colour: string, radius = 6) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${colour}"/>`;
const shine = (d: string, width = 7) => line(d, 'rgb(255 255 255 / .45)', width);

export const motifs = {
  trousers: (main, second, dark) =>
    shape('M140 84h120l18 236h-62l-16-150-16 150h-62z', main) +
    shape('M140 84h120l3 28H137z', second) +
    line('M200 112v58M150 112c0 22-8 34-14 38M250 112c0 22 8 34 14 38', dark, 3) +
    oval(200, 98, 4, 4, dark),
  sweater: (main, second, dark) =>
    shape(
      'M152 104c-30 8-52 22-62 46l-16 118 46 8 12-70v114h136V206l12 70 46-8-16-118c-10-24-32-38-62-46-28 26-68 26-96 0z',
      main
    ) +
    shape('M152 104c28 26 68 26 96 0l-8-10c-24 18-56 18-80 0z', second) +
    shape('M132 300h136v20H132z', second) +
    [180, 215, 250].map((y) => line(`M140 ${y}l20 12 20-12 20 12 20-12 20 12 20-12`, dark, 4)).join(''),
  dress: (main, second, dark) =>
    shape('M168 78h64l-4 70 52 172H120l52-172z', main) +
    shape('M170 146h60l4 16h-68z', second) +
    line('M168 78c4 30 60 30 64 0', dark, 3) +
    line('M176 170l-30 150M224 170l30 150M200 170v150', second, 3),
  shoes: (main, second, dark) =>
    [0, 96]
      .map(
        (x) =>
          `<g transform="translate(${x} ${x ? 0 : -14})">` +
          shape('M84 226c26 10 44-6 54-20l52 54c16 8 26 22 24 44H84z', main) +
          shape('M82 302h134c4 14-2 20-10 20H88z', second) +
          line('M132 234l22-14M146 248l20-14M160 262l18-12', dark, 5) +
          '</g>'
      )
      .join(''),
  scarf: (main, second) =>
    shape('M120 150c30-50 130-50 160 0l-20 40c-24-26-96-26-120 0z', main) +
    shape('M150 176l44 10-18 134h-52z', main) +
    shape('M206 182l46-8 20 126h-50z', second) +
    [136, 150, 164].map((x) => line(`M${x} 320v14`, main, 5)).join('') +
    [236, 250, 262].map((x) => line(`M${x} 300v14`, second, 5)).join(''),
  jujubes: (main, second, dark) =>
    oval(160, 214, 34, 44, main, -18) +
    oval(232, 206, 32, 42, second, 16) +
    oval(198, 194, 32, 40, dark, 4) +
    oval(128, 238, 28, 34, second, -30) +
    oval(268, 236, 28, 34, main, 30) +
    shine('M146 196c-6 10-8 20-6 30M222 188c-6 8-8 16-7 26') +
    shape('M86 244h228c0 48-44 78-114 78S86 292 86 244z', '#e9e2d6') +
    shape('M86 244h228v12H86z', '#d8cfbf'),
  oranges: (main, second, dark) =>
    [
      [130, 224],
      [196, 214],
      [262, 224],
      [164, 190],
      [230, 188]
    ]
      .map(([x = 0, y = 0], index) => oval(x, y, 40, 40, index % 2 ? second : main) + oval(x, y - 34, 5, 4, dark))
      .join('') +
    shape('M76 236h248v84H76z', '#b98a56') +
    line('M76 264h248M76 292h248', '#94683a', 5) +
    line('M110 238v80M290 238v80', '#94683a', 7),
  apples: (main, second, dark) =>
    oval(150, 262, 56, 56, main) +
    oval(250, 268, 52, 50, second) +
    line('M150 210c0-16 6-26 16-32M250 222c0-14-6-22-12-28', dark, 7) +
    shape('M166 190c20-18 40-14 50-6-10 18-34 22-50 6z', '#5f8f56') +
    shine('M116 246c4-14 12-22 22-26M222 254c3-10 9-16 17-19'),
  cabbage: (main, second) =>
    oval(200, 238, 96, 82, main) +
    shape('M104 240c-20-60 40-110 70-90-30 40-40 90-20 150-26-6-44-30-50-60z', second) +
    shape('M296 240c20-60-40-110-70-90 30 40 40 90 20 150 26-6 44-30 50-60z', second) +
    line(
      'M200 170v140M200 220c-20-10-36-12-50-8M200 220c20-10 36-12 50-8M200 260c-20-8-34-8-46-4M200 260c20-8 34-8 46-4',
      '#f2f5e4',
      5
    ),
  eggs: (main, second, dark) =>
    [110, 170, 230, 290].map((x, index) => oval(x, 238, 28, 38, index % 2 ? second : main)).join('') +
    [140, 200, 260].map((x, index) => oval(x, 214, 26, 34, index % 2 ? main : second)).join('') +
    shape('M72 250h256l-16 70H88z', dark) +
    line('M112 252v66M156 252v66M200 252v66M244 252v66M288 252v66', 'rgb(0 0 0 / .14)', 4),
  bread: (main, second, dark) =>
    shape('M80 262c-10-70 60-96 120-96s130 26 120 96c-2 36-20 58-50 58H130c-30 0-48-22-50-58z', main) +
    shape('M104 250c-4-44 46-62 96-62s100 18 96 62c-40-20-152-20-192 0z', second) +
    line('M140 214l34 34M190 206l34 36M240 212l26 30', dark, 7),
  jars: (main, second, dark) =>
    box(104, 178, 92, 142, main, 18) +
    box(112, 150, 76, 30, dark, 8) +
    box(116, 226, 68, 48, '#f7f1e4', 4) +
    box(212, 214, 84, 106, second, 16) +
    box(220, 188, 68, 28, dark, 8) +
    box(222, 246, 64, 40, '#f7f1e4', 4) +
    shine('M116 196v16M224 230v8'),
  books: (main, second, dark) =>
    box(92, 284, 216, 36, main, 4) +
    box(106, 250, 190, 34, second, 4) +
    box(86, 214, 204, 36, dark, 4) +
    `<g transform="rotate(-8 190 196)">${box(110, 178, 176, 34, main, 4)}${box(278, 183, 8, 24, '#f5efe2', 0)}</g>` +
    box(298, 289, 10, 26, '#f5efe2', 0) +
    box(286, 255, 10, 24, '#f5efe2', 0) +
    box(280, 219, 10, 26, '#f5efe2', 0) +
    line('M124 296v14M146 262v10M116 226v12', 'rgb(255 255 255 / .55)', 5),
  book: (main, second, dark) =>
    `<g transform="rotate(-6 200 220)">${box(124, 110, 156, 212, dark, 6)}${box(116, 104, 156, 212, main, 6)}` +
    `${box(140, 138, 108, 12, second, 4)}${box(140, 160, 72, 8, second, 4)}${oval(194, 240, 34, 34, second)}${line('M124 108v204', 'rgb(0 0 0 / .2)', 4)}</g>`,
  lamp: (main, second, dark) =>
    shape('M138 84h124l40 104H98z', main) +
    shape('M98 188h204l-3 12H101z', second) +
    line('M200 200v100', dark, 9) +
    shape('M146 300h108c8 0 14 8 14 20H132c0-12 6-20 14-20z', dark) +
    shape('M112 200h176l40 120H72z', 'rgb(255 232 170 / .22)'),
  chair: (main, second, dark) =>
    line('M136 216l-14 104M268 216l14 104M158 216l-4 84M246 216l4 84', dark, 10) +
    line('M140 214l-4-126M264 214l4-126', dark, 11) +
    box(132, 92, 140, 40, main, 14) +
    box(136, 146, 132, 20, second, 10) +
    box(120, 202, 164, 28, main, 12),
  plant: (main, second, dark) =>
    shape('M200 236c-70-10-98-60-92-112 50 4 88 46 92 112z', main) +
    shape('M200 236c70-10 98-60 92-112-50 4-88 46-92 112z', second) +
    shape('M200 240c-34-46-34-110 0-152 34 42 34 106 0 152z', main) +
    line('M200 112v124M132 148c30 20 54 48 66 86M268 148c-30 20-54 48-66 86', 'rgb(255 255 255 / .3)', 3) +
    shape('M140 236h120l-16 84h-88z', dark) +
    box(132, 228, 136, 20, dark, 6),
  kettle: (main, second, dark) =>
    shape('M128 180h136c22 40 30 90 26 140H102c-4-50 4-100 26-140z', main) +
    shape('M276 216c34-4 46-24 52-52l-26-4c-2 20-14 28-34 28z', main) +
    oval(196, 180, 68, 14, second) +
    oval(196, 164, 12, 12, dark) +
    line('M122 190c-40 10-46 76-14 92', dark, 13) +
    shine('M138 214c-8 22-10 46-8 70'),
  cooker: (main, second, dark) =>
    box(96, 176, 208, 144, main, 40) +
    shape('M96 216c0-44 40-74 104-74s104 30 104 74z', second) +
    line('M168 146c0-22 64-22 64 0', dark, 10) +
    box(158, 238, 84, 52, '#fdfaf4', 10) +
    oval(182, 264, 10, 10, dark) +
    line('M206 256h22M206 272h22', dark, 5),
  pan: (main, second, dark) =>
    shape('M70 232h206c0 56-34 88-103 88S70 288 70 232z', main) +
    oval(173, 232, 103, 22, second) +
    oval(173, 232, 82, 14, dark) +
    line('M274 240l84-34', dark, 16),
  mug: (main, second, dark) =>
    box(122, 166, 132, 154, main, 22) +
    oval(188, 170, 66, 16, second) +
    oval(188, 172, 54, 10, dark) +
    line('M254 200c58-6 58 84 0 78', main, 16) +
    shine('M140 204v74') +
    line('M166 128c-10-16 10-22 0-40M204 128c-10-16 10-22 0-40', 'rgb(255 255 255 / .5)', 6),
  bicycle: (main, second, dark) =>
    ['118 262', '286 262']
      .map(
        (at) =>
          `<circle cx="${at.split(' ')[0]}" cy="${at.split(' ')[1]}" r="58" fill="none" stroke="${dark}" stroke-width="9"/>`
      )
      .join('') +
    line('M118 262l46-94h92l30 94M164 168l40 94h-86M204 262l52-94', main, 9) +
    line('M256 168l-8-32h34M150 150h34M164 168l-6-18', second, 10) +
    oval(204, 262, 11, 11, dark),
  blocks: (main, second, dark) =>
    box(98, 240, 80, 80, main, 8) +
    box(184, 240, 80, 80, second, 8) +
    `<g transform="rotate(7 184 198)">${box(142, 158, 80, 80, dark, 8)}</g>` +
    shape('M272 320l38-74 38 74z', main) +
    `<text x="138" y="296" font-size="46" font-family="sans-serif" font-weight="700" fill="#fff" text-anchor="middle">A</text>` +
    `<circle cx="224" cy="280" r="20" fill="none" stroke="#fff" stroke-width="8"/>`,
  bear: (main, second, dark) =>
    oval(148, 112, 28, 28, main) +
    oval(252, 112, 28, 28, main) +
    oval(148, 112, 15, 15, second) +
    oval(252, 112, 15, 15, second) +
    oval(200, 262, 74, 66, main) +
    oval(130, 246, 26, 40, main, 30) +
    oval(270, 246, 26, 40, main, -30) +
    oval(152, 308, 34, 24, main) +
    oval(248, 308, 34, 24, main) +
    oval(200, 158, 70, 60, main) +
    oval(200, 182, 30, 22, second) +
    oval(200, 264, 44, 40, second) +
    oval(176, 148, 7, 8, dark) +
    oval(224, 148, 7, 8, dark) +
    oval(200, 174, 11, 8, dark),
  pram: (main, second, dark) =>
    shape('M96 196h206c0 52-40 80-100 80S96 248 96 196z', main) +
    shape('M96 196c0-60 46-98 104-98v98z', second) +
    line('M302 196l34-46h24M150 272l-16 22M250 272l18 22', dark, 9) +
    oval(136, 298, 23, 23, dark) +
    oval(266, 298, 23, 23, dark) +
    oval(136, 298, 9, 9, '#eee') +
    oval(266, 298, 9, 9, '#eee'),
  drill: (main, second, dark) =>
    box(96, 148, 158, 72, main, 20) +
    shape('M112 214h62l-14 82h-52z', second) +
    box(98, 288, 78, 32, dark, 8) +
    box(254, 162, 34, 44, dark, 6) +
    line('M290 184h64', '#9a9a96', 10) +
    line('M176 224c10 12 8 24-2 32', dark, 8),
  toolbox: (main, second, dark) =>
    box(78, 216, 244, 104, main, 12) +
    box(78, 196, 244, 34, second, 10) +
    line('M150 196v-32h100v32', dark, 12) +
    box(182, 220, 36, 28, dark, 5) +
    line('M96 286h208', 'rgb(0 0 0 / .16)', 5),
  umbrella: (main, second, dark) =>
    shape(
      'M70 210c10-82 70-122 130-122s120 40 130 122c-20-18-44-18-65 0-21-18-44-18-65 0-21-18-44-18-65 0-21-18-45-18-65 0z',
      main
    ) +
    shape('M135 210c4-70 30-108 65-122 35 14 61 52 65 122-21-18-44-18-65 0-21-18-44-18-65 0z', second) +
    line('M200 200v96c0 32-42 32-42 4', dark, 9) +
    line('M200 88v-14', dark, 8),
  fan: (main, second, dark) =>
    `<circle cx="200" cy="172" r="92" fill="${second}" stroke="${dark}" stroke-width="7"/>` +
    [0, 120, 240]
      .map(
        (turn) =>
          `<g transform="rotate(${turn} 200 172)">${shape('M200 172c-34-18-46-58-18-80 34 2 44 46 18 80z', main)}</g>`
      )
      .join('') +
    oval(200, 172, 15, 15, dark) +
    line('M200 264v40', dark, 12) +
    shape('M140 302h120l10 18H130z', dark),
  guitar: (main, second, dark) =>
    `<g transform="rotate(14 200 220)">` +
    box(190, 60, 20, 150, dark, 4) +
    box(182, 40, 36, 34, main, 6) +
    oval(200, 216, 50, 46, main) +
    oval(200, 268, 66, 56, main) +
    oval(200, 238, 20, 20, dark) +
    box(172, 286, 56, 9, second, 3) +
    line('M195 74v210M205 74v210', 'rgb(255 255 255 / .6)', 1.5) +
    '</g>',
  ball: (main, second, dark) =>
    oval(200, 240, 82, 82, main) +
    line('M118 240h164M200 158c-46 40-46 124 0 164M200 158c46 40 46 124 0 164', dark, 5) +
    oval(172, 206, 18, 13, second, -30),
  clock: (main, second, dark) =>
    oval(200, 214, 102, 102, main) +
    oval(200, 214, 82, 82, second) +
    line('M200 214v-56M200 214l38 22', dark, 8) +
    oval(200, 214, 8, 8, dark) +
    line('M200 140v8M200 280v8M126 214h8M266 214h8', dark, 6) +
    line('M140 306l-12 14M260 306l12 14', main, 12)
} satisfies Record<string, Motif>;

export type MotifName = keyof typeof motifs;
