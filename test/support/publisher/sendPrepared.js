// A worker that puts frames which were encoded before in the place of those that the browser has just encoded.
self.onmessage = async ({ data: { readable, writable, frames } }) => {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  let at = -1;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const frame = next.value;
    at = frame.type === 'key' ? 0 : (at + 1) % frames.length;
    frame.data = frames[at].slice().buffer;
    await writer.write(frame);
  }
};
