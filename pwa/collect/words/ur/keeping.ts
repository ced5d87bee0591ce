import type { Content } from '../../domain/consent-decision';
import type { keeping as english } from '../en/keeping';
import { shortened } from '../shortened';
import { apart, count, dayAndTime, list, spokenLength } from './forms';

const CONTENTS: Record<Content, string> = {
  audio: 'ان کی آواز', words: 'ان کے لکھے ہوئے الفاظ', quote: 'اقتباس', photo: 'تصویریں',
};

/** Finishing a story, its receipt, and what is on the phone. */
export const keeping: typeof english = {
  finish: {
    title: 'کیا یہ سب کچھ ہے؟',
    captured: 'آپ نے جو جمع کیا',
    nothing: 'کچھ جمع نہیں ہوا۔ ان کے جواب محفوظ ہیں اور بھیج دیے جائیں گے۔',
    next: 'اب کیا ہوگا',
    nextSteps: [
      'یہ اس فون پر محفوظ ہے۔',
      'جب Earshot سے رابطہ ہوگا تو بھیج دی جائے گی۔',
      'یہ صرف ان لوگوں تک جائے گی جنہیں انہوں نے ہاں کہا۔',
    ],
    reachTitle: 'کس کو کیا مل سکتا ہے',
    audiences: {
      commissioners: 'سروس کی منصوبہ بندی کرنے والے',
      board: 'بورڈ',
      publication: 'چھپی ہوئی چیزیں، نام کے بغیر',
    },
    canHave: (contents) => list.format(contents.map((one) => CONTENTS[one])),
    canHaveNothing: 'کچھ نہیں',
    action: 'یہ کہانی مکمل کریں',
    more: 'نہیں، واپس جائیں',
  },

  receipt: {
    title: 'انہیں ان کی رسید دیں',
    why: 'اس کوڈ سے وہ دیکھ سکتے ہیں کہ ان کی کہانی کا کیا ہوا، اور اسے واپس کیسے لیں۔ انہیں اکاؤنٹ کی ضرورت نہیں۔',
    how: 'انہیں اس کی تصویر لینے دیں، یا کوڈ ان کے لیے لکھ دیں۔',
    qr: (link) => `QR کوڈ: ${apart(link)}`,
    titleFor: (name) => `${apart(name)} کی رسید`,
    of: (n, of) => `رسید ${n}، کل ${of}`,
    other: 'جو اسے دیکھ نہیں سکتے وہ سن سکتے ہیں۔ جو سن نہیں سکتے وہ بڑے حروف نقل کر سکتے ہیں۔',
    spoken: (place, groups) => [
      `${place} پر جائیں۔`,
      'کوڈ یہ ہے:',
      ...groups.map((group) => `${[...group].join('، ')}۔`),
      'اسے اپنے پاس رکھیں۔ آپ سے کہانی میں آپ کا نام پوچھا جائے گا۔',
    ],
    next: (name) => `اگلی: ${apart(name)} کی رسید`,
    code: 'ان کا کوڈ',
    at: (place) => `استعمال کرنے کے لیے ${apart(place)} پر جائیں`,
    asked: 'اسے اپنے پاس رکھیں۔ آپ سے کہانی میں آپ کا نام پوچھا جائے گا۔',
    print: 'پرنٹ کریں',
    done: 'ہو گیا',
  },

  part: {
    name: (part) => {
      if (part.kind === 'recording') return `ریکارڈنگ، ${spokenLength(part.durationMs ?? 0)}`;
      if (part.kind === 'photo') return part.description ? `تصویر: ${apart(part.description)}` : 'بغیر وضاحت کی تصویر';
      return `اقتباس: ”${apart(shortened(part.text ?? ''))}“`;
    },
    sending: (percent) => `${percent}% بھیجا گیا`,
    lostMarks: (n) =>
      count(n, { one: 'اس کا # نشان پڑھا نہیں جا سکا۔', other: 'اس کے # نشان پڑھے نہیں جا سکے۔' }) + ' آواز محفوظ ہے۔',
    states: {
      open: 'ابھی ریکارڈ ہو رہا ہے',
      waiting: 'صرف اس فون پر ہے',
      sending: 'بھیجا جا رہا ہے',
      stored: 'بھیج کر جانچ لیا گیا',
      refused: 'صرف اس فون پر ہے',
      needs_sign_in: 'سائن ان کرنے تک صرف اس فون پر ہے',
    },
  },

  remove: {
    action: 'اس فون سے مٹائیں',
    title: (what) => `اسے مٹا دیں؟ ${what}`,
    why: 'مٹانے کے بعد یہ واپس نہیں آ سکتا۔ کہانی کا باقی حصہ رہے گا۔',
    sure: 'ہاں، مٹا دیں',
    no: 'نہیں، رکھیں',
    notDone: 'یہ نہیں مٹا',
  },

  outbox: {
    title: 'اس فون پر کیا ہے',
    empty: 'ابھی یہاں کوئی کہانی نہیں ہے۔',
    offline: 'ابھی رابطہ نہیں ہے۔ جو باقی ہے وہ رابطہ ہونے پر بھیج دیا جائے گا۔',
    lastChecked: (iso) => `Earshot نے آخری بار جواب دیا: ${dayAndTime.format(new Date(iso))}۔`,
    neverChecked: 'Earshot نے ابھی اس فون کو جواب نہیں دیا۔',
    tryNow: 'ابھی کوشش کریں',
    sendingNow: 'ابھی بھیجا جا رہا ہے۔',
    retry: 'یہ دوبارہ آزمائیں',
    open: 'کہانی کھولیں',
    receipt: 'رسید دکھائیں',
    needs: (what) => `آپ کی ضرورت ہے: ${what}`,
    storyStates: {
      only_here: (sent, of) => `صرف اس فون پر ہے۔ ${of} میں سے ${sent} حصے بھیجے گئے`,
      sending: (sent, of) => `بھیجا جا رہا ہے۔ ${of} میں سے ${sent} حصے بھیجے گئے`,
      stored: () => 'بھیج کر جانچ لی گئی',
      needs_attention: (sent, of) => `آپ کی ضرورت ہے۔ ${of} میں سے ${sent} حصے بھیجے گئے`,
      needs_sign_in: (sent, of) => `سائن ان کرنے تک صرف اس فون پر ہے۔ ${of} میں سے ${sent} حصے بھیجے گئے`,
    },
    waitingStories: 'ابھی پوری نہیں بھیجی گئیں',
    sentStories: 'بھیج کر جانچ لی گئیں',
  },
};
