/**
 * A newer app that takes over in another tab takes the older one's files away. What this tab needs to seal a recording,
 * to open its lock or to send is therefore loaded while they are there.
 */
export function loadAhead(): void {
  const parts = [import('../store/whole-hash'), import('../store/argon'), import('../store/rebuilding')];
  void Promise.allSettled([...parts, import('../sync/upload')]);
}
