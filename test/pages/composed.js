/** A picture of one strong colour with lines in it, as a track whose frames are given when asked for. */
function drawnVideo(hue, width, height) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  const gradient = context.createLinearGradient(0, 0, width, height);
  gradient.addColorStop(0, `hsl(${hue} 70% 55%)`);
  gradient.addColorStop(1, `hsl(${hue + 40} 70% 40%)`);
  context.fillStyle = gradient;
  context.fillRect(0, 0, width, height);
  context.strokeStyle = `hsl(${hue + 180} 60% 50%)`;
  context.lineWidth = 10;
  for (let radius = 30; radius < width; radius += 60) {
    context.beginPath();
    context.arc(width / 2, height / 2, radius, 0, 7);
    context.stroke();
  }
  const stream = canvas.captureStream(0);
  const [track] = stream.getVideoTracks();
  const draw = () => {
    context.fillStyle = gradient;
    context.fillRect(0, 0, 1, 1);
    track.requestFrame();
  };
  setInterval(draw, 40);
  return stream;
}

const tiles = [];

function add(hue, { width = 640, height = 360, mirrored = false, fit = 'cover' } = {}) {
  const tile = Object.assign(document.createElement('div'), { className: 'tile' });
  const video = Object.assign(document.createElement('video'), { autoplay: true, muted: true });
  video.style.objectFit = fit;
  if (mirrored) video.style.transform = 'scaleX(-1)';
  video.srcObject = drawnVideo(hue, width, height);
  const label = Object.assign(document.createElement('div'), {
    className: 'label',
    textContent: `Person ${hue}`,
  });
  tile.append(video, label);
  document.body.append(tile);
  const release = window.callCompositor?.compose?.(video);
  tiles.push({ tile, video, label, release });
  return tile;
}

function remove() {
  const { tile, release } = tiles.pop();
  release?.();
  tile.remove();
}

function place(boxes) {
  tiles.forEach(({ tile }, index) => {
    const [left, top, width, height] = boxes[index % boxes.length];
    Object.assign(tile.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${width}px`,
      height: `${height}px`,
    });
  });
}

const STILL = [
  [10, 10, 300, 166],
  [320.5, 10.5, 240.3, 150.7],
  [10, 186, 150.5, 166.5],
  [176, 186, 320, 166],
  [506, 190, 124, 150],
];
const FOUR = [
  [4, 4, 314, 174],
  [322, 4, 314, 174],
  [4, 182, 314, 174],
  [322, 182, 314, 174],
];
const SMALLER = FOUR.map(([left, top, width, height]) => [left + 30, top + 10, width - 60, height - 20]);
const ONE = [
  [40, 4, 480, 270],
  [4, 282, 124, 70],
  [132, 282, 124, 70],
  [260, 282, 124, 70],
  [388, 282, 124, 70],
];
const LEFT = [10, 10, 300, 166];
const RIGHT = [330, 10, 300, 166];
const wait = (ms) => new Promise((next) => setTimeout(next, ms));

/** One step after the other, until the recording ends. Tiles that move cover no other one. */
async function live() {
  for (let round = 0; ; round++) {
    for (const { tile } of tiles) tile.classList.toggle('speaks', false);
    tiles[round % tiles.length].tile.classList.add('speaks');
    await wait(500);
    add(200 + round * 30, round % 2 === 0 ? { width: 480, height: 640 } : {});
    place(ONE);
    await wait(700);
    remove();
    place(FOUR);
    tiles[0].label.textContent = `Round ${round} is now`;
    await wait(600);
    document.body.classList.add('moves');
    place(SMALLER);
    await wait(700);
    document.body.classList.remove('moves');
    place(FOUR);
    await wait(500);
  }
}

/** A video comes, moves and goes, and nothing else is seen. */
async function comeAndGo() {
  window.callCompositor?.willCompose?.();
  document.body.classList.add('black');
  window.callCompositor?.send({ type: 'ready' });
  await wait(4000);
  add(120);
  place([LEFT]);
  await wait(3000);
  place([RIGHT]);
  await wait(3000);
  remove();
  await wait(20_000);
}

if (location.search.includes('black')) await comeAndGo();
add(0);
add(90, { fit: 'contain' });
add(150, { mirrored: true });
add(270, { width: 640, height: 320, fit: 'fill' });
if (!location.search.includes('lively'))
  add(310, { width: 320, height: 180, fit: 'contain', mirrored: true });
place(location.search.includes('lively') ? FOUR : STILL);
await wait(1000);
window.callCompositor?.send({ type: 'ready' });
if (location.search.includes('lively')) await live();
if (location.search.includes('filter')) {
  await wait(3000);
  tiles[0].video.style.filter = 'sepia(1)';
  await wait(4000);
  tiles[0].video.style.filter = '';
}
