import type { opening as english } from '../en/opening';
import { count, dayAndTime, spokenLength, stories } from './forms';

/** Opening the app, the first page, and pages that went wrong. */
export const opening: typeof english = {
  app: {
    name: 'Earshot',
    title: (page) => `${page} – Earshot`,
    skip: 'Neidio i’r brif ran',
    opening: 'Yn agor Earshot',
    openingMore: 'Yn edrych ar yr hyn sydd wedi’i gadw ar y ffôn hwn.',
    back: 'Yn ôl',
    goHome: 'Mynd i’r dudalen gyntaf',
    continue: 'Parhau',
    when: (iso) => dayAndTime.format(new Date(iso)),
    length: spokenLength,
    brightScreen: 'Sgrin olau',
    darkScreen: 'Sgrin dywyll',
    online: 'Ar-lein',
    offline: 'Dim cysylltiad',
  },

  signIn: {
    title: 'Mewngofnodwch i ddechrau',
    why: 'Mewngofnodwch unwaith ar y ffôn hwn. Wedyn mae Earshot yn agor ac yn gweithio heb signal.',
    action: 'Mewngofnodi',
    offline: 'Ni all y ffôn hwn gyrraedd Earshot nawr. Dewch o hyd i signal neu Wi-Fi, yna mewngofnodwch.',
    again: 'Mewngofnodi eto',
    againTitle: 'Rydych chi wedi’ch allgofnodi',
    againWhy: 'Does dim wedi’i golli. Gallwch barhau yma. Mewngofnodwch eto er mwyn anfon y straeon sydd ar y ffôn hwn.',
    tryAgain: 'Edrych eto',
  },

  language: {
    title: 'Dewiswch iaith',
    why: 'Mae Earshot yn siarad â chi yn yr iaith hon. Mae’r hyn a ddywedodd pobl wrthoch chi’n aros fel y’i dywedon nhw.',
    link: 'Iaith',
    inUse: 'wedi’i dewis nawr',
  },

  home: {
    project: 'Prosiect',
    start: 'Dechrau sgwrs',
    change: 'Newid prosiect',
    noProject: 'Does gennych chi ddim prosiect eto',
    noProjectWhy: 'Gofynnwch i’r person sy’n rhedeg eich prosiect eich gwahodd fel ymchwilydd. Yna dewch yn ôl yma.',
    allSent: 'Mae popeth wedi’i anfon',
    allSentMore: 'Does dim stori’n aros ar y ffôn hwn.',
    waiting: (n) => `Mae ${stories(n)} ar y ffôn hwn yn unig`,
    waitingOnline: 'Mae’r cyfan yn ddiogel yma. Caiff ei anfon tra bo Earshot ar agor a heb ei gloi. Mae Earshot yn cloi ar ôl 5 munud heb ei gyffwrdd.',
    waitingOffline: 'Mae’r cyfan yn ddiogel yma. Caiff ei anfon pan fydd cysylltiad.',
    needsYou: (n) => `Mae ${stories(n)} eich angen chi`,
    seeOutbox: 'Gweld beth sydd ar y ffôn hwn',
    openLatest: (name) => `Mynd yn ôl i’r stori ddiwethaf: ${name}`,
    trouble: 'Mae Earshot eich angen chi',
    withdrawn: (n) => count(n, { one: 'Cafodd # stori ei thynnu’n ôl', other: 'Cafodd # stori eu tynnu’n ôl' }),
    withdrawnWhy: 'Eu dewis nhw oedd hynny. Does dim ohoni ar y ffôn hwn mwyach.',
    demo: 'Prosiect ffug yw hwn, i roi cynnig ar bethau. Peidiwch â rhoi straeon pobl go iawn ynddo.',
    install: 'Cadw Earshot ar y ffôn hwn',
    installWhy: 'Ychwanegwch ef at eich sgrin gartref. Mae’n agor yn gynt, ac mae’r ffôn yn cadw eich straeon yn ddiogel am fwy o amser.',
    installAction: 'Ychwanegu at y sgrin gartref',
    installByHand: 'Yn newislen eich porwr, dewiswch “Ychwanegu at y Sgrin Gartref” (Add to Home Screen).',
    updateTitle: 'Mae Earshot mwy newydd yn barod',
    updateWhy: 'Mae newid yn cymryd ychydig eiliadau. Mae’r hyn sydd wedi’i gadw ar y ffôn hwn yn aros.',
    updateAction: 'Agor yr un mwy newydd',
    clockTitle: 'Mae cloc y ffôn hwn yn edrych yn anghywir',
    clockWhy: 'Gosodwch y dyddiad a’r amser yng ngosodiadau’r ffôn. Rydyn ni wedi rhoi’r amser cywir ar yr hyn a anfonoch chi.',
  },

  projects: {
    title: 'Ar gyfer pa brosiect mae hyn?',
    inUse: 'wedi’i ddewis nawr',
  },

  recovered: {
    title: (milliseconds) => {
      const whole = Math.floor(milliseconds / 1000);
      return `Recordiad wedi’i achub, ${whole}–${whole + 1} eiliad`;
    },
    why: (name) => `Caeodd Earshot wrth recordio ${name || 'rhywun'}. Mae popeth hyd hynny wedi’i gadw ar y ffôn hwn.`,
    locked: 'Gallwch ei gadw nawr. Datglowch Earshot i barhau ag ef neu i’w ddileu.',
    keep: 'Ei gadw',
    carryOn: 'Dal ati i recordio',
    remove: 'Ei ddileu',
    noneTitle: 'Cafodd recordiad ei dorri’n fyr',
    noneWhy: (name) => `Caeodd Earshot wrth ddechrau recordio ${name || 'rhywun'}. Ni chadwyd dim sain.`,
    again: 'Recordio eto',
    close: 'Cau’r neges hon',
  },

  unknown: {
    title: 'Ni allwn ddod o hyd i’r dudalen honno',
    why: 'Does dim wedi’i golli. Ewch yn ôl i’r dudalen gyntaf a dewiswch eto.',
    brokenTitle: 'Aeth rhywbeth o’i le',
    brokenWhy: 'Mae’r hyn a gadwyd yn dal ar y ffôn hwn. Agorwch Earshot eto. Os daw hyn yn ôl, dywedwch wrth y person sy’n rhedeg eich prosiect.',
    reopen: 'Agor Earshot eto',
  },
};
