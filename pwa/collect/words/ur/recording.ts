import type { recording as english } from '../en/recording';
import { apart, count, minutes } from './forms';

/** Before and beside a recording: the check, and the moments that are marked. */
export const recording: typeof english = {
  ready: {
    title: 'شروع کرنے سے پہلے',
    why: 'دن میں ایک بار اس فون پر ایک نظر۔',
    skip: 'دیکھے بغیر شروع کریں',
    start: 'بات چیت شروع کریں',
    found: 'ہمیں یہ ملا',
    microphone: {
      title: 'مائیکروفون',
      ask: 'کچھ بولیں، اور لکیروں کو ہلتے دیکھیں۔',
      try: 'مائیکروفون آزمائیں',
      asking: 'فون پوچھتا ہے کہ کیا Earshot مائیکروفون استعمال کر سکتا ہے۔ ہاں کہیں۔',
      waiting: 'ابھی کچھ سنائی نہیں دیا۔ فون کے قریب کچھ بولیں۔',
      heard: 'ہم آپ کو سن سکتے ہیں۔',
    },
    room: {
      title: 'آواز کے لیے جگہ',
      enough: (left) => `${roughly(left)} کی ریکارڈنگ کی جگہ ہے۔`,
      little: (left) => `صرف ${roughly(left)} کی جگہ ہے۔ جو باقی ہے اسے بھیجیں، یا کچھ جگہ بنائیں۔`,
      none: 'جگہ نہیں رہی۔ پہلے کچھ جگہ بنائیں۔',
      unknown: 'یہ فون نہیں بتاتا کہ کتنی جگہ باقی ہے۔',
    },
    storage: {
      title: 'حفاظت سے رکھنا',
      kept: 'فون نے وعدہ کیا ہے کہ جو آپ ریکارڈ کریں گے اسے رکھے گا۔',
      not_promised: 'فون نے وعدہ نہیں کیا کہ جو آپ ریکارڈ کریں گے اسے رکھے گا۔ اسے جلد بھیجیں، اور براؤزر کا ڈیٹا صاف نہ کریں۔',
      ask: 'فون سے کہیں کہ اسے رکھے',
      refused: 'فون نے ابھی نہیں کہا۔ Earshot کو ہوم اسکرین پر لگانے سے اکثر مدد ملتی ہے۔',
    },
    battery: {
      title: 'بیٹری',
      enough: (percent, charging) => `${percent}% بھری ہے${charging ? '، اور چارج ہو رہی ہے' : ''}۔`,
      low: (percent) => `صرف ${percent}% بھری ہے۔ ہو سکے تو چارج پر لگائیں۔`,
      unknown: 'یہ فون نہیں بتاتا۔ شروع کرنے سے پہلے دیکھ لیں۔',
    },
    sent: {
      title: 'اب تک بھیجا گیا',
      all: 'سب بھیجا جا چکا ہے۔',
      waiting: (n) => count(n, { one: '# کہانی صرف اس فون پر ہے۔', other: '# کہانیاں صرف اس فون پر ہیں۔' }),
      last: (when) => `Earshot نے آخری بار جواب دیا: ${apart(when)}۔`,
      never: 'Earshot نے ابھی اس فون کو جواب نہیں دیا۔',
    },
  },

  install: {
    title: 'پہلے Earshot کو اپنی ہوم اسکرین پر لگائیں',
    why: 'براؤزر کے ٹیب میں، ایک ہفتہ استعمال نہ ہو تو یہ فون آپ کی ریکارڈنگ مٹا سکتا ہے۔ ہوم اسکرین پر یہ اسے رکھتا ہے۔',
    steps: [
      'براؤزر کا شیئر بٹن دبائیں: ایک چوکور جس میں تیر ہے۔',
      '”ہوم اسکرین میں شامل کریں“ (Add to Home Screen) چنیں۔',
      'وہاں سے Earshot کھولیں، اور ایک بار پھر سائن ان کریں۔',
    ],
    home: 'واپس جائیں',
    anyway: 'پھر بھی آزمائیں',
    anywayWhy: 'اگر آپ یہاں ریکارڈ کریں تو آج ہی سب بھیج دیں۔',
  },

  marks: {
    promptHint: 'جب آپ سوال پوچھیں تو اسے دبائیں، تاکہ اس لمحے پر نشان لگے۔',
    marked: (time) => `${time} پر نشان لگا`,
    markedPrompt: (time) => `${time} پر سوال کا نشان لگا`,
    notMarked: 'نشان نہیں رکھا جا سکا۔ ریکارڈنگ جاری ہے۔',
    undo: 'واپس کریں',
    about: 'یہ کس بارے میں ہے؟',
    noTheme: 'کوئی موضوع نہیں',
    count: (n) => count(n, { one: '# لمحے پر نشان', other: '# لمحوں پر نشان' }),
  },
};

function roughly(left: number): string {
  if (left < 120) return `تقریباً ${minutes(left)}`;
  const hours = Math.floor(left / 60);
  return hours >= 24 ? 'ایک دن سے زیادہ' : `تقریباً ${count(hours, { other: '# گھنٹے' })}`;
}
