// Makes a part of the page like a newer one and touches nothing that is as it was: what has the focus keeps it, what is
// open stays open, and what somebody has typed stays typed.

/** What the page's own modules put there, which the server knows nothing of. */
export const KEPT = 'data-kept';
/** Set by people, not by the server. */
const THEIRS = new Set(['open', 'tabindex', KEPT]);

export function morph(old: Element, now: Element): void {
  if (old.isEqualNode(now)) return;
  for (const { name, value } of now.attributes) {
    if (!THEIRS.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!THEIRS.has(name) && !now.hasAttribute(name)) old.removeAttribute(name);
  }
  morphChildren(old, now);
}

function morphChildren(old: Element, now: Element): void {
  const left = [...old.childNodes].filter((node) => !isKept(node));
  let before: ChildNode | null = null;
  for (const wanted of [...now.childNodes]) {
    const found = left.find((node) => isSame(node, wanted));
    if (found) left.splice(left.indexOf(found), 1);
    const placed: ChildNode = found ?? (document.importNode(wanted, true) as ChildNode);
    place(old, placed, before);
    if (placed instanceof Element && found) morph(placed, wanted as Element);
    else if (found && placed.nodeValue !== wanted.nodeValue) placed.nodeValue = wanted.nodeValue;
    before = placed;
  }
  for (const node of left) node.remove();
}

/** After `before`, or first. What is there already is not moved, so that it keeps the focus. */
function place(parent: Element, node: ChildNode, before: ChildNode | null): void {
  let next = before ? before.nextSibling : parent.firstChild;
  while (next && next !== node && isKept(next)) next = next.nextSibling;
  if (next !== node) parent.insertBefore(node, next);
}

function isKept(node: Node): boolean {
  return node instanceof Element && node.hasAttribute(KEPT);
}

function isSame(old: Node, now: Node): boolean {
  if (old.nodeType !== now.nodeType || old.nodeName !== now.nodeName) return false;
  return !(old instanceof Element && now instanceof Element) || keyOf(old) === keyOf(now);
}

function keyOf(element: Element): string {
  return element.id || element.getAttribute('data-theme') || '';
}
