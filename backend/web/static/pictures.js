// Calls `onPicture(rtpTimestamp)` for each picture that a <video> puts on the screen; without a time stamp where the
// browser tells none.

const POLL_MS = 100;

export function watchPictures(video, onPicture) {
  if (!("requestVideoFrameCallback" in video)) {
    let seen = 0;
    setInterval(() => {
      const pictures = video.getVideoPlaybackQuality().totalVideoFrames;
      if (pictures !== seen) onPicture(undefined);
      seen = pictures;
    }, POLL_MS);
    return;
  }
  const next = (_now, metadata) => {
    onPicture(metadata.rtpTimestamp);
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
}
