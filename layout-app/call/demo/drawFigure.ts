/** The person to draw, and the moment to draw them in. */
export interface FigureMoment {
  readonly index: number;
  readonly timeS: number;
  readonly isSpeaking: boolean;
}

const SKINS = ['#f2c9a5', '#8d5a3b', '#e0a97e', '#f6d7bd', '#b97a50', '#5f3b28'] as const;
const HAIR = ['#2b1d16', '#17130f', '#b8752f', '#1c1a22', '#4a2c1a', '#8b8378', '#5a2f1d'] as const;
const HAIR_STYLES = [drawShortHair, drawLongHair, drawBun] as const;
/** Degrees between neighbours' hues: the golden angle, so that no two people look alike. */
const HUE_STEP = 137.5;

/** Draws a person before a soft wall: head and shoulders that sway, blink and talk. */
export function drawFigure(context: CanvasRenderingContext2D, moment: FigureMoment): void {
  const { width, height } = context.canvas;
  const hue = (205 + moment.index * HUE_STEP) % 360;
  // Everything is laid out in a space 100 units high with its origin in the middle of the lower edge.
  const unit = height / 100;
  context.setTransform(unit, 0, 0, unit, width / 2, height);
  drawWall(context, hue, moment, width / unit);
  const phase = moment.index * 1.7;
  const sway = Math.sin(moment.timeS * 0.9 + phase) * 2.2;
  const nod =
    Math.sin(moment.timeS * (moment.isSpeaking ? 5.3 : 1.3) + phase) * (moment.isSpeaking ? 0.9 : 0.4);
  drawBody(context, hue, sway * 0.4, moment.index);
  context.translate(sway, nod);
  drawHead(context, moment);
}

function drawWall(
  context: CanvasRenderingContext2D,
  hue: number,
  { timeS, index }: FigureMoment,
  width: number,
): void {
  const wall = context.createLinearGradient(-width / 2, -100, width / 2, 0);
  wall.addColorStop(0, `hsl(${hue} 42% 66%)`);
  wall.addColorStop(1, `hsl(${(hue + 32) % 360} 46% 38%)`);
  context.fillStyle = wall;
  context.fillRect(-width / 2, -100, width, 100);
  context.fillStyle = 'rgb(255 255 255 / 9%)';
  const drift = timeS * 0.25 + index;
  fillCircle(context, Math.cos(drift) * width * 0.32, -62 + Math.sin(drift) * 14, 34);
  fillCircle(context, Math.cos(drift * 0.7 + 2) * width * 0.4, -30 + Math.sin(drift * 0.9) * 12, 24);
}

function drawBody(context: CanvasRenderingContext2D, hue: number, shift: number, index: number): void {
  context.fillStyle = shade(SKINS, index, 0.86);
  context.beginPath();
  context.roundRect(-7 + shift, -40, 14, 20, 6);
  context.fill();
  context.fillStyle = `hsl(${(hue + 180) % 360} 34% ${index % 2 ? 30 : 86}%)`;
  context.beginPath();
  context.moveTo(-36 + shift, 2);
  context.bezierCurveTo(-35 + shift, -22, -24 + shift, -27, -8 + shift, -30);
  context.quadraticCurveTo(shift, -22, 8 + shift, -30);
  context.bezierCurveTo(24 + shift, -27, 35 + shift, -22, 36 + shift, 2);
  context.fill();
}

function drawHead(context: CanvasRenderingContext2D, { index, timeS, isSpeaking }: FigureMoment): void {
  const hair = HAIR[index % HAIR.length] as string;
  const drawHair = HAIR_STYLES[index % HAIR_STYLES.length] as (typeof HAIR_STYLES)[number];
  drawHair(context, hair, 'behind');
  context.fillStyle = shade(SKINS, index, 1);
  fillEllipse(context, 0, -54, 15, 19);
  drawHair(context, hair, 'before');
  drawEyes(context, (timeS + index * 0.7) % 3.4 < 0.13, hair);
  if (index % 4 === 1) drawGlasses(context);
  drawMouth(context, isSpeaking ? 0.8 + 2.2 * Math.abs(Math.sin(timeS * 11)) : 0);
}

function drawEyes(context: CanvasRenderingContext2D, areShut: boolean, browColor: string): void {
  for (const side of [-6, 6]) {
    context.fillStyle = '#2a2320';
    fillEllipse(context, side, -55, 1.5, areShut ? 0.3 : 1.9);
    context.fillStyle = '#fff';
    if (!areShut) fillCircle(context, side + 0.5, -55.7, 0.45);
    context.strokeStyle = browColor;
    context.lineWidth = 1.1;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(side - 2.6, -59.4);
    context.quadraticCurveTo(side, -60.9, side + 2.6, -59.4);
    context.stroke();
  }
}

/** Draws a smile, or a mouth that is open as far as given. */
function drawMouth(context: CanvasRenderingContext2D, opening: number): void {
  if (opening > 0) {
    context.fillStyle = '#7a2e2e';
    fillEllipse(context, 0, -43.5, 3.8, opening);
    return;
  }
  context.strokeStyle = '#8c4239';
  context.lineWidth = 1.2;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(-4.2, -44.4);
  context.quadraticCurveTo(0, -41.4, 4.2, -44.4);
  context.stroke();
}

function drawShortHair(context: CanvasRenderingContext2D, color: string, layer: 'behind' | 'before'): void {
  context.fillStyle = color;
  if (layer === 'behind') {
    fillEllipse(context, 0, -60, 16.5, 16.5);
    return;
  }
  context.beginPath();
  context.ellipse(0, -61, 15.6, 14, 0, Math.PI * 1.02, Math.PI * 1.98);
  context.quadraticCurveTo(4, -66, -15.4, -61.6);
  context.fill();
}

function drawLongHair(context: CanvasRenderingContext2D, color: string, layer: 'behind' | 'before'): void {
  context.fillStyle = color;
  if (layer === 'behind') {
    context.beginPath();
    context.roundRect(-19, -76, 38, 52, [19, 19, 9, 9]);
    context.fill();
    return;
  }
  context.beginPath();
  context.ellipse(0, -60, 15.8, 15, 0, Math.PI, Math.PI * 2);
  context.quadraticCurveTo(9, -69, -2, -70);
  context.quadraticCurveTo(-11, -68, -15.8, -60);
  context.fill();
}

function drawBun(context: CanvasRenderingContext2D, color: string, layer: 'behind' | 'before'): void {
  context.fillStyle = color;
  if (layer === 'behind') fillCircle(context, 0, -78, 7.5);
  drawShortHair(context, color, layer);
}

function drawGlasses(context: CanvasRenderingContext2D): void {
  context.strokeStyle = '#20242c';
  context.lineWidth = 0.9;
  context.beginPath();
  context.roundRect(-10.4, -58.6, 8.8, 7.4, 3);
  context.roundRect(1.6, -58.6, 8.8, 7.4, 3);
  context.moveTo(-1.6, -55.6);
  context.lineTo(1.6, -55.6);
  context.stroke();
}

function fillCircle(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  fillEllipse(context, x, y, radius, radius);
}

function fillEllipse(context: CanvasRenderingContext2D, x: number, y: number, rx: number, ry: number): void {
  context.beginPath();
  context.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
  context.fill();
}

/** The colour of the given index, with only a share of its lightness. */
function shade(colors: readonly string[], index: number, light: number): string {
  const color = colors[index % colors.length] as string;
  const channels = [1, 3, 5].map((at) => Math.round(Number.parseInt(color.slice(at, at + 2), 16) * light));
  return `rgb(${channels.join(' ')})`;
}
