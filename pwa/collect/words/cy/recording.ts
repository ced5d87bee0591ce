import type { recording as english } from '../en/recording';
import { count, minutes, stories } from './forms';

/** Before and beside a recording: the check, and the moments that are marked. */
export const recording: typeof english = {
  ready: {
    title: 'Cyn i chi ddechrau',
    why: 'Golwg gyflym ar y ffôn hwn, unwaith y dydd.',
    skip: 'Dechrau heb wirio',
    start: 'Dechrau’r sgwrs',
    found: 'Yr hyn a welson ni',
    microphone: {
      title: 'Microffon',
      ask: 'Dywedwch rywbeth, a gwyliwch y bariau’n symud.',
      try: 'Rhoi cynnig ar y microffon',
      asking: 'Mae’r ffôn yn gofyn a gaiff Earshot ddefnyddio’r microffon. Dywedwch ie.',
      waiting: 'Dydyn ni’n clywed dim eto. Dywedwch rywbeth yn agos at y ffôn.',
      heard: 'Rydyn ni’n eich clywed chi.',
    },
    room: {
      title: 'Lle ar gyfer sain',
      enough: (left) => `Lle ar gyfer ${roughly(left)} o recordio.`,
      little: (left) => `Lle ar gyfer ${roughly(left)} yn unig. Anfonwch yr hyn sy’n aros, neu gwnewch le.`,
      none: 'Does dim lle ar ôl. Gwnewch le yn gyntaf.',
      unknown: 'Nid yw’r ffôn hwn yn dweud faint o le sydd ar ôl.',
    },
    storage: {
      title: 'Ei gadw’n ddiogel',
      kept: 'Mae’r ffôn wedi addo cadw’r hyn rydych yn ei recordio.',
      not_promised: 'Nid yw’r ffôn wedi addo cadw’r hyn rydych yn ei recordio. Anfonwch ef yn fuan, a pheidiwch â chlirio data’r porwr.',
      ask: 'Gofyn i’r ffôn ei gadw',
      refused: 'Dywedodd y ffôn na am nawr. Mae ychwanegu Earshot at y sgrin gartref yn aml yn helpu.',
    },
    battery: {
      title: 'Batri',
      enough: (percent, charging) => `${percent}% yn llawn${charging ? ', ac yn gwefru' : ''}.`,
      low: (percent) => `Dim ond ${percent}% yn llawn. Plygiwch ef i mewn os gallwch chi.`,
      unknown: 'Nid yw’r ffôn hwn yn dweud. Edrychwch arno cyn dechrau.',
    },
    sent: {
      title: 'Wedi’i anfon hyd yma',
      all: 'Mae popeth wedi’i anfon.',
      waiting: (n) => `Mae ${stories(n)} ar y ffôn hwn yn unig.`,
      last: (when) => `Atebodd Earshot ddiwethaf: ${when}.`,
      never: 'Nid yw Earshot wedi ateb y ffôn hwn eto.',
    },
  },

  install: {
    title: 'Rhowch Earshot ar eich sgrin gartref yn gyntaf',
    why: 'Mewn tab porwr, gall y ffôn hwn ddileu’r hyn rydych yn ei recordio ar ôl wythnos heb ei ddefnyddio. Ar y sgrin gartref mae’n ei gadw.',
    steps: [
      'Tapiwch fotwm rhannu’r porwr: sgwâr gyda saeth.',
      'Dewiswch “Ychwanegu at y Sgrin Gartref” (Add to Home Screen).',
      'Agorwch Earshot o’r fan honno, a mewngofnodwch unwaith eto.',
    ],
    home: 'Mynd yn ôl',
    anyway: 'Rhoi cynnig arni beth bynnag',
    anywayWhy: 'Os recordiwch chi yma, anfonwch bopeth heddiw.',
  },

  marks: {
    promptHint: 'Tapiwch y cwestiwn wrth ei ofyn, i farcio’r foment.',
    marked: (time) => `Marciwyd ar ${time}`,
    markedPrompt: (time) => `Marciwyd y cwestiwn ar ${time}`,
    notMarked: 'Ni chadwyd y marc. Mae’r recordio’n mynd ymlaen.',
    undo: 'Dadwneud',
    about: 'Am beth mae?',
    noTheme: 'Dim thema',
    count: (n) => count(n, { two: '# foment wedi’u marcio', one: '# foment wedi’i marcio', other: '# moment wedi’u marcio' }),
  },
};

function roughly(left: number): string {
  if (left < 120) return `tua ${minutes(left)}`;
  const hours = Math.floor(left / 60);
  return hours >= 24 ? 'mwy na diwrnod' : `tua ${count(hours, { other: '# awr' })}`;
}
