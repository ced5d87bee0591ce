import type { consenting as english } from '../en/consenting';
import type { Unfinished } from '../fallback';
import { list, seconds } from './forms';

/** Who is here, which words they want, how they agree, and what a group is told. */
export const consenting: Unfinished<typeof english> = {
  who: {
    title: 'Pwy fydd yn adrodd eu stori?',
    choices: { one: 'Dim ond un person', group: 'Grŵp' },
    groupTitle: 'Beth ddylen ni alw’r grŵp hwn?',
    groupLabel: 'Enw ar gyfer y grŵp',
    groupHint: 'Er enghraifft, gofalwyr dydd Mawrth. Dim enwau iawn.',
    groupMissing: 'Ysgrifennwch enw ar gyfer y grŵp.',
    firstName: 'Beth ddylen ni alw’r person hwn?',
    personLabel: 'Enw ar gyfer y person hwn',
    nameTaken: 'Mae gan rywun yma yr enw hwnnw’n barod. Dewiswch un arall.',
  },

  reading: {
    title: 'Pa eiriau sydd orau i chi?',
    language: 'Iaith',
    reading: 'Sut mae wedi’i ysgrifennu',
    full: 'Y geiriau i gyd',
    easy: 'Brawddegau byr a lluniau',
    for: (name) => `I ${name}`,
  },

  aloud: {
    listen: 'Gwrando',
    stop: 'Stopio darllen yn uchel',
    noVoice: 'Does gan y ffôn hwn ddim llais ar gyfer yr iaith hon. Darllenwch ef iddyn nhw, os gwelwch yn dda.',
    failed: 'Ni allai’r ffôn ddarllen hwn yn uchel. Darllenwch ef iddyn nhw, os gwelwch yn dda.',
  },

  pictures: {
    record: 'Llun: mae person yn siarad a ffôn yn gwrando.',
    transcribe: 'Llun: mae llais yn troi’n ysgrifen ar bapur.',
    commissioners: 'Llun: mae dau berson yn darllen tudalen ac yn cynllunio.',
    board: 'Llun: mae pobl wrth fwrdd hir yn gwrando ar stori.',
    publication: 'Llun: llyfr gyda geiriau rhywun a dim wyneb.',
    photos: 'Llun: mae camera’n tynnu llun o gadair.',
  },

  refusal: {
    title: 'Diolch am ddweud wrthon ni',
    one: 'Dywedon nhw na wrth bopeth. Mae hynny’n iawn. Does dim yn cael ei recordio, a does dim amdanyn nhw’n cael ei gadw.',
    group: (name) => `Dywedodd ${name} na wrth bopeth. Mae hynny’n iawn. Does dim amdanyn nhw’n cael ei gadw.`,
    inRoom: 'Cân nhw aros a gwrando. Ond rhaid peidio â’u clywed yn y recordiad.',
    speak: 'Os ydyn nhw eisiau siarad hefyd, ewch ymlaen heb recordio. Gallwch ysgrifennu’r hyn mae’r lleill yn ei ddweud o hyd.',
    done: 'Diolch iddyn nhw a gorffen',
    listen: 'Byddan nhw’n gwrando, neu’n gadael',
    without: 'Byddan nhw’n siarad. Peidio â recordio',
    change: 'Maen nhw eisiau newid ateb',
  },

  helpers: {
    title: 'Wnaeth rhywun helpu?',
    interpreter: 'Pwy roddodd ef yn eu hiaith nhw?',
    interpreterHint: 'Enw neu swydd. Gadewch yn wag os na wnaeth neb.',
    witness: 'Pwy arall oedd yno ac a’u gwelodd yn cytuno?',
    witnessHint: 'Enw neu swydd. Gadewch yn wag os nad oedd neb.',
    long: 'Mae hynny’n rhy hir. Defnyddiwch 120 llythyren neu lai.',
    none: 'Neb',
    short: 'Pwy helpodd',
    both: (interpreter, witness) =>
      list.format([...(interpreter ? [`cyfieithydd: ${interpreter}`] : []), ...(witness ? [`tyst: ${witness}`] : [])]),
  },

  agreedBy: {
    label: 'Pwy sy’n cytuno ar eu rhan?',
    hint: 'Sut maen nhw’n perthyn, er enghraifft: mam, tad, gofalwr neu ymgynghorai.',
    missing: 'Ysgrifennwch pwy sy’n cytuno ar eu rhan.',
    child: 'Gofynnwch i’r plentyn hefyd, mewn geiriau maen nhw’n eu gwybod. Os dywed y plentyn na, peidiwch â mynd ymlaen.',
    adult: 'Gofynnwch i’r person hefyd, cyn belled ag y gallan nhw ddweud. Os nad ydyn nhw i weld yn dymuno hynny, peidiwch â mynd ymlaen.',
    short: 'Pwy gytunodd ar eu rhan',
  },

  evidence: {
    other: 'Dewis ffordd arall',
    keep: 'Ei gadw',
    keeping: 'Yn ei gadw',
    again: 'Ei wneud eto',
    signature: {
      title: 'Llofnodwch yma',
      why: 'Tynnwch eich enw â bys neu ben. Mae croes yn iawn hefyd.',
      pad: 'Y blwch i dynnu ynddo',
      drawn: 'Mae rhywbeth wedi’i dynnu.',
      empty: 'Does dim wedi’i dynnu eto.',
      missing: 'Tynnwch rywbeth yn gyntaf, neu dewiswch ffordd arall.',
      clear: 'Ei glirio',
      undo: 'Tynnu’r llinell olaf yn ôl',
      cannot: 'Methu tynnu? Gallwch ei ddweud, neu dapio eich atebion.',
    },
    spoken: {
      title: 'Dywedwch eich bod yn cytuno',
      why: 'Dim ond hyn rydyn ni’n ei recordio. Mae’n dangos beth gytunon nhw iddo, ac mae’n cael ei gadw ar wahân i’w stori.',
      whyRefused: 'Nid yw eu stori’n cael ei recordio: dywedon nhw na wrth hynny. Dim ond i ddangos beth gytunon nhw iddo mae hwn.',
      say: 'Gofynnwch iddyn nhw ddweud: “Fy enw i yw …, ac rwy’n cytuno i …”',
      start: 'Recordio’r hyn maen nhw’n ei ddweud',
      starting: 'Yn agor y microffon',
      stop: 'Stopio',
      recording: (n) => `Yn recordio. ${seconds(n)}`,
      listenTitle: 'Gwrandewch arno cyn ei gadw',
      player: 'Yr hyn a ddywedon nhw',
      nothing: 'Doedd dim sain. Rhowch gynnig arall arni.',
      instead: 'Dydyn nhw ddim eisiau cael eu recordio',
      heardTitle: 'Pwy a’u clywodd yn cytuno?',
      heardHint: 'Enw neu swydd rhywun oedd yno, heblaw chi.',
      heardMissing: 'Ysgrifennwch pwy a’i clywodd, neu dewiswch ffordd arall.',
    },
    paper: {
      title: 'Tynnwch lun o’r papur',
      why: 'Rhowch y papur wedi’i lofnodi yn wastad mewn golau da. Gwnewch yn siŵr bod y cyfan yn y llun.',
      checkTitle: 'Allwch chi ddarllen pob gair?',
      preview: 'Y llun o’r papur',
      hidden: 'Mae’n cael ei gadw ar wahân i’w stori. Mae’r lleoliad yn nata’r llun yn cael ei dynnu allan.',
    },
    kept: {
      ticked: 'Fe dapion nhw eu hatebion yma',
      signed: 'Fe lofnodon nhw ar y sgrin hon',
      spoken: 'Fe’i dywedon nhw, ac fe’i recordiwyd',
      heard: (witness) => `Fe’i dywedon nhw, ac fe’i clywodd ${witness}`,
      paper: 'Fe lofnodon nhw bapur. Mae llun ohono wedi’i gadw',
    },
  },

  group: {
    title: 'Pwy sy’n rhan o hyn?',
    nobody: 'Neb eto.',
    agreed: (name) => `${name}: wedi cytuno`,
    open: (name) => `${name}: heb ofyn popeth eto`,
    again: (name) => `${name}: gofynnwch eto, nawr bod rhywun wedi dod`,
    see: 'Gweld eu hatebion',
    goOn: 'Dal ati i ofyn',
    askAgain: 'Gofyn a yw’n dal yn iawn',
    remove: 'Eu gadael allan',
    removeNamed: (name) => `Gadael ${name} allan`,
    add: 'Ychwanegu person arall',
    full: 'Deugain o bobl yw’r mwyaf ar gyfer un stori.',
    together: 'Cewch wneud yr hyn y dywedodd pob un ohonyn nhw ie wrtho:',
    nothing: 'Does dim y dywedodd pob un ohonyn nhw ie wrtho. Cân nhw newid ateb, neu gallwch ei gadael hi yma.',
    notRecorded: 'Rydych chi’n mynd ymlaen heb recordio.',
    recordAgain: 'Cewch recordio wedi’r cyfan',
    confirm: 'Mae pawb wedi’u holi. Parhau',
    wait: 'Gofynnwch i bawb yn gyntaf. Yna gallwch barhau.',
    stillTitle: (name) => `Ydy hyn yn dal yn iawn, ${name}?`,
    stillWhy: 'Mae rhywun wedi dod. Darllenwch eu hatebion yn ôl. Cân nhw newid unrhyw un ohonyn nhw.',
    add1: 'Mae hyn yn iawn. Eu hychwanegu',
  },

  joining: {
    link: 'Mae rhywun wedi dod',
    title: 'Mae rhywun arall wedi dod',
    why: [
      'Mae’r hyn a ddywedwyd hyd yma’n perthyn i’r rhai oedd yma.',
      'O hyn ymlaen mae’n rhan newydd, gyda chydsyniad pawb.',
      'Mae pawb yn cael derbynneb newydd ar gyfer y rhan newydd.',
    ],
    action: 'Gofyn i’r person a ddaeth',
    back: 'Mynd yn ôl. Does neb yn ymuno',
    stop: 'Stopiwch y recordiad yn gyntaf. Yna gallwch eu hychwanegu.',
  },

  unfinished: {
    title: 'Roeddech chi’n gofyn am gydsyniad',
    why: (name) => (name ? `Doeddech chi ddim wedi gorffen gyda ${name}. Does dim wedi’i recordio eto.` : 'Doeddech chi ddim wedi gorffen.'),
    goOn: 'Dal ati i ofyn',
    drop: 'Taflu eu hatebion',
    notKept: 'Ni allai’r ffôn gadw’r ateb olaf. Peidiwch â chau Earshot.',
  },
};
