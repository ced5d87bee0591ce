/** Bytes as people say them, such as 340 kB or 12 MB, in the manner of one language. */
export function sizesIn(tag: string): (bytes: number) => string {
  const say = (unit: 'kilobyte' | 'megabyte', digits: number) =>
    new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits });
  const [small, middling, large] = [say('kilobyte', 0), say('megabyte', 1), say('megabyte', 0)];
  return (bytes) => {
    if (bytes < 950_000) return small.format(Math.ceil(bytes / 1_000));
    return (bytes < 10_000_000 ? middling : large).format(bytes / 1_000_000);
  };
}
