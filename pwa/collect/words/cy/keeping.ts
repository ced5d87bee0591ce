import type { Content } from '../../domain/consent-decision';
import type { keeping as english } from '../en/keeping';
import { shortened } from '../shortened';
import { count, dayAndTime, list, spokenLength } from './forms';

const CONTENTS: Record<Content, string> = {
  audio: 'eu llais', words: 'eu geiriau ar bapur', quote: 'dyfyniadau', photo: 'lluniau',
};

/** Finishing a story, its receipt, and what is on the phone. */
export const keeping: typeof english = {
  finish: {
    title: 'Ai dyma bopeth?',
    captured: 'Yr hyn a gasgloch chi',
    nothing: 'Ni chasglwyd dim. Mae eu hatebion wedi’u cadw a byddan nhw’n cael eu hanfon.',
    next: 'Beth sy’n digwydd nawr',
    nextSteps: [
      'Mae wedi’i chadw ar y ffôn hwn.',
      'Caiff ei hanfon pan ellir cyrraedd Earshot.',
      'Dim ond at y bobl y dywedon nhw ie wrthyn nhw y bydd yn mynd.',
    ],
    reachTitle: 'Pwy sy’n cael beth',
    audiences: {
      commissioners: 'Y bobl sy’n cynllunio’r gwasanaeth',
      board: 'Bwrdd',
      publication: 'Print, heb enw',
    },
    canHave: (contents) => list.format(contents.map((one) => CONTENTS[one])),
    canHaveNothing: 'Dim byd',
    action: 'Gorffen y stori hon',
    more: 'Na, mynd yn ôl',
  },

  receipt: {
    title: 'Rhowch eu derbynneb iddyn nhw',
    why: 'Gyda’r cod hwn gallan nhw weld beth ddaeth o’u stori, a sut i’w thynnu’n ôl. Does dim angen cyfrif.',
    how: 'Gadewch iddyn nhw dynnu llun o hwn, neu ysgrifennwch y cod iddyn nhw.',
    qr: (link) => `Cod QR ar gyfer ${link}`,
    titleFor: (name) => `Derbynneb i ${name}`,
    of: (n, of) => `Derbynneb ${n} o ${of}`,
    other: 'Gall rhywun sy’n methu ei gweld ei chlywed. Gall rhywun sy’n methu clywed gopïo’r llythrennau mawr.',
    spoken: (place, groups) => [
      `Ewch i ${place}.`,
      'Dyma’r cod:',
      ...groups.map((group) => `${[...group].join(', ')}.`),
      'Cadwch hwn. Gofynnir i chi am yr enw yn eich stori.',
    ],
    next: (name) => `Nesaf: derbynneb i ${name}`,
    code: 'Eu cod',
    at: (place) => `I’w ddefnyddio, ewch i ${place}`,
    asked: 'Cadwch hwn. Gofynnir i chi am yr enw yn eich stori.',
    print: 'Ei argraffu',
    done: 'Wedi gorffen',
  },

  part: {
    name: (part) => {
      if (part.kind === 'recording') return `Recordiad, ${spokenLength(part.durationMs ?? 0)}`;
      if (part.kind === 'photo') return part.description ? `Llun: ${part.description}` : 'Llun heb ddisgrifiad';
      return `Dyfyniad: “${shortened(part.text ?? '')}”`;
    },
    sending: (percent) => `Yn anfon ${percent}%`,
    lostMarks: (n) =>
      count(n, { two: 'Doedd dim modd darllen # farc ynddo.', other: 'Doedd dim modd darllen # marc ynddo.' }) +
      ' Mae’r sain yn ddiogel.',
    states: {
      open: 'Yn cael ei recordio nawr',
      waiting: 'Ar y ffôn hwn yn unig',
      sending: 'Yn anfon',
      stored: 'Wedi’i anfon a’i wirio',
      refused: 'Ar y ffôn hwn yn unig',
      needs_sign_in: 'Ar y ffôn hwn yn unig nes i chi fewngofnodi',
    },
  },

  remove: {
    action: 'Dileu o’r ffôn hwn',
    title: (what) => `Dileu hwn? ${what}`,
    why: 'Ar ôl ei ddileu, ni ellir ei gael yn ôl. Mae gweddill y stori’n aros.',
    sure: 'Ie, ei ddileu',
    no: 'Na, ei gadw',
    notDone: 'Nid yw wedi’i ddileu',
  },

  outbox: {
    title: 'Beth sydd ar y ffôn hwn',
    empty: 'Does dim straeon yn cael eu cadw yma eto.',
    offline: 'Dim cysylltiad nawr. Caiff yr hyn sy’n aros ei anfon pan fydd un.',
    lastChecked: (iso) => `Atebodd Earshot ddiwethaf: ${dayAndTime.format(new Date(iso))}.`,
    neverChecked: 'Nid yw Earshot wedi ateb y ffôn hwn eto.',
    tryNow: 'Ceisio nawr',
    sendingNow: 'Yn anfon nawr.',
    retry: 'Rhoi cynnig arall ar hwn',
    open: 'Agor y stori',
    receipt: 'Dangos y dderbynneb',
    needs: (what) => `Mae eich angen chi: ${what}`,
    storyStates: {
      only_here: (sent, of) => `Ar y ffôn hwn yn unig. Anfonwyd ${sent} o ${of} rhan`,
      sending: (sent, of) => `Yn anfon. Anfonwyd ${sent} o ${of} rhan`,
      stored: () => 'Wedi’i hanfon a’i gwirio',
      needs_attention: (sent, of) => `Mae eich angen chi. Anfonwyd ${sent} o ${of} rhan`,
      needs_sign_in: (sent, of) => `Ar y ffôn hwn yn unig nes i chi fewngofnodi. Anfonwyd ${sent} o ${of} rhan`,
    },
    waitingStories: 'Heb eu hanfon i gyd eto',
    sentStories: 'Wedi’u hanfon a’u gwirio',
  },
};
