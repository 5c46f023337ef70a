// What every test page shows: a bar that moves over a coloured ground, so that the picture is never blank.
export function drawPicture(color = '#36c') {
  const canvas = Object.assign(document.createElement('canvas'), { width: innerWidth, height: innerHeight });
  document.body.style.margin = '0';
  document.body.append(canvas);
  const context = canvas.getContext('2d');
  const draw = (timeMs) => {
    context.fillStyle = color;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = 'white';
    context.fillRect((timeMs / 4) % canvas.width, 0, 80, canvas.height);
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
  return canvas;
}
