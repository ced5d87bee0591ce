const [kind, words] = arguments;
const plain = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const seen = (element) => element.checkVisibility() && element.getClientRects().length > 0;
const rank = (text) => (text === words ? 2 : text.startsWith(words) ? 1 : 0);
const best = (elements, text) =>
  [...elements]
    .filter((element) => seen(element) && rank(text(element)) > 0)
    .sort((one, other) => rank(text(other)) - rank(text(one)))[0];

if (kind === 'field') {
  const label = best(document.querySelectorAll('label'), (element) => plain(element.textContent));
  return label ? label.control : null;
}
return best(document.querySelectorAll(kind), (element) => plain(element.getAttribute('aria-label') ?? element.textContent));
