// A short name from a title, by the same rules as learningcities/text/slugs.py: what a form fills in is what a file gets.
"use strict";

{
  const table = (...lines) => Object.fromEntries(lines.join(" ").split(" ").map((pair) => pair.split("=")));
  const LATIN = table(
    "æ=ae œ=oe ß=ss ø=o ł=l đ=d ð=d þ=th ħ=h ı=i ŋ=ng ŧ=t ƀ=b ɓ=b ɗ=d ɖ=d ƒ=f ɣ=gh ɛ=e ə=e ɔ=o",
    "٠=0 ١=1 ٢=2 ٣=3 ٤=4 ٥=5 ٦=6 ٧=7 ٨=8 ٩=9",
    "۰=0 ۱=1 ۲=2 ۳=3 ۴=4 ۵=5 ۶=6 ۷=7 ۸=8 ۹=9"
  );
  const CONSONANTS = table(
    "ب=b ت=t ث=th ج=j ح=h خ=kh د=d ذ=dh ر=r ز=z س=s ش=ch ص=s ض=d ط=t ظ=z غ=gh ف=f ق=q ك=k ل=l م=m ن=n ه=h",
    "پ=p چ=tch ژ=j گ=g ڤ=v ڨ=g ڭ=g ک=k"
  );
  const VOWELS = table("ا=a أ=a آ=a ٱ=a إ=i ى=a ئ=i ؤ=ou َ=a ُ=ou ِ=i");
  const HALF_VOWELS = table("و=ou/w ي=i/y ی=i/y");
  const ARTICLES = table("وال=wal- بال=bil- فال=fal- كال=kal- ال=al- لل=lil-");
  const WORDS = table("ابن=ibn بن=ben في=fi من=min عن=an على=ala إلى=ila و=wa سلا=sala");
  const ARABIC_WORD = /[\u0621-\u063a\u0640-\u0655\u0670-\u06d3]+/g;
  const SILENT = /[\u0621\u0640\u064b-\u064d\u0651-\u0655\u0670]/g;
  const has = (table, key) => Object.hasOwn(table, key);

  const slugOf = (text, length) => {
    const latin = text.normalize("NFKC").toLowerCase().replace(ARABIC_WORD, (word) => ` ${romanized(word)} `);
    const letters = [...latin].map((letter) => (has(LATIN, letter) ? LATIN[letter] : letter)).join("");
    const plain = letters.normalize("NFKD").replace(/\p{M}/gu, "");
    const trimmed = (slug) => slug.replace(/^-+|-+$/g, "");
    return trimmed(trimmed(plain.replace(/[^a-z0-9]+/g, "-")).slice(0, length));
  };

  const romanized = (written) => {
    const word = written.replace(SILENT, "");
    if (has(WORDS, word)) {
      return WORDS[word];
    }
    const article = Object.keys(ARTICLES).find((one) => word.startsWith(one) && word.length > one.length + 1) || "";
    return (ARTICLES[article] || "") + voiced(sounds(word.slice(article.length)));
  };

  const sounds = (word) => {
    const found = [];
    for (let place = 0; place < word.length; place += 1) {
      const letter = word[place];
      const afterVowel = found.length > 0 && found[found.length - 1][1];
      const beforeVowel = has(VOWELS, word[place + 1]) || word[place + 1] === "ة";
      if (has(HALF_VOWELS, letter)) {
        const isVowel = found.length > 0 && !afterVowel && !beforeVowel;
        found.push([HALF_VOWELS[letter].split("/")[isVowel ? 0 : 1], isVowel]);
      } else if (has(VOWELS, letter)) {
        found.push([VOWELS[letter], true]);
      } else if (letter === "ة") {
        found.push(afterVowel && word[place - 1] === "ا" ? ["t", false] : ["a", true]);
      } else if (letter === "ع" && !beforeVowel) {
        found.push(["a", true]);
      } else if (has(CONSONANTS, letter)) {
        found.push([CONSONANTS[letter], false]);
      }
    }
    return found;
  };

  const voiced = (found) => {
    let text = "";
    let group = [];
    let begins = true;
    for (const [sound, isVowel] of [...found, ["", true]]) {
      if (!isVowel) {
        group.push(sound);
        continue;
      }
      if (begins && group.length > 1) {
        text += `${group.shift()}a`;
      }
      if (!sound && group.length > 1 && group[0] !== "y") {
        text += `${group.splice(0, group.length - 1).join("")}a`;
      } else if (group.length > 2) {
        text += `${group.splice(0, 2).join("")}a`;
      }
      text += group.join("") + sound;
      group = [];
      begins = false;
    }
    return text;
  };

  // A short name that nobody has written follows the first title that is there, in whichever language.
  const follow = (field) => {
    const titles = field.dataset.slugOf.split(" ").map((name) => field.form.elements[name]).filter(Boolean);
    const fill = () => {
      field.value = slugOf(titles.map((title) => title.value).find(Boolean) || "", field.maxLength - 10);
    };
    titles.forEach((title) => title.addEventListener("input", fill));
    field.addEventListener("input", () => titles.forEach((title) => title.removeEventListener("input", fill)));
  };

  document.addEventListener("DOMContentLoaded", () => {
    [...document.querySelectorAll("[data-slug-of]")].filter((field) => !field.value).forEach(follow);
  });

  window.slugOf = slugOf;
}
