// Passkeys, on the page to sign in and on the account page. The server asks, the device answers, a form carries it back.

interface Descriptor {
  id: string;
  type: 'public-key';
  transports?: AuthenticatorTransport[];
}

/** What the server asks for, as JSON (WebAuthn level 3, 5.1.8 and 5.1.9): bytes are base64url. */
interface AskedToAdd extends Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user' | 'excludeCredentials'> {
  challenge: string;
  user: { id: string; name: string; displayName: string };
  excludeCredentials?: Descriptor[];
}

interface AskedToSignIn extends Omit<PublicKeyCredentialRequestOptions, 'challenge' | 'allowCredentials'> {
  challenge: string;
}

const NOT_NOW = 'That did not work. Nothing has changed. Try again, or carry on without a passkey.';
const HERE_ALREADY = 'This device has one of your passkeys already.';

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const raw = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(raw).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

async function ask<Asked>(form: HTMLFormElement): Promise<Asked> {
  const token = form.querySelector<HTMLInputElement>('input[name="csrf_token"]')?.value;
  const answer = await fetch(form.dataset.question ?? '', {
    method: 'POST',
    headers: token ? { 'X-CSRF-Token': token } : {},
  });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return (await answer.json()) as Asked;
}

async function add(form: HTMLFormElement): Promise<string> {
  const asked = await ask<AskedToAdd>(form);
  const made = (await navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: asked.excludeCredentials?.map((held) => ({ ...held, id: bytes(held.id) })),
    },
  })) as PublicKeyCredential;
  const { clientDataJSON, attestationObject } = made.response as AuthenticatorAttestationResponse;
  return answered(made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) });
}

async function use(form: HTMLFormElement): Promise<string> {
  const asked = await ask<AskedToSignIn>(form);
  const used = (await navigator.credentials.get({
    publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: [] },
  })) as PublicKeyCredential;
  const { clientDataJSON, authenticatorData, signature, userHandle } =
    used.response as AuthenticatorAssertionResponse;
  return answered(used, {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : undefined,
  });
}

function answered(credential: PublicKeyCredential, response: Record<string, string | undefined>): string {
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function carry(form: HTMLFormElement, problem: HTMLElement): Promise<void> {
  problem.hidden = true;
  try {
    const credential = form.elements.namedItem('credential') as HTMLInputElement;
    credential.value = await (form.dataset.passkey === 'add' ? add(form) : use(form));
    form.submit();
  } catch (error) {
    const isHere = error instanceof DOMException && error.name === 'InvalidStateError';
    problem.textContent = isHere ? HERE_ALREADY : NOT_NOW;
    problem.hidden = false;
  }
}

if ('PublicKeyCredential' in window) {
  for (const note of document.querySelectorAll<HTMLElement>('[data-no-passkeys]')) note.hidden = true;
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
    const problem = form.querySelector<HTMLElement>('[data-problem]');
    if (!problem) continue;
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void carry(form, problem);
    });
  }
}
