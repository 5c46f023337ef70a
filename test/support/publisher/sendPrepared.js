// A worker that puts frames which were encoded before in the place of those that the browser has just encoded.
self.onrtctransform = async ({ transformer }) => {
  const { frames } = transformer.options;
  const reader = transformer.readable.getReader();
  const writer = transformer.writable.getWriter();
  let at = -1;
  // What was sent before can be of another size, so whoever receives it needs a key frame.
  transformer.generateKeyFrame().catch(() => {});
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const frame = next.value;
    at = frame.type === 'key' ? 0 : (at + 1) % frames.length;
    frame.data = frames[at].slice().buffer;
    await writer.write(frame);
  }
};
