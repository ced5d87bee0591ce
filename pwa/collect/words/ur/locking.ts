import type { locking as english } from '../en/locking';
import type { Unfinished } from '../fallback';
import { apart, count, minutes, seconds } from './forms';

/** The phone's own lock, signing out, and deleting everything. */
export const locking: Unfinished<typeof english> = {
  setUpLock: {
    title: 'Earshot کے لیے PIN چنیں',
    why: 'اس فون پر کہانیاں اس PIN کے ساتھ رکھی جاتی ہیں۔ اگر فون کھو جائے تو اس کے بغیر کوئی انہیں پڑھ یا سن نہیں سکتا۔',
    label: 'نیا PIN یا پاس ورڈ',
    hint: 'کم از کم 6 ہندسے، ترتیب میں نہیں، یا 8 حروف۔ فون والا PIN نہیں۔',
    again: 'وہی ایک بار پھر',
    againHint: 'تاکہ لکھنے کی بھول سے آپ باہر نہ رہ جائیں۔',
    different: 'یہ دونوں ایک جیسے نہیں ہیں۔ ایک بار پھر لکھیں۔',
    action: 'یہ PIN استعمال کریں',
    working: 'تالا لگ رہا ہے۔ اس میں ذرا وقت لگتا ہے',
    show: 'جو میں لکھوں وہ دکھائیں',
  },

  unlock: {
    title: 'Earshot کا تالا کھولیں',
    why: 'اس فون پر جو ہے وہ تالے میں ہے۔ اسے پڑھنے، سننے یا بھیجنے کے لیے تالا کھولیں۔',
    label: 'آپ کا PIN یا پاس ورڈ',
    hint: 'وہی جو آپ نے اس فون پر Earshot کے لیے چنا تھا۔',
    action: 'تالا کھولیں',
    working: 'تالا کھل رہا ہے۔ اس میں ذرا وقت لگتا ہے',
    wait: (milliseconds) => {
      const whole = Math.ceil(milliseconds / 1000);
      const left = whole < 90 ? seconds(whole) : minutes(Math.ceil(whole / 60));
      return `کئی بار غلط PIN لکھا گیا۔ ${left} بعد دوبارہ کوشش کریں۔ کچھ ضائع نہیں ہوا۔`;
    },
    forgotten: 'مجھے PIN معلوم نہیں',
    lockedTitle: 'Earshot پر تالا لگا ہے',
    lockedWhy: 'آپ بات چیت شروع کر سکتے ہیں۔ یہاں جو ہے اسے دیکھنے اور بھیجنے کے لیے تالا کھولیں۔',
  },

  forgotten: {
    title: 'نیا PIN چنیں',
    why: 'کچھ ضائع نہیں ہوا۔ آپ کے Earshot پاس ورڈ سے سرور یہ فون دوبارہ کھول سکتا ہے۔ اس کے لیے رابطہ چاہیے۔',
    password: 'آپ کا Earshot پاس ورڈ',
    passwordHint: 'وہی جس سے آپ سائن ان کرتے ہیں۔',
    action: 'نئے PIN سے کھولیں',
    back: 'PIN دوبارہ آزمائیں',
  },

  changePin: {
    title: 'PIN بدلیں',
    now: 'آپ کا ابھی کا PIN',
    nowHint: 'تاکہ کوئی اور اسے نہ بدل سکے۔',
    action: 'بدلیں',
    done: 'PIN بدل گیا ہے',
  },

  signOut: {
    title: 'اس فون پر سائن آؤٹ کریں',
    action: 'سائن آؤٹ کریں',
    allSent: 'سب بھیجا جا چکا ہے۔ جو ابھی یہاں ہے وہ اس فون پر تالے میں رہے گا۔',
    waiting: (n) =>
      count(n, {
        one: '# کہانی صرف اس فون پر ہے۔ یہ یہاں تالے میں رہے گی، اور جب آپ اس فون پر دوبارہ سائن ان کریں گے تب بھیجی جائے گی۔',
        other: '# کہانیاں صرف اس فون پر ہیں۔ یہ یہاں تالے میں رہیں گی، اور جب آپ اس فون پر دوبارہ سائن ان کریں گے تب بھیجی جائیں گی۔',
      }),
    sendFirst: 'دیکھیں کیا نہیں بھیجا گیا',
    stay: 'سائن ان رہیں',
    failed: 'آپ ابھی سائن ان ہیں: Earshot سے رابطہ نہیں ہو سکا۔ رابطہ ہونے پر دوبارہ کوشش کریں۔',
    destroyLink: 'اس فون سے سب کچھ مٹائیں',
  },

  destroy: {
    title: 'اس فون سے سب کچھ مٹائیں',
    why: 'کہانیاں، ریکارڈنگز، تصویریں اور PIN اس فون سے مٹا دیے جاتے ہیں۔ جو بھیجا گیا وہ سرور پر رہتا ہے۔',
    waiting: (n) =>
      count(n, {
        one: '# کہانی نہیں بھیجی گئی۔ یہ کسی اور کے پاس نہیں ہے۔ مٹانے کے بعد یہ واپس نہیں آ سکتی۔',
        other: '# کہانیاں نہیں بھیجی گئیں۔ یہ کسی اور کے پاس نہیں ہیں۔ مٹانے کے بعد یہ واپس نہیں آ سکتیں۔',
      }),
    nothingWaits: 'یہاں جو کچھ ہے سب بھیجا جا چکا ہے۔',
    word: 'مٹائیں',
    label: (word) => `آگے جانے کے لیے لکھیں: ${apart(word)}`,
    hint: 'بالکل اسی طرح لکھیں۔',
    wrong: (word) => `آگے جانے کے لیے ${apart(word)} لکھیں، یا سب کچھ رکھیں۔`,
    action: 'سب کچھ مٹا دیں',
    keep: 'سب کچھ رکھیں',
  },

  thisPhone: {
    title: 'یہ فون',
    link: 'یہ فون: تالا، PIN، سائن آؤٹ',
    signedInAs: (name) => `${apart(name)} کے نام سے سائن ان ہیں۔`,
    lockNow: 'Earshot پر ابھی تالا لگائیں',
  },
};
