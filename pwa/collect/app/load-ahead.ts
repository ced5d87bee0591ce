/**
 * A newer app that takes over in another tab takes the older one's files away. What this tab needs to seal a recording,
 * to open its lock or to send a file is therefore loaded while they are there.
 */
export function loadAhead(): void {
  void Promise.allSettled([import('../store/whole-hash'), import('../store/argon'), import('../sync/upload')]);
}
