import type { sending as english } from '../en/sending';
import { sizesIn } from '../sizes';
import { count, dayAndTime, stories } from './forms';

const size = sizesIn('cy');

/** How things leave the phone, what can be done with those that cannot, and stories that are taken back. */
export const sending: typeof english = {
  sending: {
    title: 'Sut mae pethau’n cael eu hanfon',
    link: 'Sut mae pethau’n cael eu hanfon',
    wifiOnly: 'Anfon sain a lluniau dros Wi-Fi yn unig',
    wifiOnlyWhy: 'Mae geiriau’n fach. Maen nhw’n mynd dros beth bynnag sydd ar gael.',
    lines: {
      wifi: 'Mae’r ffôn hwn ar Wi-Fi nawr.',
      mobile: 'Mae’r ffôn hwn ar ddata symudol nawr.',
      unknown: 'Nid yw’r ffôn hwn yn dweud a yw ar Wi-Fi. Mae sain a lluniau’n aros wedyn nes i chi eu hanfon â llaw.',
    },
    kept: 'Mae’r hyn a anfonwyd yn aros yma cyhyd ag y mae eich prosiect yn dymuno, ac yna’n gwneud lle ohono’i hun.',
    keptNow: (bytes) => `Mae ${size(bytes)} wedi’i anfon ac yn dal i’w gadw yma. Mae’n gwneud lle ohono’i hun.`,

    waitsTitle: 'Mae sain a lluniau’n aros am Wi-Fi',
    waits: (bytes) => `Mae ${size(bytes)} yn aros ar y ffôn hwn. Mae’n ddiogel yma.`,
    waitsUnknown: (bytes) => `Mae ${size(bytes)} yn aros. Nid yw’r ffôn hwn yn dweud a yw ar Wi-Fi, felly mae’n aros amdanoch chi.`,
    now: 'Anfon sain a lluniau nawr',

    locked: 'Mae’r cyfan yn ddiogel yma. Caiff ei anfon pan ddatglowch chi Earshot.',
    wifi: 'Mae’r cyfan yn ddiogel yma. Mae sain a lluniau’n aros am Wi-Fi.',
    shutOut: 'Mae’r cyfan yn ddiogel yma, a does dim ohono’n cael ei anfon.',

    revokedTitle: 'Cafodd y ffôn hwn ei gau allan',
    revokedWhy: 'Mae gweinyddwr wedi cau’r ffôn hwn allan o Earshot, felly does dim yn cael ei anfon ohono. Mae popeth sydd heb ei anfon yn dal yma, dan glo.',
    revokedNext: 'Siaradwch â’ch gweinyddwr. Gallwch gadw stori mewn ffeil iddyn nhw.',

    more: (left) => `Dangos mwy. ${stories(left)} heb eu dangos`,
  },

  itemFile: {
    action: 'Cadw hwn mewn ffeil',
    story: 'Cadw’r stori hon mewn ffeil',
    stuck: 'Os na ellir ei hanfon',
    stuckWhy: 'Cadwch hi mewn ffeil i’ch gweinyddwr. Mae dan sêl, felly dim ond y gweinydd all ei hagor.',
    saving: 'Yn cadw. Cadwch y dudalen hon ar agor',
    saved: 'Mae wedi’i gadw. Rhowch y ffeil i’ch gweinyddwr. Dim ond y gweinydd all ei hagor.',
    kept: 'Mae’r hyn sydd yma’n aros yma.',
    damaged: 'Mae rhan ohono wedi’i difrodi ar y ffôn hwn, ac nid yw yn y ffeil. Dywedwch wrth eich gweinyddwr.',
  },

  takeBack: {
    link: 'Tynnu’r stori hon yn ôl',
    title: (name) => `Tynnu stori ${name} yn ôl?`,
    why: 'Eu stori nhw yw hi, a does dim rhaid rhoi rheswm.',
    steps: [
      'Mae’n gadael y ffôn hwn nawr.',
      'Caiff yr hyn a anfonwyd ei ddileu ar y gweinydd, unwaith y bydd y ffôn hwn wedi dweud wrtho.',
      'Ni ellir dadwneud hyn.',
    ],
    sure: 'Ie, ei thynnu’n ôl',
    no: 'Na, ei chadw',
    notDone: 'Nid yw wedi’i thynnu’n ôl',
    doneTitle: 'Mae wedi’i thynnu’n ôl',
    done: 'Does dim ohoni ar y ffôn hwn mwyach. Diolchwch iddyn nhw am ei rhannu.',
    told: 'Mae’r gweinydd wedi cael gwybod.',
    seeList: 'Gweld am beth mae’n aros',
    waiting: (n) => `${count(n, { one: 'Cafodd # stori ei thynnu’n ôl.', other: 'Cafodd # stori eu tynnu’n ôl.' })} Nid yw hynny wedi’i orffen gyda’r gweinydd.`,
    nothingHere: 'Does dim o’r hyn a dynnwyd yn ôl ar y ffôn hwn mwyach.',
    listTitle: 'Wedi’u tynnu’n ôl, heb orffen gyda’r gweinydd',
    one: (iso) => `Tynnwyd yn ôl: ${dayAndTime.format(new Date(iso))}`,
    collector: 'y sawl a glywodd y stori',
    waitsFor: {
      server: () => 'Caiff y gweinydd wybod pan ellir ei gyrraedd.',
      asked_for_another: (_collector, me) =>
        `Nid ${me} a gasglodd y stori hon. Bydd Earshot yn gofyn i’r gweinydd er hynny, pan ellir ei gyrraedd. Edrychwch eto wedyn i weld a gafodd ei dderbyn.`,
      once_more: () => 'Mae’r gweinydd yn gwybod, ac mae’r stori wedi dod i ben yno. Bydd Earshot yn dweud wrtho unwaith eto, i fod yn siŵr.',
      locked: () => 'Nid yw’r gweinydd yn gwybod eto. Mae hyn yn aros nes i Earshot gael ei ddatgloi ar y ffôn hwn.',
      signed_out: (collector) =>
        `Nid yw’r gweinydd yn gwybod eto. Does neb wedi mewngofnodi ar y ffôn hwn. Mae hyn yn aros nes i ${collector}, neu rywun arall o’r prosiect, fewngofnodi yma.`,
      not_taken: (collector, me) =>
        `Nid yw’r gweinydd yn derbyn hyn gan ${me}. Mae’n aros nes i ${collector}, neu weinyddwr y prosiect, fewngofnodi yma. Neu cadwch ef mewn ffeil i weinyddwr.`,
      left: (_collector, me) =>
        `Nid yw’r gweinydd yn derbyn hyn gan ${me} mwyach. Mae’n aros nes i weinyddwr y prosiect fewngofnodi yma. Neu cadwch ef mewn ffeil iddyn nhw.`,
      damaged: () =>
        'Mae’r nodyn ohono ar y ffôn hwn wedi’i ddifrodi, felly ni ellir ei anfon. Dywedwch wrth weinyddwr nawr fod y stori hon wedi’i thynnu’n ôl.',
      shut_out: () =>
        'Nid yw’r gweinydd yn gwybod, am fod y ffôn hwn wedi’i gau allan. Dywedwch wrth weinyddwr nawr. Gallwch gadw hyn mewn ffeil iddyn nhw.',
    },
    refused: (why) => `Ni dderbyniodd y gweinydd hyn. ${why} Siaradwch â’ch gweinyddwr nawr.`,
  },
};
