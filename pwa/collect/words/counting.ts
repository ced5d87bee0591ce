/** What is said of each kind of number in a language; `#` stands for the number. Few languages need more than two. */
export type Counted = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** A way to say how many, in a language that Intl knows the plural forms of. */
export function counter(language: string): (n: number, forms: Counted) => string {
  const rules = new Intl.PluralRules(language);
  const figures = new Intl.NumberFormat(language);
  return (n, forms) => (forms[rules.select(n)] ?? forms.other).replaceAll('#', figures.format(n));
}
