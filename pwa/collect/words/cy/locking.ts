import type { locking as english } from '../en/locking';
import { count, minutes, seconds } from './forms';

/** The phone's own lock, signing out, and deleting everything. */
export const locking: typeof english = {
  setUpLock: {
    title: 'Dewiswch PIN ar gyfer Earshot',
    why: 'Mae straeon yn cael eu cadw ar y ffôn hwn dan y PIN hwn. Os collir y ffôn, ni all neb eu darllen na’u clywed hebddo.',
    label: 'PIN neu gyfrinair newydd',
    hint: 'O leiaf 6 digid, nid mewn trefn, neu 8 llythyren. Nid PIN y ffôn.',
    again: 'Yr un peth eto',
    againHint: 'Fel na fydd camdeipio yn eich cloi allan.',
    different: 'Nid yw’r ddau yr un fath. Ysgrifennwch ef eto.',
    action: 'Defnyddio’r PIN hwn',
    working: 'Yn cloi. Mae hyn yn cymryd eiliad',
    show: 'Dangos yr hyn rwy’n ei ysgrifennu',
  },

  unlock: {
    title: 'Datgloi Earshot',
    why: 'Mae’r hyn sydd ar y ffôn hwn wedi’i gloi. Datglowch ef i’w ddarllen, ei glywed neu ei anfon.',
    label: 'Eich PIN neu gyfrinair',
    hint: 'Yr un a ddewisoch ar gyfer Earshot ar y ffôn hwn.',
    action: 'Datgloi',
    working: 'Yn datgloi. Mae hyn yn cymryd eiliad',
    wait: (milliseconds) => {
      const whole = Math.ceil(milliseconds / 1000);
      const left = whole < 90 ? seconds(whole) : minutes(Math.ceil(whole / 60));
      return `Gormod o PINs anghywir. Rhowch gynnig arall arni mewn ${left}. Does dim wedi’i golli.`;
    },
    forgotten: 'Dydw i ddim yn gwybod y PIN',
    lockedTitle: 'Mae Earshot wedi’i gloi',
    lockedWhy: 'Gallwch ddechrau sgwrs. Datglowch i weld beth sydd yma ac i’w anfon.',
    lockedUnfinished: 'Efallai nad ydych wedi gorffen gofyn am gydsyniad. Gallwch ddal ati ar ôl datgloi Earshot.',
  },

  forgotten: {
    title: 'Dewiswch PIN newydd',
    why: 'Does dim wedi’i golli. Gyda’ch cyfrinair Earshot, gall y gweinydd agor y ffôn hwn eto. Mae angen cysylltiad.',
    password: 'Eich cyfrinair Earshot',
    passwordHint: 'Yr un rydych yn mewngofnodi ag ef.',
    action: 'Agor gyda PIN newydd',
    back: 'Rhoi cynnig arall ar y PIN',
  },

  changePin: {
    title: 'Newid y PIN',
    now: 'Y PIN rydych yn ei ddefnyddio nawr',
    nowHint: 'Fel na all neb arall ei newid.',
    action: 'Ei newid',
    done: 'Mae’r PIN wedi’i newid',
  },

  signOut: {
    title: 'Allgofnodi ar y ffôn hwn',
    action: 'Allgofnodi',
    allSent: 'Mae popeth wedi’i anfon. Mae’r hyn sydd yma o hyd yn aros dan glo ar y ffôn hwn.',
    waiting: 'Bydd y cyfan yn aros yma, dan glo. Caiff ei anfon pan fyddwch yn mewngofnodi eto ar y ffôn hwn.',
    takenBack: 'Bydd nodyn ohono’n aros ar y ffôn hwn. Gwelwch am beth mae’n aros.',
    unfinished: 'Bydd y cyfan yn aros yma, dan glo. Gallwch ddal ati pan fyddwch yn mewngofnodi eto ar y ffôn hwn.',
    sendFirst: 'Gweld beth sydd heb ei anfon',
    stay: 'Aros wedi’ch mewngofnodi',
    failed: 'Rydych chi’n dal wedi’ch mewngofnodi: ni ellir cyrraedd Earshot. Rhowch gynnig arall arni gyda chysylltiad.',
    destroyLink: 'Dileu popeth ar y ffôn hwn',
  },

  destroy: {
    title: 'Dileu popeth ar y ffôn hwn',
    why: 'Mae straeon, recordiadau, lluniau a’r PIN yn cael eu dileu o’r ffôn hwn. Mae’r hyn a anfonwyd yn aros ar y gweinydd.',
    waiting: 'Does gan neb arall gopi o ddim ohono. Ni ellir dadwneud y dileu.',
    takenBack: 'Os dilëwch chi bopeth nawr, efallai na fydd y gweinydd byth yn gwybod. Anfonwch y neges yn gyntaf.',
    unfinished: 'Does gan neb arall gopi. Ni ellir dadwneud y dileu.',
    nothingWaits: 'Mae popeth yma wedi’i anfon.',
    word: 'DILEU',
    label: (word) => `I fynd ymlaen, ysgrifennwch ${word}`,
    hint: 'Mewn prif lythrennau.',
    wrong: (word) => `Ysgrifennwch ${word} i fynd ymlaen, neu cadwch bopeth.`,
    action: 'Dileu popeth',
    keep: 'Cadw popeth',
  },

  onlyHere: {
    title: 'Mae rhai pethau heb eu gorffen',
    conversations: (n) => count(n, { other: 'Nid yw’r cydsyniad wedi’i orffen mewn # sgwrs.' }),
    quotes: (n) => count(n, { two: 'Mae # ddyfyniad heb eu gorffen.', other: 'Mae # dyfyniad heb ei orffen.' }),
    photos: (n) => count(n, { two: 'Mae # lun heb eu cadw mewn stori eto.', other: 'Mae # llun heb ei gadw mewn stori eto.' }),
  },

  thisPhone: {
    title: 'Y ffôn hwn',
    link: 'Y ffôn hwn: clo, PIN, allgofnodi',
    signedInAs: (name) => `Wedi mewngofnodi fel ${name}.`,
    lockNow: 'Cloi Earshot nawr',
  },
};
