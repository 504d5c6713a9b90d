// A voice from the microphone, as a Blob that grows while it is spoken.

const TYPES = ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/webm", "audio/ogg;codecs=opus"];
const SLICE_MS = 1000;

export const canRecord = () => Boolean(window.MediaRecorder && navigator.mediaDevices?.getUserMedia && window.isSecureContext);

// Why the microphone did not open, and what to do about it.
export function whyNot(error) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return "마이크를 쓸 수 없게 되어 있습니다. 주소 옆의 자물쇠를 눌러 마이크를 ‘허용’으로 바꾼 뒤 다시 눌러 주세요.";
    case "NotFoundError":
    case "OverconstrainedError":
      return "마이크를 찾지 못했습니다. 마이크를 연결하거나, 아래에서 글을 써서 방송해 주세요.";
    case "NotReadableError":
      return "다른 앱이 마이크를 쓰고 있습니다. 통화나 다른 녹음을 끝낸 뒤 다시 눌러 주세요.";
    default:
      return "녹음을 시작하지 못했습니다. 다시 눌러 보시고, 안 되면 아래에서 글을 써서 방송해 주세요.";
  }
}

export class Microphone {
  // `onPiece(blob)`: all that was spoken so far, about once a second.
  constructor({ onPiece }) {
    this.onPiece = onPiece;
  }

  async start() {
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    const type = TYPES.find((each) => MediaRecorder.isTypeSupported(each));
    this.pieces = [];
    this.recorder = new MediaRecorder(this.stream, type ? { mimeType: type, audioBitsPerSecond: 48000 } : {});
    this.recorder.addEventListener("dataavailable", (event) => {
      if (event.data.size) this.pieces.push(event.data);
      if (this.pieces.length) this.onPiece(this.blob());
    });
    // A call that comes in, or a microphone that is pulled out, ends the track: what was said stays.
    this.stream.getAudioTracks()[0].addEventListener("ended", () => this.onCut?.());
    this.listen();
    this.recorder.start(SLICE_MS);
    this.lock = await navigator.wakeLock?.request("screen").catch(() => null);
  }

  blob() {
    return new Blob(this.pieces, { type: this.recorder.mimeType });
  }

  listen() {
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.context.createMediaStreamSource(this.stream).connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
  }

  // How loud it is now, 0 to 1: -60 dB to 0 dB full scale.
  level() {
    this.analyser.getFloatTimeDomainData(this.samples);
    const power = this.samples.reduce((sum, each) => sum + each * each, 0) / this.samples.length;
    return Math.max(0, Math.min(1, 1 + (10 * Math.log10(power + 1e-9)) / 60));
  }

  // The whole recording.
  async stop() {
    if (this.recorder.state !== "inactive") {
      const stopped = new Promise((resolve) => this.recorder.addEventListener("stop", resolve, { once: true }));
      this.recorder.stop();
      await stopped;
    }
    this.stream.getTracks().forEach((track) => track.stop());
    await this.context.close();
    await this.lock?.release().catch(() => null);
    return this.blob();
  }
}
