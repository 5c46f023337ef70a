import { screenSubject } from './screenRecorder.ts';

/** Records as LiveKit Egress does, with the elements of its room composite pipeline. */
export const liveKitEgress = screenSubject({
  name: 'egress',
  label: 'Xvfb, PulseAudio, GStreamer x264 (LiveKit Egress)',
  program: 'gst-launch-1.0',
  install:
    'Debian: apt-get install gstreamer1.0-tools gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly gstreamer1.0-libav gstreamer1.0-pulseaudio',
  end: { signal: 'SIGINT' },
  args: ({ size, file }) => {
    const kbps = size.heightPx > 720 ? 4500 : 3000;
    const pipeline = [
      'ximagesrc use-damage=false show-pointer=false ! video/x-raw,framerate=30/1 ! queue ! videoconvert ! videorate',
      'video/x-raw,format=I420,framerate=30/1',
      `x264enc speed-preset=veryfast bitrate=${kbps} key-int-max=120 ! video/x-h264,profile=main ! queue ! mux.video_0`,
    ].join(' ! ');
    const sound = [
      'pulsesrc device=rec.monitor ! queue ! audioconvert ! audioresample ! audio/x-raw,rate=44100,channels=2',
      'queue ! avenc_aac ! queue ! mux.audio_0',
    ].join(' ! ');
    return [
      '-q',
      '-e',
      ...`${pipeline} ${sound} mp4mux name=mux faststart=true ! filesink location=${file}`.split(' '),
    ];
  },
});
