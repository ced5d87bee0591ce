// Stands between the app and the microphone, so that a test can take it away, silence it or hand over odd pieces.
const mic = (window.mic = { recorders: [], waitMs: 0 });

const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const real = await open(wanted);
  await new Promise((done) => setTimeout(done, mic.waitMs));
  const context = new AudioContext();
  const gain = context.createGain();
  const sink = context.createMediaStreamDestination();
  context.createMediaStreamSource(real).connect(gain).connect(sink);
  const [track] = sink.stream.getAudioTracks();
  const [own] = real.getAudioTracks();
  own.addEventListener('ended', () => {
    track.stop();
    track.dispatchEvent(new Event('ended'));
  });
  Object.assign(mic, { gain, track });
  return sink.stream;
};

const Recorder = window.MediaRecorder;
window.MediaRecorder = class extends Recorder {
  constructor(...given) {
    super(...given);
    mic.recorders.push(this);
  }
};

mic.silence = () => (mic.gain.gain.value = 0);
mic.end = () => mic.track.stop();
// The page hears nothing of the world for a while; the microphone does, unless it is deaf.
mic.sleep = (ms, deaf) => {
  if (deaf) mic.recorders.at(-1).pause();
  for (const until = performance.now() + ms; performance.now() < until; );
  if (deaf) mic.recorders.at(-1).resume();
};
mic.hand = (bytes) =>
  mic.recorders.at(-1).dispatchEvent(new BlobEvent('dataavailable', { data: new Blob([new Uint8Array(bytes)]) }));

const put = IDBObjectStore.prototype.put;
mic.failures = 0;
IDBObjectStore.prototype.put = function (value) {
  if (this.name === 'chunks' && mic.failures > 0) {
    mic.failures -= 1;
    throw new DOMException('made for this test', 'UnknownError');
  }
  return put.call(this, value);
};

// What lies on the phone's disk, without a key.
mic.rows = (store) =>
  new Promise((done, failed) => {
    const opening = indexedDB.open('earshot');
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const asking = opening.result.transaction(store).objectStore(store).getAll();
      asking.onsuccess = () => {
        opening.result.close();
        done(asking.result.map(({ sealed, bytes, iv, ...plain }) => plain));
      };
    };
  });

// What another tab does to the phone's disk: it puts these rows in place of all others, and says so.
mic.replace = (store, rows) =>
  new Promise((done) => {
    indexedDB.open('earshot').onsuccess = ({ target: { result: database } }) => {
      const writing = database.transaction(store, 'readwrite');
      writing.objectStore(store).clear();
      for (const row of rows) writing.objectStore(store).put(row);
      writing.oncomplete = () => {
        database.close();
        new BroadcastChannel('earshot-changes').postMessage('changed');
        done();
      };
    };
  });
