/** A moment that the researcher marked while somebody spoke: a prompt that was asked, or a theme, or only the moment. */
export interface Marker {
  id: string;
  recordingId: string;
  storyId: string;
  /** A position in the saved sound, its segments laid end to end, in milliseconds. */
  atMs: number;
  promptId: string | null;
  themeId: string | null;
}
