const { Room, RoomEvent, Track } = window.LivekitClient;

const DISTANCE_MS = 500;

/**
 * Joins as one more participant and reports what arrives from `identity`: the mean colour of its camera, how
 * much two pictures half a second apart differ (mean absolute difference, 0 to 255), and the loudest
 * frequency in Hz.
 */
export async function receive({ url, token, identity }) {
  const room = new Room();
  const camera = arrivalOf(room, identity, Track.Source.Camera);
  const microphone = arrivalOf(room, identity, Track.Source.Microphone);
  await room.connect(url, token);
  try {
    const [picture, loudestHz] = await Promise.all([camera.then(look), microphone.then(listen)]);
    return { ...picture, loudestHz };
  } finally {
    await room.disconnect();
  }
}

function arrivalOf(room, identity, source) {
  return new Promise((resolve) => {
    room.on(RoomEvent.TrackSubscribed, (track, publication, participant) => {
      if (participant.identity === identity && publication.source === source) resolve(track);
    });
  });
}

async function look(track) {
  const video = track.attach();
  await nextFrame(video);
  const before = pixelsOf(video);
  await pause(DISTANCE_MS);
  await nextFrame(video);
  const after = pixelsOf(video);
  const difference = after.reduce((sum, value, index) => sum + Math.abs(value - before[index]), 0);
  return { meanColor: meanColor(after), motion: difference / after.length, widthPx: video.videoWidth };
}

function nextFrame(video) {
  return new Promise((resolve) => video.requestVideoFrameCallback(resolve));
}

function pixelsOf(video) {
  // Every picture is drawn at one size, because a call starts with a smaller simulcast layer.
  const canvas = new OffscreenCanvas(320, 180);
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}

function meanColor(pixels) {
  return [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let index = channel; index < pixels.length; index += 4) sum += pixels[index];
    return Math.round(sum / (pixels.length / 4));
  });
}

async function listen(track) {
  // Chromium decodes a remote track for WebAudio only while a media element also plays it.
  track.attach();
  const audio = new AudioContext();
  const analyser = new AnalyserNode(audio, { fftSize: 16_384 });
  audio.createMediaStreamSource(new MediaStream([track.mediaStreamTrack])).connect(analyser);
  const levelsDb = new Float32Array(analyser.frequencyBinCount);
  do {
    await pause(DISTANCE_MS);
    analyser.getFloatFrequencyData(levelsDb);
  } while (Math.max(...levelsDb) < -60);
  const loudest = levelsDb.indexOf(Math.max(...levelsDb));
  await audio.close();
  return (loudest * audio.sampleRate) / analyser.fftSize;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
